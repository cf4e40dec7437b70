"""Where the signing keys come from: a file, a URL, or the issuer's metadata."""

import asyncio
from pathlib import Path
from typing import Protocol, TypeAlias

from adapters.oauth.http_documents import (
    MAX_DOCUMENT_BYTES,
    DocumentUnusable,
    HttpDocuments,
    IssuerUnavailable,
    require_http_url,
)


class KeySource(Protocol):
    """A place that publishes a JSON Web Key Set. Constructing one opens nothing."""

    def changed(self) -> bool:
        """Tell whether a fetch is known to give something new. Cheap: it is asked for every token."""
        ...

    async def fetch(self) -> bytes:
        """Give the JSON Web Key Set as published now. Raises `IssuerUnavailable`.

        `CachedSigningKeys` bounds the time of a whole fetch, of however many requests.
        """
        ...

    async def aclose(self) -> None:
        """Close what fetching has opened."""
        ...


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


class JwksUrl(KeySource):
    """A URL that answers with a JSON Web Key Set: https://www.rfc-editor.org/rfc/rfc7517#section-5 ."""

    def __init__(self, url: str) -> None:
        """Take the URL. Raises `ValueError` if it is not an http or https URL."""
        self._url = require_http_url(url)
        self._documents = HttpDocuments()

    def changed(self) -> bool:
        """Tell nothing: only a fetch shows what a server publishes."""
        return False

    async def fetch(self) -> bytes:
        """Ask the server. Raises `IssuerUnavailable`."""
        return await self._documents.get(self._url)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

"""Sources of signing keys: a file and a URL. `adapters.oauth.issuer` has the issuer's metadata."""

import asyncio
from pathlib import Path
from typing import Protocol, TypeAlias

from adapters.oauth.http_documents import (
    MAX_DOCUMENT_BYTES,
    DocumentUnusable,
    HttpDocuments,
    IssuerUnavailable,
    require_http_url,
    without_byte_order_mark,
)


class KeySource(Protocol):
    """Publishes a JSON Web Key Set. The constructor opens nothing."""

    def changed(self) -> bool:
        """Return True if a fetch would certainly give other keys. This is cheap: each token asks."""
        ...

    async def fetch(self) -> bytes:
        """Fetch the JSON Web Key Set as published now. Raises `IssuerUnavailable`.

        `CachedSigningKeys` limits the time of a whole fetch, which may take several requests.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


_Version: TypeAlias = tuple[int, int, int]


class JwksFile(KeySource):
    """A file that holds a JSON Web Key Set. The service reads it again as soon as it changes.

    Replace it by a rename while the service runs. While a file is half-written, the cached keys stay in use.
    """

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self._path = path
        self._fetched: _Version | None = None

    def changed(self) -> bool:
        """Return True if the file has changed since the last fetch, even a failed one."""
        return self._version() != self._fetched

    async def fetch(self) -> bytes:
        """Read the file. Raises `IssuerUnavailable` if it is missing, unreadable or too large."""
        self._fetched = self._version()
        try:
            document = await asyncio.to_thread(self._read)
        except OSError as error:
            raise IssuerUnavailable("the key file cannot be read") from error
        if len(document) > MAX_DOCUMENT_BYTES:
            raise DocumentUnusable("the key file is too large")
        return without_byte_order_mark(document)

    async def aclose(self) -> None:
        """Do nothing: each read closes the file."""

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
        """Open nothing. Raises `ValueError` if this is not an http or https URL."""
        self._url = require_http_url(url)
        self._documents = HttpDocuments()

    def changed(self) -> bool:
        """Return False: only a fetch shows whether the keys have changed."""
        return False

    async def fetch(self) -> bytes:
        """Read the key set from the server. Raises `IssuerUnavailable`."""
        return await self._documents.get(self._url)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

"""Signing keys at a URL."""

from adapters.oauth.http_documents import HttpDocuments, require_http_url
from adapters.oauth.key_source import KeySource


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

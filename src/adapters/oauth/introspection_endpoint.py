"""Where the issuer tells what it knows of an access token."""

from urllib.parse import quote_plus

import httpx

from adapters.oauth.client_secret import ClientSecret
from adapters.oauth.http_documents import HttpDocuments


class IntrospectionEndpoint:
    """A server of https://www.rfc-editor.org/rfc/rfc7662 , and this service as a client of it."""

    def __init__(self, url: str, client_id: str, client_secret: ClientSecret) -> None:
        """Take the endpoint and the credentials. Opens nothing."""
        self._url = url
        self._client_id = client_id
        self._client_secret = client_secret
        self._documents = HttpDocuments()

    async def ask(self, access_token: str) -> bytes:
        """Ask what the token is, and give the answer as it comes. Raises `IssuerUnavailable`.

        The token goes into the body and not into the URL, which servers log:
        https://www.rfc-editor.org/rfc/rfc7662#section-2.1 .
        """
        form = {"token": access_token, "token_type_hint": "access_token"}
        return await self._documents.post(httpx.URL(self._url), form, self._credentials())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._documents.aclose()

    def _credentials(self) -> httpx.BasicAuth:
        """Write id and secret as https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 has it."""
        return httpx.BasicAuth(quote_plus(self._client_id), quote_plus(self._client_secret.text))

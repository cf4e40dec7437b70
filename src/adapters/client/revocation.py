"""Asks the service to revoke invitations, with FHIR over HTTP."""

from collections.abc import Sequence

import httpx
from msgspec import DecodeError, json
from returns.result import Failure, Result, Success

from adapters.client.access_tokens import AccessTokens
from adapters.client.fhir_operation import (
    MEDIA_TYPE,
    TRANSIENT,
    RemoteAddress,
    refusal_text,
    retry_after_seconds,
)
from adapters.fhir.invitation_answers import read_revocation, revocation_request
from adapters.fhir.invitation_operations import REVOKE_INVITATIONS
from adapters.fhir.parameters import Parameters
from application.ports.mailing import (
    NoAnswer,
    NotAnswered,
    RateLimited,
    Refused,
    RemoteRevocation,
    RevokedRemotely,
)
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.invitations import RequestId, RevocationReason
from domain.results import failed


class FhirRevocation(RemoteRevocation):
    """Sends revoke-invitations, and reads the answers."""

    def __init__(
        self, client: httpx.AsyncClient, address: RemoteAddress, access_tokens: AccessTokens
    ) -> None:
        """Call the service at `address` with an HTTP client."""
        self._client = client
        self._address = address
        self._access_tokens = access_tokens
        operation = f"{REVOKE_INVITATIONS.resource}/${REVOKE_INVITATIONS.code}"
        self._url = f"{address.url.rstrip('/')}/{operation}"

    async def revoke(
        self, named: RequestId | Sequence[PatientIdentifier], reason: RevocationReason
    ) -> Result[RevokedRemotely, NoAnswer]:
        """Send one request."""
        token = await self._access_tokens.current()
        if failed(token):
            return Failure(token.failure())
        headers = {
            "Authorization": f"Bearer {token.unwrap()}",
            "X-Org-Public-Id": self._address.organisation,
            "Content-Type": MEDIA_TYPE,
            "Accept": MEDIA_TYPE,
        }
        body = json.encode(revocation_request(named, reason))
        try:
            response = await self._client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return Failure(NotAnswered(f"no answer from the service ({type(error).__name__})"))
        return _read(response)


def _read(response: httpx.Response) -> Result[RevokedRemotely, NoAnswer]:
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Failure(RateLimited(retry_after_seconds(response)))
    if response.status_code in TRANSIENT:
        problem = f"the service answers with status {response.status_code}"
        return Failure(NotAnswered(problem, retry_after_seconds(response)))
    if response.status_code != httpx.codes.OK:
        return Failure(refusal_text(response.status_code, response.content))
    try:
        count, identifiers = read_revocation(json.decode(response.content, type=Parameters))
        redeemed = [PatientIdentifier(IdentifierSystem(each.system), each.value) for each in identifiers]
    except (DecodeError, ValueError):
        return Failure(Refused("the service gives an answer that does not fit the operation"))
    return Success(RevokedRemotely(count, redeemed))

"""Asks the service to revoke invitations, with FHIR over HTTP."""

from collections.abc import Sequence

import httpx
from msgspec import DecodeError, json
from returns.result import Failure, Result, Success

from adapters.client.access_tokens import AccessTokens
from adapters.client.service_calls import MISFIT, RemoteAddress, ServiceCalls
from adapters.fhir.invitation_answers import read_revocation, revocation_request
from adapters.fhir.invitation_operations import REVOKE_INVITATIONS
from adapters.fhir.parameters import Parameters
from application.ports.mailing import NoAnswer, RemoteRevocation, RevokedRemotely
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.invitations import RequestId, RevocationReason


class FhirRevocation(RemoteRevocation):
    """Sends revoke-invitations, and reads the answers."""

    def __init__(
        self, client: httpx.AsyncClient, address: RemoteAddress, access_tokens: AccessTokens
    ) -> None:
        """Call the service at `address` with an HTTP client."""
        self._calls = ServiceCalls(client, address, access_tokens, REVOKE_INVITATIONS)

    async def revoke(
        self, named: RequestId | Sequence[PatientIdentifier], reason: RevocationReason
    ) -> Result[RevokedRemotely, NoAnswer]:
        """Send one request."""
        return (await self._calls.send(revocation_request(named, reason), {})).bind(_read)


def _read(response: httpx.Response) -> Result[RevokedRemotely, NoAnswer]:
    try:
        count, identifiers = read_revocation(json.decode(response.content, type=Parameters))
        redeemed = [PatientIdentifier(IdentifierSystem(each.system), each.value) for each in identifiers]
    except (DecodeError, ValueError):
        return Failure(MISFIT)
    return Success(RevokedRemotely(count, redeemed))

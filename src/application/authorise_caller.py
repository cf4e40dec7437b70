"""Use case: find out who is calling, and whether they may act for the organisation they name."""

from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.access_token_verifier import (
    AccessTokenExpired,
    AccessTokenInvalid,
    AccessTokenVerifier,
)
from application.ports.organisation_grants import OrganisationGrants
from domain.caller import AuthorisedCaller, Caller, Grant
from domain.confidential import Confidential
from domain.organisation import OrganisationId


class AccessRequest(Confidential, frozen=True):
    """What a caller presents: an access token, and the organisation it wants to act for."""

    access_token: str | None
    organisation_id: str | None


class AccessTokenMissing(Struct, frozen=True):
    """The caller presented no access token."""


class ScopeMissing(Struct, frozen=True):
    """The access token does not carry the scope that the operation needs."""

    caller: Caller
    scope: str


class OrganisationMissing(Struct, frozen=True):
    """The caller named no organisation."""

    caller: Caller


class OrganisationMalformed(Struct, frozen=True):
    """What the caller named cannot be an organisation."""

    caller: Caller


class OrganisationForbidden(Struct, frozen=True):
    """The organisation is unknown, or not granted to the caller, who cannot tell which."""

    caller: Caller
    organisation_id: OrganisationId


AccessRefused: TypeAlias = (
    AccessTokenMissing
    | AccessTokenInvalid
    | AccessTokenExpired
    | ScopeMissing
    | OrganisationMissing
    | OrganisationMalformed
    | OrganisationForbidden
)


class AuthoriseCaller:
    """Authorise the caller of an operation.

    - The access token is genuine, in force and meant for this service.
    - It carries the scope of the operation, if the operation needs one.
    - The caller names exactly one organisation, and has a grant to act for it.
    """

    def __init__(
        self, verifier: AccessTokenVerifier, grants: OrganisationGrants, required_scope: str
    ) -> None:
        """`required_scope` may be empty: then none is needed."""
        self._verifier = verifier
        self._grants = grants
        self._required_scope = required_scope

    async def __call__(self, request: AccessRequest) -> Result[AuthorisedCaller, AccessRefused]:
        """Return the authorised caller, or why access is refused. Raises `Unavailable`."""
        if request.access_token is None:
            return Failure(AccessTokenMissing())
        verified = await self._verifier.verify(request.access_token)
        if isinstance(verified, Failure):
            return Failure(verified.failure())
        caller = verified.unwrap()
        if self._required_scope and self._required_scope not in caller.scopes:
            return Failure(ScopeMissing(caller, self._required_scope))
        return await self._authorise_for_organisation(caller, request.organisation_id)

    async def _authorise_for_organisation(
        self, caller: Caller, named: str | None
    ) -> Result[AuthorisedCaller, AccessRefused]:
        if named is None:
            return Failure(OrganisationMissing(caller))
        parsed = OrganisationId.parse(named)
        if isinstance(parsed, Failure):
            return Failure(OrganisationMalformed(caller))
        organisation_id = parsed.unwrap()
        if not await self._grants.includes(Grant(caller.client_id, organisation_id)):
            return Failure(OrganisationForbidden(caller, organisation_id))
        return Success(AuthorisedCaller(caller, organisation_id))

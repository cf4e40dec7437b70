"""Use case: authorise the caller of an operation for the organisation that it names."""

from collections.abc import Mapping
from functools import partial

from returns.result import Failure, Result, Success

from application.authorisation import (
    AccessRefused,
    Authorisation,
    NotAuthorised,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.ports.access import OrganisationGrants
from domain import scopes
from domain.access import AuthorisedCaller, Caller, Grant, Operation
from domain.confidential import Confidential
from domain.organisations import OrganisationId
from domain.results import failed


class AccessRequest(Confidential, frozen=True):
    """The access token that a caller presents, and the organisation that it wants to act for."""

    access_token: str | None
    organisation_id: str | None


class AuthoriseCaller:
    """Authorise the caller of an operation.

    - The access token carries the scope of the operation, if the operation needs one.
    - The caller names exactly one organisation that is not disabled, and has a grant to act for it.
    """

    def __init__(
        self,
        authorisation: Authorisation,
        grants: OrganisationGrants,
        required_scopes: Mapping[Operation, str],
    ) -> None:
        """Let callers in by `authorisation`; an empty required scope means that none is needed."""
        self._authorisation = authorisation
        self._grants = grants
        self._required_scopes = required_scopes

    async def __call__(
        self, operation: Operation, request: AccessRequest
    ) -> Result[AuthorisedCaller, AccessRefused]:
        """Return the authorised caller, or why access is refused. Raises `Unavailable`."""
        return await self._authorisation(
            operation, request.access_token, partial(self._decide, operation, request.organisation_id)
        )

    async def _decide(
        self, operation: Operation, named: str | None, caller: Caller
    ) -> Result[AuthorisedCaller, NotAuthorised]:
        permitted = self._permitted(caller)
        if operation not in permitted:
            return Failure(ScopeMissing(caller, self._required_scopes[operation]))
        if named is None:
            return Failure(OrganisationMissing(caller))
        parsed = OrganisationId.parse(named)
        if failed(parsed):
            return Failure(OrganisationMalformed(caller))
        organisation_id = parsed.unwrap()
        terms = await self._grants.terms(Grant(caller.client_id, organisation_id))
        if terms is None:
            return Failure(OrganisationForbidden(caller, organisation_id))
        return Success(AuthorisedCaller(caller, organisation_id, operation, permitted, terms))

    def _permitted(self, caller: Caller) -> frozenset[Operation]:
        return frozenset(
            operation
            for operation, scope in self._required_scopes.items()
            if scopes.allow(caller.scopes, scope)
        )

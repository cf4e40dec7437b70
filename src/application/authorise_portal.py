"""Use case: authorise the portal that redeems invitations."""

from collections.abc import Mapping
from functools import partial

from returns.result import Failure, Result, Success

from application.authorisation import (
    AccessRefused,
    Authorisation,
    NotAuthorised,
    RedemptionForbidden,
    ScopeMissing,
)
from application.ports.access import RedemptionGrants
from domain import scopes
from domain.access import AuthorisedPortal, Caller, Operation


class AuthorisePortal:
    """Authorise the portal that redeems invitations.

    - The access token carries the scope of the operation, if the operation needs one.
    - The portal has a grant to redeem. It names no organisation, because the code knows its own.
    """

    def __init__(
        self, authorisation: Authorisation, grants: RedemptionGrants, required_scopes: Mapping[Operation, str]
    ) -> None:
        """Let portals in by `authorisation`; an empty required scope means that none is needed."""
        self._authorisation = authorisation
        self._grants = grants
        self._required_scopes = required_scopes

    async def __call__(
        self, operation: Operation, access_token: str | None
    ) -> Result[AuthorisedPortal, AccessRefused]:
        """Return the authorised portal, or why access is refused. Raises `Unavailable`."""
        return await self._authorisation(operation, access_token, partial(self._decide, operation))

    async def _decide(self, operation: Operation, caller: Caller) -> Result[AuthorisedPortal, NotAuthorised]:
        scope = self._required_scopes[operation]
        if not scopes.allow(caller.scopes, scope):
            return Failure(ScopeMissing(caller, scope))
        portal = AuthorisedPortal(caller, operation)
        if not await self._grants.includes(portal.grant):
            return Failure(RedemptionForbidden(caller))
        return Success(portal)

"""Use case: stop a client from acting for an organisation."""

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.grant_register import GrantRegister
from domain.caller import Grant


class GrantUnknown(Struct, frozen=True):
    """The client has no such grant, so nothing was revoked."""


class RevokeAccess:
    """Revoke a grant; invitations already issued stay valid."""

    def __init__(self, grants: GrantRegister) -> None:
        """Take the register of grants."""
        self._grants = grants

    async def __call__(self, grant: Grant) -> Result[Grant, GrantUnknown]:
        """Return the grant that no longer stands. Raises `Unavailable`."""
        if not await self._grants.remove(grant):
            return Failure(GrantUnknown())
        return Success(grant)

"""Callers, their grants, and the operations they call."""

import re
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from domain.organisations import OrganisationId


class Operation(StrEnum):
    """An operation; the value is its code in the interface."""

    GENERATE_INVITATION_TOKENS = "generate-invitation-tokens"
    STATUS_QUERY = "status-query"
    INVITATION_STATUS = "invitation-status"
    REVOKE_INVITATIONS = "revoke-invitations"
    CLAIM_INVITATION = "claim-invitation"
    CONFIRM_REGISTRATION = "confirm-registration"


_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}")


def is_client_id(text: str) -> bool:
    """Return whether a text is a valid client id: 1 to 255 visible ASCII characters.

    https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1 also allows the space, which people overlook.
    """
    return _CLIENT_ID.fullmatch(text) is not None


class Caller(Struct, frozen=True):
    """An authenticated client: its id, and the scopes that its access token carries."""

    client_id: str
    scopes: frozenset[str] = frozenset()


class GrantTerms(Struct, frozen=True):
    """What a grant says about the invitations under it.

    `lifetime_days` is None if they live as long as the service's setting says.
    """

    lifetime_days: int | None = None


class AuthorisedCaller(Struct, frozen=True):
    """A caller that may call the operation on behalf of the organisation.

    `permitted` holds all operations that its scopes allow, `terms` is what its grant says.
    """

    caller: Caller
    organisation_id: OrganisationId
    operation: Operation
    permitted: frozenset[Operation] = frozenset()
    terms: GrantTerms = GrantTerms()

    @property
    def grant(self) -> "Grant":
        """The grant by which the caller acts for the organisation."""
        return Grant(self.caller.client_id, self.organisation_id)


class CallerAlone(Struct, frozen=True):
    """A client that acts for no organisation, for it was refused."""

    client_id: str


class Grant(Struct, frozen=True):
    """The standing permission of a client to act for an organisation."""

    client_id: str
    organisation_id: OrganisationId


class RedemptionGrant(Struct, frozen=True):
    """The standing permission of a portal to redeem invitations, whatever organisation issued them."""

    client_id: str


Charged: TypeAlias = Grant | CallerAlone | RedemptionGrant
"""To what a call is charged."""


class AuthorisedPortal(Struct, frozen=True):
    """A caller that may call the operation, which redeems invitations."""

    caller: Caller
    operation: Operation

    @property
    def grant(self) -> RedemptionGrant:
        """The grant by which the caller redeems invitations."""
        return RedemptionGrant(self.caller.client_id)

    @property
    def organisation_id(self) -> None:
        """None: a portal acts for no organisation; each code knows its own."""
        return

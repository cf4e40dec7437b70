"""Who is calling, on whose behalf, and for which operation."""

import re
from enum import StrEnum

from msgspec import Struct

from domain.organisations import OrganisationId


class Operation(StrEnum):
    """An operation, by the code that callers know it by."""

    GENERATE_INVITATION_TOKENS = "generate-invitation-tokens"
    STATUS_QUERY = "status-query"


_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}")


def is_client_id(text: str) -> bool:
    """Tell whether a client can be called this: 1 to 255 visible ASCII characters.

    Narrower than https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1 by the space, which people overlook.
    """
    return _CLIENT_ID.fullmatch(text) is not None


class Caller(Struct, frozen=True):
    """An authenticated client: its id, and the scopes that its access token carries."""

    client_id: str
    scopes: frozenset[str] = frozenset()


class AuthorisedCaller(Struct, frozen=True):
    """A caller that may carry out the operation on behalf of the organisation.

    `permitted` are all the operations that its scopes allow.
    """

    caller: Caller
    organisation_id: OrganisationId
    operation: Operation
    permitted: frozenset[Operation] = frozenset()

    @property
    def grant(self) -> "Grant":
        """What lets the caller act for the organisation."""
        return Grant(self.caller.client_id, self.organisation_id)


class Grant(Struct, frozen=True):
    """The standing permission of a client to act for an organisation."""

    client_id: str
    organisation_id: OrganisationId

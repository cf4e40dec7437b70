"""Who is calling, and on whose behalf."""

from msgspec import Struct

from domain.organisation import OrganisationId


class Caller(Struct, frozen=True):
    """An authenticated client: its id, and the scopes that its access token carries."""

    client_id: str
    scopes: frozenset[str] = frozenset()


class AuthorisedCaller(Struct, frozen=True):
    """A caller that may act for the organisation."""

    caller: Caller
    organisation_id: OrganisationId


class Grant(Struct, frozen=True):
    """The standing permission of a client to act for an organisation."""

    client_id: str
    organisation_id: OrganisationId

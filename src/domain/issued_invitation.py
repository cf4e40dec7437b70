"""Invitations as they come back from the service, with the address that a patient joins at."""

import re

from domain.confidential import Confidential
from domain.invitation import InvitationToken
from domain.secret_text import is_secret_text

_SCHEMES = ("http://", "https://")
_YEARS = range(2000, 3000)
"""In the first and the last that there are, some moments have no date elsewhere."""
_VISIBLE = re.compile(r"[\x21-\x7e]+")


class IssuedInvitation(Confidential, frozen=True):
    """Code, token and expiry, and the URL that carries the first two, so that nobody has to type them.

    Raises ValueError, whose text repeats nothing of them, when they could not be used together.
    """

    invitation_token: InvitationToken
    join_url: str

    def __post_init__(self) -> None:
        """Refuse what no service issues, and a URL that would bring the patient to something else."""
        secrets = (self.invitation_token.code, self.invitation_token.token)
        if not all(map(is_secret_text, secrets)):
            raise ValueError("code and token are not ten characters of Crockford base 32")
        if self.invitation_token.expires_at.tzinfo is None:
            raise ValueError("the expiry names no time zone")
        if self.invitation_token.expires_at.year not in _YEARS:
            raise ValueError("the expiry is not in this millennium")
        if not (self.join_url.startswith(_SCHEMES) and _VISIBLE.fullmatch(self.join_url)):
            raise ValueError("the join URL is not a web address")
        if not all(secret in self.join_url for secret in secrets):
            raise ValueError("the join URL does not carry the code and the token")

    @property
    def website(self) -> str:
        """Give the address for people to type: without scheme, code and token."""
        return self.join_url.partition("://")[2].partition("?")[0].rstrip("/")

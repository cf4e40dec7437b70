"""Letters that invite patients: their content, and the reasons why a patient gets none."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.invitations import SECRET_LENGTH, IssuedInvitation

_GROUP = SECRET_LENGTH // 2
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class NoLetterReason(StrEnum):
    """Why an invited patient gets no letter."""

    SEVERAL_INVITATIONS = "several-invitations"
    NO_NAME = "no-name"
    NO_ADDRESS = "no-address"
    NOT_FILLED_IN = "not-filled-in"
    EXPIRED = "expired"
    NUMBER_SHOWN = "number-shown"
    CHARACTERS_MISSING = "characters-missing"
    ADDRESS_TOO_LARGE = "address-too-large"
    PAGE_TOO_SMALL = "page-too-small"
    JOIN_URL_TOO_LONG = "join-url-too-long"


class Addressee(Confidential, frozen=True):
    """The recipient of a letter; `address` has its lines from the top, the postcode last."""

    identifiers: tuple[PatientIdentifier, ...]
    name: str
    address: tuple[str, ...]

    @property
    def recipient(self) -> tuple[str, str]:
        """Give name and address as they are compared: without case, spaces and punctuation."""
        return _folded(self.name), _folded("".join(self.address))


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def contradict(recipients: Iterable[tuple[str, str]]) -> bool:
    """Return whether recipients have different names or addresses. An empty one is not different."""
    return any(len({*values} - {""}) > 1 for values in zip(*recipients, strict=True))


class Letter(Confidential, frozen=True):
    """The content of a letter, as the patient reads it. It has neither number nor date of birth."""

    name: str
    address: tuple[str, ...]
    date: str
    code: str
    token: str
    expiry: str
    website: str
    join_url: str


def compose_letter(
    addressee: Addressee, invitation: IssuedInvitation, *, today: date, expires_on: date
) -> Result[Letter, NoLetterReason]:
    """Compose the letter of an invited patient, or return why there is none.

    The dates are those in the United Kingdom. An invitation that expires today expires before its letter
    arrives.
    """
    if not addressee.name:
        return Failure(NoLetterReason.NO_NAME)
    if not addressee.address:
        return Failure(NoLetterReason.NO_ADDRESS)
    if any(map(_is_placeholder, (addressee.name, *addressee.address))):
        return Failure(NoLetterReason.NOT_FILLED_IN)
    if expires_on <= today:
        return Failure(NoLetterReason.EXPIRED)
    if _shows_number(addressee, invitation.join_url):
        return Failure(NoLetterReason.NUMBER_SHOWN)
    letter = Letter(
        name=addressee.name,
        address=addressee.address,
        date=in_words(today),
        code=in_groups(invitation.invitation_token.code),
        token=in_groups(invitation.invitation_token.token),
        expiry=in_words(expires_on),
        website=invitation.website,
        join_url=invitation.join_url,
    )
    return Success(letter)


_SPREADSHEET_ERROR = re.compile(
    r"#(?:n/a|ref!|value!|name\?|div/0!|num!|null!|spill!|calc!|error!|getting_data)|#{2,}", re.IGNORECASE
)
_NOTHING = {"null", "(null)", "<null>"}


def _is_placeholder(text: str) -> bool:
    """Return whether a spreadsheet or a database wrote a text in place of a missing one."""
    words = text.casefold().split()
    return {*words} <= _NOTHING or any(_SPREADSHEET_ERROR.fullmatch(word.strip(",.;")) for word in words)


def in_groups(secret: str) -> str:
    """Write a code or a token in two groups, which are easier to type: 7Q2M9 KXR4D."""
    return f"{secret[:_GROUP]} {secret[_GROUP:]}"


def in_words(day: date) -> str:
    """Write a date as a letter does: 1 January 2027."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _shows_number(addressee: Addressee, join_url: str) -> bool:
    """Return whether a number of the patient would be printed, however its digits are spaced."""
    printed = ["".join(filter(str.isalnum, text)) for text in (addressee.name, *addressee.address, join_url)]
    return any(identifier.value in text for identifier in addressee.identifiers for text in printed)

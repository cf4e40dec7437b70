"""Use case: write the letters with the patients' invitations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from returns.result import Result

from application.ports.mailing import LetterPrinter
from application.ports.system import Clock
from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.invitations import IssuedInvitation
from domain.mailing.letters import Addressee, Letter, NoLetterReason, compose_letter, contradict
from domain.mailing.work_list import BadLine, RepeatedLine
from domain.results import failed


class ListedInvitation(Confidential, frozen=True):
    """An invitation, and the identifier that it was generated for."""

    identifier: PatientIdentifier
    invitation: IssuedInvitation


class ListedAddressee(Confidential, frozen=True):
    """An addressee, and its line in the file."""

    line: int
    addressee: Addressee


class Printed(Struct, frozen=True):
    """A line of the addressees has its letter."""

    line: int


class NotInvited(Struct, frozen=True):
    """The addressee of a line has no invitation."""

    line: int


class NoLetter(Struct, frozen=True):
    """The addressee of a line has an invitation, but gets no letter."""

    line: int
    why: NoLetterReason


class UnreadInvitation(Struct, frozen=True):
    """A line of the invitations could not be read."""

    bad: BadLine


class UnreadAddressee(Struct, frozen=True):
    """A line of the addressees could not be read."""

    bad: BadLine


class Contradiction(Struct, frozen=True):
    """Another line has the same invitation, with another name or address, so neither gets a letter."""

    line: int
    other_line: int


class WithoutLetter(Struct, frozen=True):
    """How many invitations have no letter."""

    invitations: int


LineOutcome: TypeAlias = Printed | NotInvited | NoLetter | Contradiction | RepeatedLine | UnreadAddressee
Outcome: TypeAlias = LineOutcome | UnreadInvitation | WithoutLetter


class _InvitedLine(Confidential, frozen=True):
    """An addressee, and the invitations that the identifiers of its line lead to."""

    line: int
    addressee: Addressee
    invitations: Sequence[IssuedInvitation]


class WriteLetters:
    """Write a letter for each addressee who is invited, in the order of the addressees.

    - An addressee without an invitation gets no letter, and an invitation without an addressee is not sent.
    - Of several invitations of an identifier, the one that expires last counts.
    - A line whose identifiers lead to different invitations gets no letter: one of them is another patient's.
    - Lines with the same invitation get one letter, or none if they differ in name or address.
    - A letter that cannot be written is reported with its line; all others are written.

    So the order of invitations and addressees changes no letter.
    """

    def __init__(self, printer: LetterPrinter, clock: Clock) -> None:
        """Print the letters by `printer`."""
        self._printer = printer
        self._clock = clock

    def __call__(
        self,
        invitations: Iterable[Result[ListedInvitation, BadLine]],
        addressees: Iterable[Result[ListedAddressee, BadLine]],
    ) -> Iterator[Outcome]:
        """Write the letters, and give the outcome of each line.

        The invitations are held in memory, and so is each addressee who has one: a letter is written when
        all lines are known.
        """
        current: dict[PatientIdentifier, IssuedInvitation] = {}
        for each in invitations:
            if failed(each):
                yield UnreadInvitation(each.failure())
            else:
                listed = each.unwrap()
                rivals = filter(None, (current.get(listed.identifier), listed.invitation))
                current[listed.identifier] = max(rivals, key=_by_expiry)
        lines = [_look_up(each, current) for each in addressees]
        recipients = _recipients(lines)
        contradictory = {code for code, first_lines in recipients.items() if contradict(first_lines)}
        letters: dict[str, int] = {}
        for line in lines:
            if not isinstance(line, _InvitedLine):
                yield line
            elif len(line.invitations) > 1:
                yield NoLetter(line.line, NoLetterReason.SEVERAL_INVITATIONS)
            elif (code := _code(line.invitations[0])) in contradictory:
                yield Contradiction(line.line, _other_line(line, recipients[code]))
            else:
                yield self._write(line.line, line.addressee, line.invitations[0], letters)
        yield WithoutLetter(len({*map(_code, current.values())} - letters.keys()))

    def _write(
        self, line: int, addressee: Addressee, invitation: IssuedInvitation, letters: dict[str, int]
    ) -> LineOutcome:
        """Write a letter, unless `letters`, which has the line of each code, has one already."""
        code = _code(invitation)
        if code in letters:
            return RepeatedLine(line, letters[code])
        written = self._compose(addressee, invitation).bind(self._printer.add)
        if failed(written):
            return NoLetter(line, written.failure())
        letters[code] = line
        return Printed(line)

    def _compose(self, addressee: Addressee, invitation: IssuedInvitation) -> Result[Letter, NoLetterReason]:
        expires_on = self._clock.day_of(invitation.invitation_token.expires_at)
        return compose_letter(addressee, invitation, today=self._clock.today(), expires_on=expires_on)


def _look_up(
    line: Result[ListedAddressee, BadLine], current: Mapping[PatientIdentifier, IssuedInvitation]
) -> _InvitedLine | NotInvited | UnreadAddressee:
    if failed(line):
        return UnreadAddressee(line.failure())
    number, addressee = line.unwrap().line, line.unwrap().addressee
    found = [current[each] for each in addressee.identifiers if each in current]
    # code and token are the invitation: the same two may come with several join URLs
    distinct = {(_code(each), each.invitation_token.token): each for each in found}
    return _InvitedLine(number, addressee, [*distinct.values()]) if distinct else NotInvited(number)


_Recipients: TypeAlias = Mapping[tuple[str, str], int]
"""Each name and address, and the first line that has them."""


def _recipients(lines: Iterable[LineOutcome | _InvitedLine]) -> Mapping[str, _Recipients]:
    """Give the recipients of each code, also by lines that get no letter."""
    recipients: dict[str, dict[tuple[str, str], int]] = {}
    for line in lines:
        if isinstance(line, _InvitedLine):
            for invitation in line.invitations:
                recipients.setdefault(_code(invitation), {}).setdefault(line.addressee.recipient, line.line)
    return recipients


def _other_line(line: _InvitedLine, recipients: _Recipients) -> int:
    own = line.addressee.recipient
    return next(first_line for recipient, first_line in recipients.items() if recipient != own)


def _code(invitation: IssuedInvitation) -> str:
    return invitation.invitation_token.code


def _by_expiry(invitation: IssuedInvitation) -> tuple[datetime, str, str, str]:
    token = invitation.invitation_token
    return token.expires_at, token.code, token.token, invitation.join_url

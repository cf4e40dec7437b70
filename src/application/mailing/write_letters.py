"""Use case: write the letters with the patients' invitations."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from returns.result import Result

from application.ports.mailing import LetterPrinter
from application.ports.system import Clock
from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier
from domain.invitations import IssuedInvitation
from domain.mailing.letters import Addressee, Letter, NoLetterReason, compose_letter
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


class WithoutAddressee(Struct, frozen=True):
    """How many invitations belong to no addressee."""

    invitations: int


LineOutcome: TypeAlias = Printed | NotInvited | NoLetter | RepeatedLine | UnreadAddressee
Outcome: TypeAlias = LineOutcome | UnreadInvitation | WithoutAddressee


class WriteLetters:
    """Write a letter for each addressee who is invited, in the order of the addressees.

    - An addressee without an invitation gets no letter, and an invitation without an addressee is not sent.
    - Of several invitations of an addressee, the one that expires last is sent.
    - Lines with the same invitation, by one identifier of the patient or by two, get one letter.
    - A letter that cannot be written is reported with its line; all others are written.
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

        The invitations are held in memory, the addressees are not.
        """
        longest: dict[PatientIdentifier, IssuedInvitation] = {}
        for each in invitations:
            if failed(each):
                yield UnreadInvitation(each.failure())
            else:
                listed = each.unwrap()
                rivals = filter(None, (longest.get(listed.identifier), listed.invitation))
                longest[listed.identifier] = max(rivals, key=_expiry)
        addressed: dict[str, int | None] = {}
        for line in addressees:
            yield self._written(line, longest, addressed)
        codes = {invitation.invitation_token.code for invitation in longest.values()}
        yield WithoutAddressee(len(codes - addressed.keys()))

    def _written(
        self,
        line: Result[ListedAddressee, BadLine],
        invitations: Mapping[PatientIdentifier, IssuedInvitation],
        addressed: dict[str, int | None],
    ) -> LineOutcome:
        """Write a letter. `addressed` has each code that a line has named, and the line of its letter."""
        if failed(line):
            return UnreadAddressee(line.failure())
        number, addressee = line.unwrap().line, line.unwrap().addressee
        theirs = [invitations[each] for each in addressee.identifiers if each in invitations]
        if not theirs:
            return NotInvited(number)
        codes = [each.invitation_token.code for each in theirs]
        earlier = [addressed.setdefault(code) for code in codes]
        if written := [line for line in earlier if line is not None]:
            return RepeatedLine(number, min(written))
        printed = self._composed(addressee, max(theirs, key=_expiry)).bind(self._printer.add)
        if failed(printed):
            return NoLetter(number, printed.failure())
        addressed.update(dict.fromkeys(codes, number))
        return Printed(number)

    def _composed(self, addressee: Addressee, invitation: IssuedInvitation) -> Result[Letter, NoLetterReason]:
        expires_on = self._clock.day_of(invitation.invitation_token.expires_at)
        return compose_letter(addressee, invitation, today=self._clock.today(), expires_on=expires_on)


def _expiry(invitation: IssuedInvitation) -> datetime:
    return invitation.invitation_token.expires_at

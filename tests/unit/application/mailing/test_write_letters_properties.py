"""What holds for any tokens and any addressees, in any order."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from application.mailing.write_letters import Outcome, WithoutLetter
from domain.identifiers import PatientIdentifier
from domain.invitations import IssuedInvitation
from domain.mailing.letters import Addressee, in_groups
from tests.builders import CHI, EXPIRY, NHS, an_identifier
from tests.letter_builders import an_issued_invitation
from tests.unit.application.mailing.letter_run import LetterRun

PATIENTS = 3
IDENTIFIERS = [an_identifier(n, system) for n in range(PATIENTS) for system in (NHS, CHI)]
# of each patient, two invitations that expire together, a later one, and one that has expired
INVITATIONS = {
    n: [
        an_issued_invitation(f"{n}{round_}" * 5, expires_at=EXPIRY + timedelta(days))
        for round_, days in enumerate((0, 0, 1, -60))
    ]
    for n in range(PATIENTS)
}

Tokens = Sequence[tuple[PatientIdentifier, IssuedInvitation]]

any_token = st.sampled_from(
    [
        (an_identifier(n, system), invitation)
        for n, invitations in INVITATIONS.items()
        for system in (NHS, CHI)
        for invitation in invitations
    ]
)
# a hospital's file may have any number in any row
any_addressee = st.builds(
    Addressee,
    st.lists(st.sampled_from(IDENTIFIERS), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from(["Ann", "Bob", "Cid"]),
    st.just(("1 High Street",)),
)
any_tokens = st.lists(any_token, max_size=10)
any_addressees = st.lists(any_addressee, max_size=6)


def _current(tokens: Tokens) -> Mapping[PatientIdentifier, str]:
    """Give the code of each identifier: that of the invitation that expires last."""
    by_expiry = sorted(tokens, key=_expiry_and_code)
    return {identifier: in_groups(each.invitation_token.code) for identifier, each in by_expiry}


def _expiry_and_code(listed: tuple[PatientIdentifier, IssuedInvitation]) -> tuple[datetime, str]:
    token = listed[1].invitation_token
    return token.expires_at, token.code


def _codes(addressees: Sequence[Addressee], tokens: Tokens) -> set[str]:
    current = _current(tokens)
    return {current[each] for addressee in addressees for each in addressee.identifiers if each in current}


def _letters(tokens: Tokens, addressees: Sequence[Addressee]) -> tuple[list[tuple[str, str]], list[Outcome]]:
    run = LetterRun()
    outcomes = run.write(tokens, addressees)
    return [(letter.name, letter.code) for letter in run.printer.letters], outcomes


@settings(max_examples=60)
@given(tokens=any_tokens, addressees=any_addressees)
def test_a_code_is_printed_for_a_line_all_of_whose_numbers_lead_to_it_alone(
    tokens: Tokens, addressees: Sequence[Addressee]
) -> None:
    letters, _outcomes = _letters(tokens, addressees)

    for name, code in letters:
        assert {code} in [_codes([each], tokens) for each in addressees if each.name == name]


@settings(max_examples=60)
@given(tokens=any_tokens, addressees=any_addressees)
def test_no_number_of_a_line_with_another_name_leads_to_a_printed_code(
    tokens: Tokens, addressees: Sequence[Addressee]
) -> None:
    letters, _outcomes = _letters(tokens, addressees)

    for name, code in letters:
        assert code not in _codes([each for each in addressees if each.name != name], tokens)


@settings(max_examples=60)
@given(tokens=any_tokens, addressees=any_addressees)
def test_each_invitation_has_one_letter_or_is_counted_as_without(
    tokens: Tokens, addressees: Sequence[Addressee]
) -> None:
    letters, outcomes = _letters(tokens, addressees)

    codes = [code for _name, code in letters]
    assert len({*codes}) == len(codes)
    assert outcomes[-1] == WithoutLetter(len({*_current(tokens).values()}) - len(codes))


@settings(max_examples=60)
@given(tokens=any_tokens, addressees=any_addressees, data=st.data())
def test_the_order_of_the_files_changes_no_letter(
    tokens: Tokens, addressees: Sequence[Addressee], data: st.DataObject
) -> None:
    letters, _outcomes = _letters(tokens, addressees)

    others, _outcomes = _letters(data.draw(st.permutations(tokens)), data.draw(st.permutations(addressees)))
    assert sorted(others) == sorted(letters)

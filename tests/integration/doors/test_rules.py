"""Who is invited, and what is told of whom, is the same through every door."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import ADULT as BORN
from tests.builders import a_record, a_requested_identifier, an_identifier
from tests.integration.doors.door import Access, Door, Invited, Status, Tokens
from tests.integration.doors.setup import DOORS, access_of, report
from tests.integration.http.support.issuer import SCOPE, Issuer
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    BY_HEALTH_AND_CARE_NUMBER,
    CHILD,
    CROWD,
    DECEASED,
    ELSEWHERE,
    INELIGIBLE,
    MALFORMED,
    NO_DATE_OF_BIRTH,
    NOBODY,
    REGISTERED,
    SAME_BY_NHS_NUMBER,
)
from tests.integration.on_each_database import ON_EACH_DATABASE

pytestmark = ON_EACH_DATABASE

REASONS = {
    DECEASED: "deceased",
    REGISTERED: "already-registered",
    NO_DATE_OF_BIRTH: "no-date-of-birth",
    CHILD: "under-minimum-age",
    ELSEWHERE: "no-care-relationship",
    NOBODY: "not-found",
    MALFORMED: "not-found",
}

STATUSES = [
    Status(ADULT, found=True, accessible=True, deceased=False, registered=False, date_of_birth=BORN),
    Status(DECEASED, found=True, accessible=True, deceased=True, registered=False, date_of_birth=BORN),
    Status(REGISTERED, found=True, accessible=True, deceased=False, registered=True, date_of_birth=BORN),
    Status(NO_DATE_OF_BIRTH, found=True, accessible=True, deceased=False, registered=False),
    Status(ELSEWHERE, found=True, accessible=False, deceased=False, registered=False),
    Status(NOBODY, found=False, accessible=False),
    Status(MALFORMED, found=False, accessible=False),
    Status(ADULT, found=True, accessible=True, deceased=False, registered=False, date_of_birth=BORN),
]


def generated(
    door: Door, access: Access, *identifiers: RequestedIdentifier, key: str | None = None
) -> Tokens:
    """Give the answer to a request that is to succeed, and asks for all that it may."""
    answer = door.generate(access, identifiers, key=key, tell_omitted=True)
    assert isinstance(answer, Tokens)
    return answer


def invited(door: Door, access: Access, *identifiers: RequestedIdentifier) -> list[Invited]:
    return list(generated(door, access, *identifiers).invited)


def test_each_patient_who_may_be_invited_gets_a_code_a_token_and_an_expiry(
    door: Door, access: Access
) -> None:
    first, second = invited(door, access, ADULT, BY_HEALTH_AND_CARE_NUMBER)

    secrets = {first.code, first.token, second.code, second.token}
    assert [first.identifier, second.identifier] == [ADULT, BY_HEALTH_AND_CARE_NUMBER]
    assert len(secrets) == 4
    assert {len(secret) for secret in secrets} == {10}
    assert abs(first.expiry - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=1)


@pytest.mark.parametrize(("identifier", "reason"), REASONS.items(), ids=REASONS.values())
def test_who_may_not_be_invited_is_left_out_with_the_reason(
    door: Door, access: Access, identifier: RequestedIdentifier, reason: str
) -> None:
    answer = generated(door, access, identifier)

    assert answer == Tokens([], [(identifier, reason)], replayed=False)


def test_the_reasons_are_told_to_nobody_who_may_not_ask_for_a_status(door: Door, issuer: Issuer) -> None:
    answer = generated(door, access_of(issuer, scope=SCOPE), *INELIGIBLE)

    assert answer == Tokens([], [], replayed=False)


def test_the_answer_keeps_the_order_of_the_request(door: Door, access: Access) -> None:
    asked = (CROWD[7], DECEASED, CROWD[3], BY_CHI_NUMBER, NOBODY, CROWD[5])

    answer = generated(door, access, *asked)

    assert answer.identifiers == [CROWD[7], CROWD[3], BY_CHI_NUMBER, CROWD[5]]


def test_a_repeated_identifier_is_answered_once(door: Door, access: Access) -> None:
    answer = generated(door, access, ADULT, DECEASED, ADULT, DECEASED)

    assert (answer.identifiers, answer.omitted) == ([ADULT], [(DECEASED, "deceased")])


def test_two_identifiers_of_one_patient_get_the_same_invitation(door: Door, access: Access) -> None:
    by_chi_number, by_nhs_number = invited(door, access, BY_CHI_NUMBER, SAME_BY_NHS_NUMBER)

    assert (by_chi_number.code, by_chi_number.token) == (by_nhs_number.code, by_nhs_number.token)


def test_each_request_issues_anew(door: Door, access: Access) -> None:
    (first,) = invited(door, access, ADULT)
    (second,) = invited(door, access, ADULT)

    assert first.code != second.code


def test_as_many_as_a_request_may_name_are_all_invited(door: Door, access: Access) -> None:
    answer = generated(door, access, *CROWD)

    assert answer.identifiers == list(CROWD)


def test_the_same_request_under_its_key_gets_the_same_answer(
    door: Door, access: Access, door_name: str
) -> None:
    key = f"replayed-by-{door_name}-{datetime.now(UTC).timestamp()}"

    first = generated(door, access, ADULT, DECEASED, key=key)
    again = generated(door, access, ADULT, DECEASED, key=key)

    assert (first.replayed, again.replayed) == (False, True)
    assert (again.invited, again.omitted) == (first.invited, first.omitted)


def test_who_died_since_is_left_out_of_the_same_answer(
    door: Door, access: Access, door_name: str, environment: Mapping[str, str]
) -> None:
    number = 23_000 + DOORS.index(door_name)
    key, dying = f"died-by-{door_name}", a_requested_identifier(number)
    report(environment, a_record(an_identifier(number)))
    first = generated(door, access, dying, ADULT, key=key)

    report(environment, a_record(an_identifier(number), deceased=True))
    again = generated(door, access, dying, ADULT, key=key)

    assert (first.identifiers, again.identifiers) == ([dying, ADULT], [ADULT])
    assert (again.replayed, again.omitted) == (True, [(dying, "deceased")])
    assert again.invited[0] == first.invited[1]


def test_the_status_of_every_identifier_is_told_in_order(door: Door, access: Access) -> None:
    told = door.query_status(access, [status.identifier for status in STATUSES])

    assert told == STATUSES


def test_the_status_of_5000_patients_is_told_at_once(door: Door, access: Access) -> None:
    told = door.query_status(access, CROWD * 10)

    assert isinstance(told, list)
    assert [status.identifier for status in told] == list(CROWD * 10)

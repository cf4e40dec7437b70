"""The rules on invitations and statuses are the same over every transport."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import ADULT as BORN
from tests.builders import a_report, a_requested_identifier, an_identifier
from tests.integration.http.support.issuer import SCOPE, Issuer
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    BY_HEALTH_AND_CARE_NUMBER,
    CHILD,
    CROWD,
    DECEASED,
    ELSEWHERE,
    HELD,
    INELIGIBLE,
    MALFORMED,
    NO_DATE_OF_BIRTH,
    REGISTERED,
    SAME_BY_NHS_NUMBER,
    UNKNOWN_PATIENT,
)
from tests.integration.on_each_database import ON_EACH_DATABASE
from tests.integration.transports.setup import TRANSPORTS, access_of, report
from tests.integration.transports.transport import Access, Invited, Status, Tokens, Transport

pytestmark = ON_EACH_DATABASE

REASONS = {
    DECEASED: "deceased",
    REGISTERED: "already-registered",
    NO_DATE_OF_BIRTH: "no-date-of-birth",
    CHILD: "under-minimum-age",
    ELSEWHERE: "no-care-relationship",
    HELD: "not-to-be-invited",
    UNKNOWN_PATIENT: "not-found",
    MALFORMED: "not-found",
}

STATUSES = [
    Status(ADULT, found=True, accessible=True, deceased=False, registered=False, date_of_birth=BORN),
    Status(DECEASED, found=True, accessible=True, deceased=True, registered=False, date_of_birth=BORN),
    Status(REGISTERED, found=True, accessible=True, deceased=False, registered=True, date_of_birth=BORN),
    Status(NO_DATE_OF_BIRTH, found=True, accessible=True, deceased=False, registered=False),
    Status(ELSEWHERE, found=True, accessible=False, deceased=False, registered=False),
    Status(UNKNOWN_PATIENT, found=False, accessible=False),
    Status(MALFORMED, found=False, accessible=False),
    Status(ADULT, found=True, accessible=True, deceased=False, registered=False, date_of_birth=BORN),
]


def generated(
    transport: Transport, access: Access, *identifiers: RequestedIdentifier, key: str | None = None
) -> Tokens:
    """Give the answer to a request that must succeed, with the reasons for omissions."""
    answer = transport.generate(access, identifiers, key=key, include_omitted=True)
    assert isinstance(answer, Tokens)
    return answer


def invited(transport: Transport, access: Access, *identifiers: RequestedIdentifier) -> list[Invited]:
    return list(generated(transport, access, *identifiers).invited)


def test_each_eligible_patient_gets_a_code_a_token_and_an_expiry(
    transport: Transport, access: Access
) -> None:
    first, second = invited(transport, access, ADULT, BY_HEALTH_AND_CARE_NUMBER)

    secrets = {first.code, first.token, second.code, second.token}
    assert [first.identifier, second.identifier] == [ADULT, BY_HEALTH_AND_CARE_NUMBER]
    assert len(secrets) == 4
    assert {len(secret) for secret in secrets} == {10}
    assert abs(first.expiry - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=1)


@pytest.mark.parametrize(("identifier", "reason"), REASONS.items(), ids=REASONS.values())
def test_an_ineligible_patient_is_omitted_with_the_reason(
    transport: Transport, access: Access, identifier: RequestedIdentifier, reason: str
) -> None:
    answer = generated(transport, access, identifier)

    assert answer == Tokens([], [(identifier, reason)], replayed=False)


def test_a_caller_without_permission_to_query_gets_no_reasons(transport: Transport, issuer: Issuer) -> None:
    answer = generated(transport, access_of(issuer, scope=SCOPE), *INELIGIBLE)

    assert answer == Tokens([], [], replayed=False)


def test_the_answer_keeps_the_order_of_the_request(transport: Transport, access: Access) -> None:
    asked = (CROWD[7], DECEASED, CROWD[3], BY_CHI_NUMBER, UNKNOWN_PATIENT, CROWD[5])

    answer = generated(transport, access, *asked)

    assert answer.identifiers == [CROWD[7], CROWD[3], BY_CHI_NUMBER, CROWD[5]]


def test_a_repeated_identifier_is_answered_once(transport: Transport, access: Access) -> None:
    answer = generated(transport, access, ADULT, DECEASED, ADULT, DECEASED)

    assert (answer.identifiers, answer.omitted) == ([ADULT], [(DECEASED, "deceased")])


def test_two_identifiers_of_one_patient_get_the_same_invitation(transport: Transport, access: Access) -> None:
    by_chi_number, by_nhs_number = invited(transport, access, BY_CHI_NUMBER, SAME_BY_NHS_NUMBER)

    assert (by_chi_number.code, by_chi_number.token) == (by_nhs_number.code, by_nhs_number.token)


def test_each_request_issues_a_new_invitation(transport: Transport, access: Access) -> None:
    (first,) = invited(transport, access, ADULT)
    (second,) = invited(transport, access, ADULT)

    assert first.code != second.code


def test_a_request_of_the_largest_size_is_answered(transport: Transport, access: Access) -> None:
    answer = generated(transport, access, *CROWD)

    assert answer.identifiers == list(CROWD)


def test_the_same_request_under_its_key_gets_the_same_answer(
    transport: Transport, access: Access, transport_name: str
) -> None:
    key = f"replayed-by-{transport_name}-{datetime.now(UTC).timestamp()}"

    first = generated(transport, access, ADULT, DECEASED, key=key)
    again = generated(transport, access, ADULT, DECEASED, key=key)

    assert (first.replayed, again.replayed) == (False, True)
    assert (again.invited, again.omitted) == (first.invited, first.omitted)


def test_a_patient_who_died_since_is_omitted_from_a_replay(
    transport: Transport, access: Access, transport_name: str, environment: Mapping[str, str]
) -> None:
    number = 23_000 + TRANSPORTS.index(transport_name)
    key, dying = f"died-by-{transport_name}", a_requested_identifier(number)
    report(environment, a_report(an_identifier(number)))
    first = generated(transport, access, dying, ADULT, key=key)

    report(environment, a_report(an_identifier(number), deceased=True))
    again = generated(transport, access, dying, ADULT, key=key)

    assert (first.identifiers, again.identifiers) == ([dying, ADULT], [ADULT])
    assert (again.replayed, again.omitted) == (True, [(dying, "deceased")])
    assert again.invited[0] == first.invited[1]


def test_the_statuses_keep_the_order_of_the_request(transport: Transport, access: Access) -> None:
    answer = transport.query_status(access, [status.identifier for status in STATUSES])

    assert answer == STATUSES


def test_one_status_query_answers_for_5000_patients(transport: Transport, access: Access) -> None:
    answer = transport.query_status(access, CROWD * 10)

    assert isinstance(answer, list)
    assert [status.identifier for status in answer] == list(CROWD * 10)

"""Who is invited, who is omitted, and the order of the answer."""

import pytest
from msgspec.structs import replace
from returns.result import Failure

from application.generate_invitation_tokens.use_case import MAX_PATIENT_IDENTIFIERS
from domain.access import Operation
from domain.eligibility import OmissionReason, OmittedPatient
from domain.identifiers import (
    NoPatientIdentifier,
    RequestedIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
)
from domain.patient_reports import PatientReport
from tests.builders import (
    CHI,
    EXPIRY,
    HCN,
    NHS,
    OTHER_HOSPITAL,
    TODAY,
    a_malformed_identifier,
    a_patient_id,
    a_report,
    a_requested_identifier,
    an_authorised_caller,
    an_identifier,
)
from tests.unit.application.call_record import FIRST_REQUEST
from tests.unit.application.generate_invitation_tokens.invitation_service import InvitationService, invited

UNSUPPORTED = RequestedIdentifier("urn:oid:1.2.3", "9999999999")


async def test_an_eligible_patient_is_invited() -> None:
    service = InvitationService()
    await service.knows(1)

    answer = await service.invite(a_requested_identifier(1))

    assert answer.invited == [invited(a_requested_identifier(1), 1)]
    assert answer.omitted == []


async def test_the_answer_carries_the_id_of_the_request() -> None:
    answer = await InvitationService().invite(a_requested_identifier(1))

    assert answer.request_id == FIRST_REQUEST


async def test_the_invitation_expires_after_its_lifetime() -> None:
    service = InvitationService()
    await service.knows(1)

    answer = await service.invite(a_requested_identifier(1))

    assert [each.invitation_token.expires_at for each in answer.invited] == [EXPIRY]


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        pytest.param(a_report(deceased=True), OmissionReason.DECEASED, id="deceased"),
        pytest.param(a_report(registered=True), OmissionReason.ALREADY_REGISTERED, id="registered"),
        pytest.param(a_report(date_of_birth=None), OmissionReason.NO_DATE_OF_BIRTH, id="no-date-of-birth"),
        pytest.param(
            a_report(date_of_birth=TODAY.replace(year=2011)),
            OmissionReason.UNDER_MINIMUM_AGE,
            id="fifteen-years-old",
        ),
    ],
)
async def test_a_known_patient_is_left_out_when(report: PatientReport, reason: OmissionReason) -> None:
    service = InvitationService()
    await service.knows(1, report=report)

    answer = await service.invite(a_requested_identifier(1))

    assert answer.invited == []
    assert answer.omitted == [OmittedPatient(0, reason, a_patient_id(1))]


async def test_a_patient_of_another_organisation_is_omitted() -> None:
    service = InvitationService()
    await service.knows(1, organisation_id=OTHER_HOSPITAL)

    answer = await service.invite(a_requested_identifier(1))

    assert answer.omitted == [OmittedPatient(0, OmissionReason.NO_CARE_RELATIONSHIP, a_patient_id(1))]


async def test_an_unknown_identifier_is_omitted() -> None:
    answer = await InvitationService().invite(a_requested_identifier(1))

    assert answer.omitted == [OmittedPatient(0, OmissionReason.NOT_FOUND, None)]


async def test_a_malformed_value_is_omitted_and_does_not_fail_the_request() -> None:
    service = InvitationService()
    await service.knows(1)

    answer = await service.invite(a_malformed_identifier(), a_requested_identifier(1))

    assert answer.invited == [invited(a_requested_identifier(1), 1)]
    assert answer.omitted == [OmittedPatient(0, OmissionReason.NOT_FOUND, None)]


async def test_the_number_of_a_patient_finds_no_patient_in_another_system() -> None:
    service = InvitationService()
    await service.knows(1, an_identifier(1, NHS))

    answer = await service.invite(a_requested_identifier(1, CHI))

    assert answer.omitted == [OmittedPatient(0, OmissionReason.NOT_FOUND, None)]


async def test_the_same_number_in_three_systems_invites_three_patients() -> None:
    service = InvitationService()
    systems = (NHS, CHI, HCN)
    for number, system in enumerate(systems, start=1):
        await service.knows(number, an_identifier(1, system))

    answer = await service.invite(*(a_requested_identifier(1, system) for system in systems))

    assert answer.invited == [
        invited(a_requested_identifier(1, system), number) for number, system in enumerate(systems, start=1)
    ]


async def test_a_repeated_identifier_is_answered_once_at_its_first_position() -> None:
    service = InvitationService()
    await service.knows(1)
    await service.knows(2)

    answer = await service.invite(*(a_requested_identifier(number) for number in (1, 2, 1)))

    assert answer.invited == [invited(a_requested_identifier(number), number) for number in (1, 2)]


async def test_a_repeated_malformed_value_is_omitted_once_at_its_first_position() -> None:
    requested = [a_requested_identifier(1), a_malformed_identifier("a"), a_malformed_identifier("b")]

    answer = await InvitationService().invite(*requested, *requested)

    assert [omission.position for omission in answer.omitted] == [0, 1, 2]


async def test_two_identifiers_of_a_patient_are_answered_each_with_the_same_invitation() -> None:
    service = InvitationService()
    await service.knows(1, an_identifier(1, NHS), an_identifier(2, CHI))

    answer = await service.invite(a_requested_identifier(1, NHS), a_requested_identifier(2, CHI))

    assert answer.invited == [
        invited(a_requested_identifier(1, NHS), 1),
        invited(a_requested_identifier(2, CHI), 1),
    ]
    assert (answer.issued, len(service.store.invitations)) == (1, 1)


async def test_the_answer_keeps_the_order_of_the_request() -> None:
    service = InvitationService()
    for number in (1, 3, 5):
        await service.knows(number)

    answer = await service.invite(*(a_requested_identifier(number) for number in (5, 4, 3, 2, 1)))

    assert answer.invited == [invited(a_requested_identifier(number), number) for number in (5, 3, 1)]
    assert [omission.position for omission in answer.omitted] == [1, 3]


async def test_as_many_as_500_patients_are_invited_at_once() -> None:
    service = InvitationService()
    for number in range(MAX_PATIENT_IDENTIFIERS):
        await service.knows(number)

    answer = await service.invite(*map(a_requested_identifier, range(MAX_PATIENT_IDENTIFIERS)))

    assert len(answer.invited) == 500


async def test_more_than_500_identifiers_are_refused() -> None:
    refused = await InvitationService().ask(*map(a_requested_identifier, range(501)))

    assert refused == Failure(TooManyPatientIdentifiers(limit=500))


async def test_a_request_without_identifiers_is_refused() -> None:
    assert await InvitationService().ask() == Failure(NoPatientIdentifier())


async def test_one_unsupported_system_refuses_the_whole_request() -> None:
    service = InvitationService()
    await service.knows(1)

    refused = await service.ask(a_requested_identifier(1), UNSUPPORTED)

    assert refused == Failure(UnsupportedIdentifierSystems(positions=(1,)))


async def test_the_minimum_age_can_be_another() -> None:
    service = InvitationService(minimum_age=0)
    await service.knows(1, report=a_report(date_of_birth=TODAY))

    answer = await service.invite(a_requested_identifier(1))

    assert answer.invited == [invited(a_requested_identifier(1), 1)]


async def test_ages_are_counted_by_the_calendar_and_not_by_the_instant() -> None:
    service = InvitationService(today=TODAY.replace(day=3))
    await service.knows(1, report=a_report(date_of_birth=TODAY.replace(year=2010, day=3)))

    answer = await service.invite(a_requested_identifier(1))

    assert answer.invited == [invited(a_requested_identifier(1), 1)]


@pytest.mark.parametrize("status_query", [True, False], ids=["may-query", "may-not"])
async def test_a_caller_that_may_query_the_status_gets_the_omission_reasons(*, status_query: bool) -> None:
    permitted = {Operation.GENERATE_INVITATION_TOKENS} | ({Operation.STATUS_QUERY} if status_query else set())

    authorised = replace(an_authorised_caller(), permitted=frozenset(permitted))

    answered = await InvitationService().ask(a_requested_identifier(1), authorised=authorised)

    assert answered.unwrap().reasons_told == status_query

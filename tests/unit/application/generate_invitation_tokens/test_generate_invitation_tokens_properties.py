"""Properties of the answer to any request."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import RequestedIdentifier
from domain.patient_reports import PatientReport
from tests.builders import (
    CHI,
    NHS,
    TODAY,
    a_malformed_identifier,
    a_patient_id,
    a_report,
    a_requested_identifier,
    an_identifier,
)
from tests.fakes.token_generator import code_digest
from tests.unit.application.generate_invitation_tokens.invitation_service import InvitationService

ELIGIBLE = a_report()
INELIGIBLE = [
    a_report(deceased=True),
    a_report(registered=True),
    a_report(date_of_birth=None),
    a_report(date_of_birth=TODAY),
]
# patient n has the number n in two systems; some requested numbers have no patient
PATIENTS = 5
PATIENT_OF = {a_requested_identifier(n, system): n for n in range(PATIENTS) for system in (NHS, CHI)}
UNKNOWN = [a_requested_identifier(PATIENTS), a_malformed_identifier("a"), a_malformed_identifier("b")]

any_patients = st.tuples(*[st.sampled_from([ELIGIBLE, *INELIGIBLE])] * PATIENTS)
any_request = st.lists(st.sampled_from([*PATIENT_OF, *UNKNOWN]), min_size=1, max_size=15)


async def _service_that_knows(patients: Sequence[PatientReport]) -> InvitationService:
    service = InvitationService()
    for number, report in enumerate(patients):
        await service.knows(number, an_identifier(number, NHS), an_identifier(number, CHI), report=report)
    return service


@given(patients=any_patients, request=any_request)
async def test_the_answer_holds_each_eligible_identifier_once_in_request_order(
    patients: Sequence[PatientReport], request: Sequence[RequestedIdentifier]
) -> None:
    service = await _service_that_knows(patients)

    answer = await service.invite(*request)

    assert [each.identifier for each in answer.invited] == [
        identifier
        for identifier in dict.fromkeys(request)
        if identifier in PATIENT_OF and patients[PATIENT_OF[identifier]] == ELIGIBLE
    ]


@given(patients=any_patients, request=any_request)
async def test_every_distinct_identifier_is_either_invited_or_omitted(
    patients: Sequence[PatientReport], request: Sequence[RequestedIdentifier]
) -> None:
    service = await _service_that_knows(patients)

    answer = await service.invite(*request)

    invited = [request.index(each.identifier) for each in answer.invited]
    omitted = [each.position for each in answer.omitted]
    assert omitted == sorted(omitted)
    assert sorted(invited + omitted) == sorted({request.index(identifier) for identifier in request})


@given(patients=any_patients, request=any_request)
async def test_a_patient_has_one_token_and_no_other_patient_has_it(
    patients: Sequence[PatientReport], request: Sequence[RequestedIdentifier]
) -> None:
    service = await _service_that_knows(patients)

    answer = await service.invite(*request)

    holders = {(PATIENT_OF[each.identifier], each.invitation_token.code) for each in answer.invited}
    assert len(holders) == len({patient for patient, _ in holders}) == len({code for _, code in holders})


@given(patients=any_patients, request=any_request)
async def test_what_is_stored_is_what_is_handed_out(
    patients: Sequence[PatientReport], request: Sequence[RequestedIdentifier]
) -> None:
    service = await _service_that_knows(patients)

    answer = await service.invite(*request)

    stored = {(each.patient_id, each.code_digest) for each in service.store.invitations}
    assert answer.issued == len(service.store.invitations) == len(stored)
    assert stored == {
        (a_patient_id(PATIENT_OF[each.identifier]), code_digest(each.invitation_token.code))
        for each in answer.invited
    }

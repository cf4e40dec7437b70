from returns.result import Failure

from application.find_patients import FindPatients
from application.generate_invitation_tokens.decide import DecideInvitations
from domain.audit import Outcome
from domain.eligibility import (
    Decisions,
    EligibilityPolicy,
    OmissionReason,
    OmittedPatient,
    PatientToInvite,
)
from domain.identifiers import TooManyPatientIdentifiers
from tests.builders import (
    NOW,
    TODAY,
    a_malformed_identifier,
    a_patient_id,
    a_report,
    a_request_id,
    a_requested_identifier,
    an_authorised_caller,
    an_identifier,
    reported,
)
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_invitations import InMemoryPatientInvitations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.unit.application.call_record import a_call_record, a_charge

ADULT, DECEASED, UNKNOWN = (a_requested_identifier(number) for number in (1, 2, 3))


async def _decide(trail: InMemoryAuditRepository) -> DecideInvitations:
    """Give the step of the use case, with two patients, one of them deceased."""
    register = InMemoryPatientReportRepository()
    await reported(register, a_report(an_identifier(1)), a_report(an_identifier(2), deceased=True))
    record = a_call_record(trail)
    find = FindPatients(InMemoryPatientRepository(register), a_charge(record), record)
    return DecideInvitations(
        find,
        EligibilityPolicy(),
        InMemoryPatientInvitations(InMemoryInvitationRepository()),
        FixedClock(NOW, TODAY),
    )


async def test_decisions_name_the_first_position_of_each_identifier() -> None:
    decide = await _decide(InMemoryAuditRepository())
    requested = [DECEASED, ADULT, a_malformed_identifier(), ADULT, DECEASED, UNKNOWN]

    decisions = await decide(an_authorised_caller(), requested, 6)

    assert decisions.unwrap() == Decisions(
        [PatientToInvite(1, a_patient_id(1))],
        [
            OmittedPatient(0, OmissionReason.DECEASED, a_patient_id(2)),
            OmittedPatient(2, OmissionReason.NOT_FOUND, None),
            OmittedPatient(5, OmissionReason.NOT_FOUND, None),
        ],
    )


async def test_a_refused_request_is_recorded_without_decisions() -> None:
    trail = InMemoryAuditRepository()
    decide = await _decide(trail)

    refused = await decide(an_authorised_caller(), [ADULT, ADULT], 1)

    assert refused == Failure(TooManyPatientIdentifiers(1))
    assert [event.outcome for event in trail.events] == [Outcome.IDENTIFIERS_REFUSED]


async def test_of_a_request_that_is_sent_again_who_died_since_is_left_out_and_nobody_joins() -> None:
    decide = await _decide(InMemoryAuditRepository())
    first = Decisions(
        [PatientToInvite(1, a_patient_id(2))],
        [OmittedPatient(0, OmissionReason.UNDER_MINIMUM_AGE, a_patient_id(1))],
    )

    again = await decide.again(an_authorised_caller(), [ADULT, DECEASED], first, a_request_id())

    assert again == Decisions(
        [],
        [
            OmittedPatient(0, OmissionReason.UNDER_MINIMUM_AGE, a_patient_id(1)),
            OmittedPatient(1, OmissionReason.DECEASED, a_patient_id(2)),
        ],
    )

"""What is stored with and without invitations."""

import pytest

from application.find_patients import FindPatients
from application.generate_invitation_tokens.decide import DecideInvitations
from application.generate_invitation_tokens.issue import IssueInvitations
from application.generate_invitation_tokens.replay import ReplayInvitations
from application.generate_invitation_tokens.use_case import GenerateCommand, GenerateInvitationTokens
from application.ports.invitations import IdempotencyRepository, InvitationRepository
from application.ports.patients import PatientRepository
from application.ports.system import Unavailable
from domain.audit import AuditEvent, Outcome
from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.idempotency import IdempotencyKey
from domain.identifiers import RequestedIdentifier
from tests.builders import (
    CHI,
    CLIENT,
    GENERATE,
    HOSPITAL,
    LIFETIME,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    TODAY,
    a_malformed_identifier,
    a_patient_id,
    a_report,
    a_requested_identifier,
    an_authorised_caller,
    an_identifier,
)
from tests.fakes.clock import FixedClock
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.request_fingerprints import HashingRequestFingerprints
from tests.fakes.token_generator import HashingTokenGenerator
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record, a_charge
from tests.unit.application.generate_invitation_tokens.invitation_service import RETENTION, InvitationService

EMPTY = InMemoryInvitationRepository()
NO_PATIENTS = InMemoryPatientRepository(InMemoryPatientReportRepository())


async def test_the_audit_event_holds_the_caller_and_each_decision() -> None:
    service = InvitationService()
    await service.knows(1, an_identifier(1, NHS), an_identifier(1, CHI))
    await service.knows(2)
    await service.knows(3, report=a_report(deceased=True))
    await service.knows(4, report=a_report(deceased=True))
    await service.knows(5, organisation_id=OTHER_HOSPITAL)

    await service.invite(
        a_requested_identifier(3),
        a_requested_identifier(2),
        a_requested_identifier(1, NHS),
        a_requested_identifier(1, CHI),
        a_requested_identifier(2),
        a_requested_identifier(4),
        a_requested_identifier(5),
        a_requested_identifier(6),
        a_malformed_identifier(),
        a_malformed_identifier(),
    )

    assert service.store.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=NOW,
            operation=GENERATE,
            outcome=Outcome.CARRIED_OUT,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=10,
            issued_patients=(a_patient_id(2), a_patient_id(1)),
            omitted={
                OmissionReason.DECEASED: 2,
                OmissionReason.NO_CARE_RELATIONSHIP: 1,
                OmissionReason.NOT_FOUND: 2,
            },
            omitted_patients={
                OmissionReason.DECEASED: (a_patient_id(3), a_patient_id(4)),
                OmissionReason.NO_CARE_RELATIONSHIP: (a_patient_id(5),),
            },
        )
    ]


async def test_a_patient_omitted_under_two_identifiers_is_recorded_once() -> None:
    service = InvitationService()
    await service.knows(1, an_identifier(1, NHS), an_identifier(1, CHI), report=a_report(deceased=True))

    await service.invite(a_requested_identifier(1, NHS), a_requested_identifier(1, CHI))

    [event] = service.store.events
    assert event.omitted == {OmissionReason.DECEASED: 2}
    assert event.omitted_patients == {OmissionReason.DECEASED: (a_patient_id(1),)}


async def test_a_request_without_invitations_is_recorded() -> None:
    service = InvitationService()

    await service.invite(a_requested_identifier(1))

    assert service.store.invitations == []
    assert [event.issued_patients for event in service.store.events] == [()]


async def test_every_request_has_its_own_id() -> None:
    service = InvitationService()
    await service.knows(1)

    answers = [await service.invite(a_requested_identifier(1)) for _ in range(2)]

    assert len({answer.request_id for answer in answers}) == 2


async def test_a_second_request_leaves_the_first_invitation_in_force() -> None:
    service = InvitationService()
    await service.knows(1)

    answers = [await service.invite(a_requested_identifier(1)) for _ in range(2)]

    assert len(service.store.invitations) == 2
    assert answers[0].invited != answers[1].invited


@pytest.mark.parametrize(
    "requested",
    [
        pytest.param([], id="no-identifiers"),
        pytest.param([a_requested_identifier(1)] * 501, id="too-many-identifiers"),
        pytest.param(
            [a_requested_identifier(1), RequestedIdentifier("urn:oid:1.2.3", "1")], id="unsupported-system"
        ),
    ],
)
async def test_a_request_that_is_refused_stores_the_record_of_the_refusal_alone(
    requested: list[RequestedIdentifier],
) -> None:
    service = InvitationService()
    await service.knows(1)

    await service.ask(*requested)

    assert service.store.invitations == []
    assert [event.outcome for event in service.store.events] == [Outcome.IDENTIFIERS_REFUSED]


@pytest.mark.parametrize(
    ("patients", "store", "remembered"),
    [
        pytest.param(OutOfOrder(), EMPTY, InMemoryIdempotencyRepository(EMPTY), id="patients"),
        pytest.param(NO_PATIENTS, OutOfOrder(), InMemoryIdempotencyRepository(EMPTY), id="invitations"),
        pytest.param(NO_PATIENTS, EMPTY, OutOfOrder(), id="remembered-requests"),
    ],
)
async def test_infrastructure_that_is_down_fails_the_request(
    patients: PatientRepository, store: InvitationRepository, remembered: IdempotencyRepository
) -> None:
    record = a_call_record()
    clock = FixedClock(NOW, TODAY)
    tokens = HashingTokenGenerator()
    generate = GenerateInvitationTokens(
        DecideInvitations(
            FindPatients(patients, a_charge(record), record), EligibilityPolicy(), OutOfOrder(), clock
        ),
        IssueInvitations(store, tokens, LIFETIME),
        ReplayInvitations(remembered, HashingRequestFingerprints(), tokens, RETENTION, clock),
        record,
    )
    requested = [a_requested_identifier(1)]

    with pytest.raises(Unavailable):
        await generate(GenerateCommand(an_authorised_caller(), requested, IdempotencyKey("key")))


async def test_no_repr_shows_an_identifier_a_key_or_a_secret() -> None:
    service = InvitationService()
    await service.knows(1)
    requested = [a_requested_identifier(1), a_malformed_identifier("patient text")]
    command = GenerateCommand(an_authorised_caller(), requested, IdempotencyKey("for 9990000107"))

    answer = await service.invite(*requested, key="for 9990000107")

    shown = f"{command} {command.name} {answer} {service.store.events} {service.store.remembered}"
    token = answer.invited[0].invitation_token
    hidden = (requested[0].value, "patient text", token.code, token.token, "for 9990000107")
    assert not [text for text in hidden if text in shown]

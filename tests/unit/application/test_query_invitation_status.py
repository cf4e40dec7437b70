from collections.abc import Sequence

import pytest
from returns.result import Failure

from application.find_invited import BatchUnknown, Named
from application.ports.system import Unavailable
from application.query_invitation_status import IdentifierInvitation, InvitationStatusQuery
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.identifiers import (
    NoPatientIdentifier,
    RequestedIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
)
from domain.invitations import InvitationState, InvitationStatus
from domain.rate_limits import Throttled
from tests.builders import (
    CHI,
    CLIENT,
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    a_malformed_identifier,
    a_patient_id,
    a_request_id,
    a_requested_identifier,
    an_identifier,
)
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST
from tests.unit.application.issued_invitations import (
    ELSEWHERE,
    FIRST,
    LATER,
    SECOND,
    THIRD,
    UNKNOWN,
    IssuedInvitations,
    a_caller,
    issued_invitations,
)

PENDING = InvitationStatus(InvitationState.PENDING, NOW, EXPIRY, 1)
NONE = InvitationStatus()


def _query(named: Named) -> InvitationStatusQuery:
    return InvitationStatusQuery(a_caller(Operation.INVITATION_STATUS), named)


async def _statuses(issued: IssuedInvitations, named: Named) -> Sequence[IdentifierInvitation]:
    return (await issued.query(_query(named))).unwrap().statuses


@pytest.fixture
async def issued() -> IssuedInvitations:
    issued = await issued_invitations()
    await issued.issue(1, FIRST, SECOND)
    return issued


async def test_each_identifier_is_answered_in_request_order_and_a_repeated_one_too(
    issued: IssuedInvitations,
) -> None:
    named = [a_requested_identifier(each) for each in (THIRD, SECOND, UNKNOWN, SECOND)]

    statuses = await _statuses(issued, named)

    assert statuses == [
        IdentifierInvitation(identifier, status)
        for identifier, status in zip(named, [NONE, PENDING, NONE, PENDING], strict=True)
    ]


async def test_two_identifiers_of_a_patient_have_the_same_status(issued: IssuedInvitations) -> None:
    statuses = await _statuses(issued, [a_requested_identifier(FIRST, each) for each in (NHS, CHI)])

    assert [each.status for each in statuses] == [PENDING, PENDING]


async def test_the_status_is_that_of_now(issued: IssuedInvitations) -> None:
    issued.lived(1, SECOND, expires_at=LATER)

    [status] = await _statuses(issued, [a_requested_identifier(SECOND)])

    assert status.status == InvitationStatus(InvitationState.EXPIRED, NOW, LATER, 0)


async def test_a_malformed_value_has_no_invitation(issued: IssuedInvitations) -> None:
    [status] = await _statuses(issued, [a_malformed_identifier()])

    assert status.status == NONE


async def test_without_a_care_relationship_a_patient_has_no_invitation(issued: IssuedInvitations) -> None:
    await issued.issue(2, ELSEWHERE)

    [status] = await _statuses(issued, [a_requested_identifier(ELSEWHERE)])

    assert status.status == NONE


async def test_the_invitations_of_another_organisation_do_not_count(issued: IssuedInvitations) -> None:
    await issued.issue(2, THIRD, organisation_id=OTHER_HOSPITAL)

    [status] = await _statuses(issued, [a_requested_identifier(THIRD)])

    assert status.status == NONE


async def test_a_batch_is_answered_with_every_identifier_of_its_patients(issued: IssuedInvitations) -> None:
    statuses = await _statuses(issued, a_request_id(1))

    assert statuses == [
        IdentifierInvitation(a_requested_identifier(FIRST, NHS), PENDING),
        IdentifierInvitation(a_requested_identifier(FIRST, CHI), PENDING),
        IdentifierInvitation(a_requested_identifier(SECOND), PENDING),
    ]


async def test_the_status_in_a_batch_is_that_of_the_invitation_in_it(issued: IssuedInvitations) -> None:
    await issued.issue(2, SECOND)
    issued.lived(1, SECOND, revoked_at=NOW)

    statuses = await _statuses(issued, a_request_id(1))

    assert statuses[-1].status == InvitationStatus(InvitationState.REVOKED, NOW, EXPIRY, pending=1)


async def test_an_identifier_that_names_another_patient_by_now_is_left_out(issued: IssuedInvitations) -> None:
    issued.register.owned[an_identifier(FIRST, CHI)] = a_patient_id(THIRD)

    statuses = await _statuses(issued, a_request_id(1))

    assert [each.identifier for each in statuses] == [
        a_requested_identifier(FIRST, NHS),
        a_requested_identifier(SECOND),
    ]


async def test_a_batch_of_another_organisation_is_refused_as_an_unknown_one_is(
    issued: IssuedInvitations,
) -> None:
    await issued.issue(2, FIRST, organisation_id=OTHER_HOSPITAL)

    refused = [await issued.query(_query(a_request_id(each))) for each in (2, 3)]

    assert refused == [Failure(BatchUnknown())] * 2
    assert [event.outcome for event in issued.trail.events] == [Outcome.BATCH_UNKNOWN] * 2


@pytest.mark.parametrize(
    ("named", "refused"),
    [
        pytest.param([], NoPatientIdentifier(), id="none"),
        pytest.param([a_requested_identifier()] * 5_001, TooManyPatientIdentifiers(5_000), id="too-many"),
        pytest.param(
            [RequestedIdentifier("urn:oid:1.2.3", "1")], UnsupportedIdentifierSystems((0,)), id="system"
        ),
    ],
)
async def test_identifiers_are_refused_as_by_every_operation(
    issued: IssuedInvitations, named: Named, refused: object
) -> None:
    assert await issued.query(_query(named)) == Failure(refused)


async def test_each_patient_of_a_batch_counts_against_the_rate_limit() -> None:
    issued = await issued_invitations(allowances=CountedRateLimits(3))
    await issued.issue(1, FIRST, SECOND)
    await issued.query(_query(a_request_id(1)))

    refused = await issued.query(_query(a_request_id(1)))

    assert isinstance(refused.failure(), Throttled)
    assert [(event.outcome, event.asked) for event in issued.trail.events[1:]] == [(Outcome.THROTTLED, 2)]


async def test_throttling_of_a_batch_is_on_record_once_a_minute() -> None:
    issued = await issued_invitations(allowances=CountedRateLimits(1))
    await issued.issue(1, FIRST, SECOND)
    await issued.query(_query(a_request_id(1)))

    for _ in range(2):
        await issued.query(_query(a_request_id(1)))

    assert [event.outcome for event in issued.trail.events[1:]] == [Outcome.THROTTLED]


async def test_the_audit_event_holds_each_patient(issued: IssuedInvitations) -> None:
    named = [a_requested_identifier(each) for each in (SECOND, ELSEWHERE, UNKNOWN, SECOND)]

    await _statuses(issued, named)

    assert issued.trail.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=LATER,
            operation=Operation.INVITATION_STATUS,
            outcome=Outcome.CARRIED_OUT,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=4,
            answered_patients=(a_patient_id(SECOND),),
            omitted={OmissionReason.NO_CARE_RELATIONSHIP: 1, OmissionReason.NOT_FOUND: 1},
            omitted_patients={OmissionReason.NO_CARE_RELATIONSHIP: (a_patient_id(ELSEWHERE),)},
        )
    ]


async def test_the_audit_event_of_a_batch_names_it(issued: IssuedInvitations) -> None:
    await _statuses(issued, a_request_id(1))

    [event] = issued.trail.events
    assert (event.batch, event.asked) == (a_request_id(1), 3)
    assert event.answered_patients == (a_patient_id(FIRST), a_patient_id(SECOND))


async def test_a_query_that_cannot_be_recorded_is_not_answered() -> None:
    issued = await issued_invitations(trail=OutOfOrder())

    with pytest.raises(Unavailable):
        await _statuses(issued, [a_requested_identifier()])

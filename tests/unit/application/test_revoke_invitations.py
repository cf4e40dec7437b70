import pytest
from returns.result import Failure, Success

from application.find_invited import BatchUnknown, Named
from application.revoke_invitations import InvitationsRevoked, RevokeCommand
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.identifiers import NoPatientIdentifier, TooManyPatientIdentifiers
from domain.invitations import RevocationReason
from tests.builders import (
    CHI,
    CLIENT,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    a_patient_id,
    a_request_id,
    a_requested_identifier,
)
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


def _revoke(named: Named) -> RevokeCommand:
    return RevokeCommand(a_caller(Operation.REVOKE_INVITATIONS), named, RevocationReason.MISPRINTED)


@pytest.fixture
async def issued() -> IssuedInvitations:
    issued = await issued_invitations()
    await issued.issue(1, FIRST, SECOND)
    await issued.issue(2, SECOND)
    return issued


async def test_all_open_invitations_of_the_patients_are_revoked(issued: IssuedInvitations) -> None:
    revoked = await issued.revoke(
        _revoke([a_requested_identifier(each) for each in (SECOND, THIRD, UNKNOWN)])
    )

    assert revoked == Success(InvitationsRevoked(FIRST_REQUEST, 2, []))
    assert [issued.revoked_at(1, SECOND), issued.revoked_at(2, SECOND)] == [LATER, LATER]
    assert issued.revoked_at(1, FIRST) is None


async def test_the_invitations_of_a_batch_are_revoked_and_no_others(issued: IssuedInvitations) -> None:
    revoked = await issued.revoke(_revoke(a_request_id(1)))

    assert revoked == Success(InvitationsRevoked(FIRST_REQUEST, 2, []))
    assert issued.revoked_at(2, SECOND) is None


async def test_a_command_can_be_repeated(issued: IssuedInvitations) -> None:
    await issued.revoke(_revoke(a_request_id(1)))

    again = await issued.revoke(_revoke(a_request_id(1)))

    assert again.unwrap().count == 0


async def test_each_identifier_of_a_redeemed_invitation_is_told_once(issued: IssuedInvitations) -> None:
    issued.lived(1, FIRST, redeemed_at=NOW)
    both = [a_requested_identifier(FIRST, each) for each in (NHS, CHI)]

    by_identifier = await issued.revoke(_revoke([*both, *both]))
    by_batch = await issued.revoke(_revoke(a_request_id(1)))

    assert [each.unwrap().redeemed for each in (by_identifier, by_batch)] == [both, both]


async def test_the_invitation_of_a_patient_whose_care_has_ended_is_revoked_and_no_more_is_said(
    issued: IssuedInvitations,
) -> None:
    await issued.issue(3, ELSEWHERE)
    await issued.issue(4, ELSEWHERE)
    issued.lived(3, ELSEWHERE, redeemed_at=NOW)

    revoked = await issued.revoke(_revoke([a_requested_identifier(ELSEWHERE)]))

    assert revoked == Success(InvitationsRevoked(FIRST_REQUEST, 1, []))


async def test_the_invitations_of_another_organisation_stay(issued: IssuedInvitations) -> None:
    await issued.issue(3, THIRD, organisation_id=OTHER_HOSPITAL)

    by_identifier = await issued.revoke(_revoke([a_requested_identifier(THIRD)]))
    by_batch = await issued.revoke(_revoke(a_request_id(3)))

    assert by_identifier.unwrap().count == 0
    assert by_batch == Failure(BatchUnknown())
    assert issued.revoked_at(3, THIRD) is None


@pytest.mark.parametrize(
    ("named", "refused"),
    [
        pytest.param([], NoPatientIdentifier(), id="none"),
        pytest.param([a_requested_identifier()] * 501, TooManyPatientIdentifiers(500), id="too-many"),
    ],
)
async def test_a_command_names_1_to_500_patients(
    issued: IssuedInvitations, named: Named, refused: object
) -> None:
    assert await issued.revoke(_revoke(named)) == Failure(refused)


async def test_the_audit_event_says_whose_invitations_were_revoked_and_why(issued: IssuedInvitations) -> None:
    issued.lived(1, FIRST, redeemed_at=NOW)

    await issued.revoke(_revoke([a_requested_identifier(each) for each in (FIRST, SECOND, UNKNOWN)]))

    assert issued.store.events[-1] == AuditEvent(
        request_id=FIRST_REQUEST,
        recorded_at=LATER,
        operation=Operation.REVOKE_INVITATIONS,
        outcome=Outcome.CARRIED_OUT,
        client_id=CLIENT,
        organisation_id=HOSPITAL,
        asked=3,
        answered_patients=(a_patient_id(FIRST),),
        revoked_patients=(a_patient_id(SECOND),),
        omitted={OmissionReason.NOT_FOUND: 1},
        reason="misprinted",
    )

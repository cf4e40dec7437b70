"""What has become of a patient's latest invitation."""

from datetime import timedelta

import pytest
from msgspec import structs
from returns.result import Failure, Success

from domain.invitations import (
    InvitationLife,
    InvitationState,
    InvitationStatus,
    MalformedBatch,
    PatientInvitation,
    invitation_status,
    read_batch,
)
from tests.builders import EXPIRY, NOW, a_request_id

A_DAY = timedelta(days=1)
LIFE = InvitationLife(NOW - A_DAY, EXPIRY)
FIRST = PatientInvitation(a_request_id(1), LIFE)
SECOND = PatientInvitation(a_request_id(2), structs.replace(LIFE, issued_at=NOW, revoked_at=NOW))


def test_a_patient_without_an_invitation_has_no_state() -> None:
    assert invitation_status([], NOW) == InvitationStatus(None, None, None, 0)


def test_the_status_is_that_of_the_latest_invitation() -> None:
    status = invitation_status([FIRST, SECOND], NOW)

    assert status == InvitationStatus(InvitationState.REVOKED, NOW, EXPIRY, pending=1)


def test_asked_for_a_batch_the_status_is_that_of_its_invitation() -> None:
    status = invitation_status([FIRST, SECOND], NOW, FIRST.batch)

    assert status == InvitationStatus(InvitationState.PENDING, NOW - A_DAY, EXPIRY, pending=1)


def test_a_patient_whose_invitation_of_the_batch_is_gone_has_no_state() -> None:
    status = invitation_status([FIRST], NOW, a_request_id(3))

    assert status == InvitationStatus(None, None, None, pending=1)


def test_all_pending_invitations_are_counted() -> None:
    assert invitation_status([FIRST, SECOND, FIRST], NOW).pending == 2


@pytest.mark.parametrize(
    "text", ["6f1c3f0e-8f2e-4c11-9a58-0d3f4b0f8a11", "6F1C3F0E-8F2E-4C11-9A58-0D3F4B0F8A11"]
)
def test_a_batch_is_a_uuid_in_either_case(text: str) -> None:
    assert read_batch(text).map(str) == Success("6f1c3f0e-8f2e-4c11-9a58-0d3f4b0f8a11")


@pytest.mark.parametrize(
    "text", ["", "x", "6f1c3f0e8f2e4c119a580d3f4b0f8a11", "{6f1c3f0e-8f2e-4c11-9a58-0d3f4b0f8a11}"]
)
def test_other_forms_of_a_batch_are_malformed(text: str) -> None:
    assert read_batch(text) == Failure(MalformedBatch())

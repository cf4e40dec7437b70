import pytest
from returns.result import Failure, Success

from application.confirm_registration import ConfirmCommand
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.redemption import (
    CLAIM_LIFETIME,
    JOIN_PAGE,
    ClaimOver,
    ConfirmedRegistration,
    InvitationSpent,
    NoLongerEligible,
)
from tests.builders import HOSPITAL, NOW, a_patient_id, a_report, reported
from tests.fakes.request_ids import SequentialRequestIds
from tests.unit.application.redemption import IDENTIFIERS, PORTAL, Redemption


@pytest.fixture
async def claim(redemption: Redemption) -> str:
    return (await redemption.claim(redemption.issue())).unwrap().claim


CONFIRMED = ConfirmedRegistration(
    sorted(IDENTIFIERS, key=lambda each: (each.system, each.value)), HOSPITAL, NOW
)


async def test_a_claim_confirms_the_registration_of_its_patient(redemption: Redemption, claim: str) -> None:
    confirmed = await redemption.confirm(claim)

    assert confirmed == Success(CONFIRMED)
    assert redemption.register.known[a_patient_id()].registered


async def test_the_same_claim_gets_the_same_answer_at_any_time(redemption: Redemption, claim: str) -> None:
    await redemption.confirm(claim)
    redemption.clock.let_pass(2 * CLAIM_LIFETIME)

    again = await redemption.confirm(claim)

    assert again == Success(CONFIRMED)
    assert redemption.trail.events[-1].outcome == Outcome.ANSWERED_AGAIN


async def test_an_unknown_claim_is_over(redemption: Redemption) -> None:
    assert await redemption.confirm("0" * 26) == Failure(ClaimOver())


async def test_a_claim_is_over_after_24_hours(redemption: Redemption, claim: str) -> None:
    redemption.clock.let_pass(CLAIM_LIFETIME)

    assert await redemption.confirm(claim) == Failure(ClaimOver())


async def test_only_the_client_that_claimed_may_confirm(redemption: Redemption, claim: str) -> None:
    refused = await redemption.confirm(claim, client="another portal")

    assert refused == Failure(ClaimOver())
    assert not redemption.register.known[a_patient_id()].registered


async def test_a_claim_of_the_join_page_is_confirmed_by_the_portal_that_has_it(
    redemption: Redemption,
) -> None:
    claim = (await redemption.claim(redemption.issue(), client=JOIN_PAGE)).unwrap().claim

    assert await redemption.confirm(claim) == Success(CONFIRMED)


async def test_a_claim_of_the_join_page_is_the_portal_s_that_confirmed_it_first(
    redemption: Redemption,
) -> None:
    claim = (await redemption.claim(redemption.issue(), client=JOIN_PAGE)).unwrap().claim
    await redemption.confirm(claim)

    assert await redemption.confirm(claim, client="another portal") == Failure(ClaimOver())
    assert await redemption.confirm(claim) == Success(CONFIRMED)


async def test_a_newer_claim_replaces_an_older_one(redemption: Redemption) -> None:
    issued = redemption.issue()
    older, newer = [(await redemption.claim(issued)).unwrap().claim for _ in range(2)]

    assert await redemption.confirm(older) == Failure(ClaimOver())
    assert isinstance(await redemption.confirm(newer), Success)


async def test_the_other_invitations_of_the_patient_are_revoked(redemption: Redemption, claim: str) -> None:
    other = redemption.issue()
    other_claim = (await redemption.claim(other)).unwrap().claim

    await redemption.confirm(claim)

    assert await redemption.claim(other) == Failure(InvitationSpent())
    assert await redemption.confirm(other_claim) == Failure(ClaimOver())


async def test_a_patient_who_may_no_longer_be_invited_does_not_register(
    redemption: Redemption, claim: str
) -> None:
    await reported(redemption.register, a_report(*IDENTIFIERS, deceased=True))

    refused = await redemption.confirm(claim)

    assert refused == Failure(NoLongerEligible())
    event = redemption.trail.events[-1]
    assert (event.outcome, event.omitted) == (Outcome.NO_LONGER_ELIGIBLE, {OmissionReason.DECEASED: 1})


async def test_the_audit_event_names_caller_organisation_and_patient(
    redemption: Redemption, claim: str
) -> None:
    await redemption.confirm(claim)

    requests = SequentialRequestIds()
    requests.draw()
    assert redemption.trail.events[1:] == [
        AuditEvent(
            request_id=requests.draw(),
            recorded_at=NOW,
            operation=Operation.CONFIRM_REGISTRATION,
            outcome=Outcome.CARRIED_OUT,
            client_id=PORTAL,
            organisation_id=HOSPITAL,
            answered_patients=(a_patient_id(),),
        )
    ]


async def test_a_refused_confirmation_is_recorded(redemption: Redemption) -> None:
    await redemption.confirm("0" * 26)

    [event] = redemption.trail.events
    assert (event.outcome, event.organisation_id, event.omitted_patients) == (Outcome.CLAIM_OVER, None, {})


def test_no_repr_shows_a_claim() -> None:
    assert repr(ConfirmCommand(PORTAL, "secret")) == "ConfirmCommand(<hidden>)"

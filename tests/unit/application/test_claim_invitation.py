from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from application.claim_invitation import ClaimCommand
from application.ports.invitations import DrawnSecrets
from application.ports.redemption import Decide, RedemptionRepository
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.redemption import (
    CLAIM_LIFETIME,
    BirthDateWrong,
    ClaimRefused,
    InvitationExpired,
    InvitationSpent,
    NoLongerEligible,
    PairUnknown,
)
from tests.builders import ADULT, EXPIRY, HOSPITAL, NOW, a_patient_id, a_report, reported
from tests.fakes.redemption_repository import InMemoryRedemptions
from tests.unit.application.call_record import FIRST_REQUEST
from tests.unit.application.redemption import IDENTIFIERS, PORTAL, Redemption

T = TypeVar("T")

OTHER_DAY = date(1980, 4, 2)


async def test_a_claim_is_given_for_code_token_and_birth_date(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    claimed = (await redemption.claim(issued)).unwrap()

    assert (len(claimed.claim), claimed.expires_at) == (26, NOW + CLAIM_LIFETIME)


async def test_what_is_typed_is_forgiven(redemption: Redemption, issued: DrawnSecrets) -> None:
    code, token = f" {issued.code[:5]}-{issued.code[5:]}".lower(), issued.token.replace("0", "o")

    claimed = await redemption.claim_invitation(ClaimCommand(PORTAL, code, token, ADULT))

    assert isinstance(claimed, Success)


async def test_a_claim_spends_nothing(redemption: Redemption, issued: DrawnSecrets) -> None:
    await redemption.claim(issued)

    again = await redemption.claim(issued)

    assert isinstance(again, Success)
    assert not redemption.register.known[a_patient_id()].registered


async def test_an_unknown_code_and_a_wrong_token_are_refused_alike(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    unknown = await redemption.claim(replace(issued, code="0000000000"))
    wrong = await redemption.claim(issued, token="0000000000")

    assert unknown == wrong == Failure(PairUnknown())


async def test_the_audit_tells_an_unknown_code_from_a_wrong_token(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    await redemption.claim(replace(issued, code="0000000000"))
    await redemption.claim(issued, token="0000000000")

    unknown, wrong = redemption.trail.events
    assert (unknown.outcome, unknown.organisation_id, unknown.omitted_patients) == (
        Outcome.CODE_UNKNOWN,
        None,
        {},
    )
    assert (wrong.outcome, wrong.organisation_id) == (Outcome.TOKEN_WRONG, HOSPITAL)
    assert wrong.omitted_patients == {Outcome.TOKEN_WRONG: (a_patient_id(),)}


@pytest.mark.parametrize(
    ("wait", "refusal", "outcome"),
    [
        pytest.param(EXPIRY - NOW, InvitationExpired(), Outcome.INVITATION_EXPIRED, id="expired"),
        pytest.param(timedelta(), InvitationSpent(), Outcome.INVITATION_SPENT, id="redeemed"),
    ],
)
async def test_an_invitation_that_is_over_is_refused(
    redemption: Redemption, issued: DrawnSecrets, wait: timedelta, refusal: ClaimRefused, outcome: Outcome
) -> None:
    if not wait:
        await redemption.confirm((await redemption.claim(issued)).unwrap().claim)
    redemption.clock.let_pass(wait)

    refused = await redemption.claim(issued, OTHER_DAY)

    assert refused == Failure(refusal)
    assert redemption.outcomes()[-1] == outcome
    assert redemption.failed_attempts(issued) == 0


async def test_a_patient_who_may_no_longer_be_invited_is_refused_without_a_reason(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    await reported(redemption.register, a_report(*IDENTIFIERS, deceased=True))

    refused = await redemption.claim(issued)

    assert refused == Failure(NoLongerEligible())
    assert (redemption.failed_attempts(issued), redemption.redemptions.failures) == (0, [])


async def test_the_audit_holds_the_reason_why_a_patient_may_no_longer_be_invited(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    await reported(redemption.register, a_report(*IDENTIFIERS, deceased=True))

    await redemption.claim(issued)

    [event] = redemption.trail.events
    assert (event.outcome, event.omitted) == (Outcome.NO_LONGER_ELIGIBLE, {OmissionReason.DECEASED: 1})
    assert event.omitted_patients == {OmissionReason.DECEASED: (a_patient_id(),)}


async def test_the_audit_holds_the_reason_why_no_date_of_birth_can_be_right() -> None:
    redemption = Redemption()
    await reported(redemption.register, a_report(*IDENTIFIERS, date_of_birth=None))
    issued = redemption.issue()

    refused = await redemption.claim(issued)

    [event] = redemption.trail.events
    assert refused == Failure(NoLongerEligible())
    assert (event.outcome, event.omitted) == (
        Outcome.NO_LONGER_ELIGIBLE,
        {OmissionReason.NO_DATE_OF_BIRTH: 1},
    )


async def test_eligibility_is_not_told_to_who_does_not_know_the_birth_date(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    await reported(redemption.register, a_report(*IDENTIFIERS, deceased=True))

    assert await redemption.claim(issued, OTHER_DAY) == Failure(BirthDateWrong(4))


async def test_an_invitation_of_a_disabled_organisation_is_refused(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    redemption.redemptions.disabled.add(HOSPITAL)

    assert await redemption.claim(issued) == Failure(NoLongerEligible())


async def test_the_audit_event_of_a_claim_names_caller_organisation_and_patient(
    redemption: Redemption, issued: DrawnSecrets
) -> None:
    await redemption.claim(issued)

    assert redemption.trail.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=NOW,
            operation=Operation.CLAIM_INVITATION,
            outcome=Outcome.CARRIED_OUT,
            client_id=PORTAL,
            organisation_id=HOSPITAL,
            answered_patients=(a_patient_id(),),
        )
    ]


async def test_every_attempt_is_recorded_with_its_cause(redemption: Redemption, issued: DrawnSecrets) -> None:
    for _ in range(6):
        await redemption.claim(issued, OTHER_DAY)

    assert redemption.outcomes() == [Outcome.BIRTH_DATE_WRONG] * 5 + [Outcome.INVITATION_LOCKED]


class Meanwhile(RedemptionRepository):
    """Lets something happen after an attempt was counted, and before its claim is stored."""

    def __init__(self, redemptions: InMemoryRedemptions, *, vanish: bool) -> None:
        self.redemptions = redemptions
        self.vanish = vanish
        self.calls = 0

    async def by_code(self, code_digests: Sequence[bytes], since: object, decide: Decide[T]) -> T:
        self.calls += 1
        if self.calls == 2 and self.vanish:
            return decide(None)[1]
        if self.calls == 2:
            fate = self.redemptions.fates[code_digests[0]]
            fate.life = replace(fate.life, revoked_at=NOW)
        return await self.redemptions.by_code(code_digests, NOW, decide)

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        return decide(None)[1]


@pytest.mark.parametrize(
    ("vanish", "refusal"),
    [pytest.param(False, InvitationSpent(), id="revoked"), pytest.param(True, PairUnknown(), id="erased")],
)
async def test_what_happens_while_a_claim_is_judged_is_judged_again(
    vanish: bool,  # noqa: FBT001 - a case
    refusal: ClaimRefused,
) -> None:
    redemption = Redemption(partial(Meanwhile, vanish=vanish))
    await redemption.bring_in()
    issued = redemption.issue()

    assert await redemption.claim(issued) == Failure(refusal)


async def test_nothing_shows_what_was_typed(redemption: Redemption, issued: DrawnSecrets) -> None:
    command = ClaimCommand(PORTAL, issued.code, issued.token, ADULT)

    await redemption.claim_invitation(command)

    shown = f"{command} {redemption.trail.events}"
    assert not [text for text in (issued.code, issued.token, "1980") if text in shown]

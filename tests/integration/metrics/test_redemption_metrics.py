"""Claims and redeemed invitations are counted by what was stored."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from adapters.telemetry.observed_ports import ObservedAuditRepository, unobserved
from adapters.telemetry.observed_redemption import ObservedRedemptionRepository
from adapters.telemetry.prometheus import Metrics
from domain.audit import CLAIM_REFUSALS
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.integration.metrics.support.figures import figures_of
from tests.unit.application.redemption import Redemption

OTHER_DAY = date(1980, 4, 2)


@pytest.fixture
async def redemption(metrics: Metrics) -> Redemption:
    redemption = Redemption(
        lambda redemptions: ObservedRedemptionRepository(
            redemptions, unobserved, metrics.count, metrics.redemptions.redeemed
        ),
        ObservedAuditRepository(InMemoryAuditRepository(), unobserved, metrics.count),
    )
    await redemption.bring_in()
    return redemption


async def test_claims_are_counted_and_the_refused_ones_by_their_cause(
    redemption: Redemption, metrics: Metrics
) -> None:
    issued = redemption.issue()
    await redemption.claim(replace(issued, code="0000000000"))
    await redemption.claim(issued, token="0000000000")
    await redemption.claim(issued, OTHER_DAY)
    await redemption.claim(issued)

    figures = figures_of(metrics)
    assert figures.sum("invitations_claims_total") == 1
    assert figures.by("cause", "invitations_claims_refused_total") == {
        "code-unknown": 1,
        "token-wrong": 1,
        "birth-date-wrong": 1,
    }


def test_every_cause_begins_at_zero(metrics: Metrics) -> None:
    assert figures_of(metrics).values("cause") >= {*CLAIM_REFUSALS}


async def test_a_redeemed_invitation_is_counted_once_with_the_days_since_its_issue(
    redemption: Redemption, metrics: Metrics
) -> None:
    issued = redemption.issue()
    redemption.clock.let_pass(timedelta(days=4))
    claim = (await redemption.claim(issued)).unwrap().claim

    await redemption.confirm(claim)
    await redemption.confirm(claim)
    await redemption.confirm("0" * 26)

    figures = figures_of(metrics)
    assert figures.sum("invitations_redeemed_total") == 1
    assert figures.sum("invitations_redeemed_after_days_sum") == 4
    assert figures.sum("invitations_redeemed_after_days_bucket", le="5.0") == 1
    assert figures.sum("invitations_redeemed_after_days_bucket", le="3.0") == 0

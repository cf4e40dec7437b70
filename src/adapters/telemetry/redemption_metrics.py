"""The metrics of claims and redeemed invitations."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram

from domain.access import Operation
from domain.audit import CLAIM_REFUSALS, AuditEvent, Outcome

_DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90)
_DAY_SECONDS = 86_400


class RedemptionMetrics:
    """Counts claims and redeemed invitations, over all organisations."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics."""
        self._claims = Counter("invitations_claims", "Claims that were given.", registry=registry)
        refused = Counter(
            "invitations_claims_refused",
            "Claims that were refused, by the cause that is also in the audit.",
            ["cause"],
            registry=registry,
        )
        self._refused = {cause: refused.labels(cause) for cause in CLAIM_REFUSALS}
        self._redeemed = Counter("invitations_redeemed", "Invitations that were redeemed.", registry=registry)
        self._days = Histogram(
            "invitations_redeemed_after_days",
            "Days from the issue of an invitation to its redemption.",
            buckets=_DAYS,
            registry=registry,
        )

    def count(self, event: AuditEvent) -> None:
        """Count a claim by its event, which was just stored."""
        if event.operation != Operation.CLAIM_INVITATION:
            return
        if event.outcome == Outcome.CARRIED_OUT:
            self._claims.inc()
        elif event.outcome in self._refused:
            self._refused[Outcome(event.outcome)].inc()

    def redeemed(self, after: timedelta) -> None:
        """Count an invitation that was redeemed so long after its issue."""
        self._redeemed.inc()
        self._days.observe(after.total_seconds() / _DAY_SECONDS)

"""What was decided about calls, and about the patients that they name."""

from itertools import product

from prometheus_client import CollectorRegistry, Counter

from domain.audit_event import AuditEvent, Outcome
from domain.eligibility_policy import IneligibilityReason
from domain.operation import Operation


class CallMetrics:
    """Counts calls on operations as they are put on record, so that each is counted once.

    All that can be counted begins at zero: a rate needs a figure before the first event.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """Count nothing yet."""
        recorded = Counter(
            "invitations_calls_recorded",
            "Calls put on record, by what became of them.",
            ["operation", "outcome"],
            registry=registry,
        )
        asked = Counter(
            "invitations_identifiers_asked",
            "Patient identifiers in the calls that were carried out.",
            ["operation"],
            registry=registry,
        )
        omitted = Counter(
            "invitations_identifiers_omitted",
            "Distinct patient identifiers left out, or whose status was not told in full.",
            ["operation", "reason"],
            registry=registry,
        )
        self._issued = Counter("invitations_issued", "New invitations.", registry=registry)
        # looked up once: the library takes longer to find a counter by its labels than to count
        self._recorded = {pair: recorded.labels(*pair) for pair in product(Operation, Outcome)}
        self._asked = {operation: asked.labels(operation) for operation in Operation}
        self._omitted = {pair: omitted.labels(*pair) for pair in product(Operation, IneligibilityReason)}

    def count(self, event: AuditEvent) -> None:
        """Count what an event tells; it has just been stored."""
        self._recorded[event.operation, event.outcome].inc()
        if event.outcome is Outcome.CARRIED_OUT:
            self._asked[event.operation].inc(event.asked)
        if event.issued_patients:
            self._issued.inc(len(event.issued_patients))
        for reason, times in event.omitted.items():
            self._omitted[event.operation, reason].inc(times)

"""Calls are counted by their stored decisions."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from returns.result import Failure

from adapters.telemetry.observed_ports import (
    ObservedAuditRepository,
    ObservedInvitationRepository,
    unobserved,
)
from adapters.telemetry.prometheus import Metrics
from application.ports.system import Unavailable
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from tests.builders import a_patient_id, an_audit_event, an_invitation
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.integration.metrics.support.figures import Figures, figures_of


class LostTrail(InMemoryAuditRepository):
    async def record(self, event: AuditEvent) -> None:
        raise Unavailable("it is away")


def counted(figures: Figures) -> Sequence[float]:
    """Give how many calls, identifiers and invitations were counted."""
    names = ("calls_recorded", "identifiers_asked", "issued", "identifiers_omitted")
    return [figures.sum(f"invitations_{name}_total") for name in names]


async def test_stored_invitations_are_counted(metrics: Metrics) -> None:
    store = ObservedInvitationRepository(InMemoryInvitationRepository(), unobserved, metrics.calls.count)
    event = replace(
        an_audit_event(issued_patients=[a_patient_id(1), a_patient_id(2)]),
        asked=7,
        omitted={OmissionReason.DECEASED: 1, OmissionReason.NOT_FOUND: 3},
    )

    await store.add([an_invitation("A" * 10, patient=1), an_invitation("B" * 10, patient=2)], event)

    figures = figures_of(metrics)
    assert figures.by("outcome", "invitations_calls_recorded_total") == {"carried-out": 1}
    assert figures.by("operation", "invitations_identifiers_asked_total") == {"generate-invitation-tokens": 7}
    assert figures.by("reason", "invitations_identifiers_omitted_total") == {"deceased": 1, "not-found": 3}
    assert figures.sum("invitations_issued_total") == 2


async def test_invitations_that_were_not_stored_are_not_counted(metrics: Metrics) -> None:
    store = ObservedInvitationRepository(InMemoryInvitationRepository(), unobserved, metrics.calls.count)
    await store.add([an_invitation()], an_audit_event(1, issued_patients=[a_patient_id()]))
    before = counted(figures_of(metrics))

    added = await store.add([an_invitation()], an_audit_event(2, issued_patients=[a_patient_id()]))

    assert isinstance(added, Failure)
    assert counted(figures_of(metrics)) == before == [1, 2, 1, 1]


async def test_a_call_that_cannot_be_recorded_is_not_counted(metrics: Metrics) -> None:
    trail = ObservedAuditRepository(LostTrail(), unobserved, metrics.calls.count)

    with pytest.raises(Unavailable):
        await trail.record(an_audit_event())

    assert counted(figures_of(metrics)) == [0, 0, 0, 0]


async def test_a_replayed_answer_counts_no_invitation(metrics: Metrics) -> None:
    trail = ObservedAuditRepository(InMemoryAuditRepository(), unobserved, metrics.calls.count)
    event = replace(
        an_audit_event(),
        outcome=Outcome.ANSWERED_AGAIN,
        answered_patients=(a_patient_id(),),
        omitted={OmissionReason.DECEASED: 1},
    )

    await trail.record(event)

    assert figures_of(metrics).by("outcome", "invitations_calls_recorded_total") == {"answered-again": 1}
    assert counted(figures_of(metrics)) == [1, 0, 0, 0]


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.CARRIED_OUT])
async def test_identifiers_of_a_call_that_is_not_carried_out_are_not_counted(
    metrics: Metrics, outcome: Outcome
) -> None:
    trail = ObservedAuditRepository(InMemoryAuditRepository(), unobserved, metrics.calls.count)

    await trail.record(replace(an_audit_event(), outcome=outcome, asked=3, omitted={}))

    assert counted(figures_of(metrics)) == [1, 0, 0, 0]


def test_every_outcome_and_reason_is_there_before_the_first_call(metrics: Metrics) -> None:
    samples = {
        name: [sample.labels for sample in family.samples]
        for name, family in figures_of(metrics).families.items()
    }

    assert samples["invitations_calls_recorded"] == [
        {"operation": operation, "outcome": outcome} for operation in Operation for outcome in Outcome
    ]
    assert samples["invitations_identifiers_omitted"] == [
        {"operation": operation, "reason": reason} for operation in Operation for reason in OmissionReason
    ]

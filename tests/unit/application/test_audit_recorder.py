import pytest

from application.ports.system import Unavailable
from domain.access import Caller
from domain.audit import AuditEvent, Outcome
from tests.builders import (
    CLIENT,
    GENERATE,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    STATUS_QUERY,
    an_audit_event,
    an_authorised_caller,
)
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record


def test_a_call_is_not_recorded_before_it_is_complete() -> None:
    trail = InMemoryAuditRepository()

    event = a_call_record(trail).begin(an_authorised_caller(operation=STATUS_QUERY), asked=7)

    assert trail.events == []
    assert event == AuditEvent(
        request_id=FIRST_REQUEST,
        recorded_at=NOW,
        operation=STATUS_QUERY,
        outcome=Outcome.CARRIED_OUT,
        client_id=CLIENT,
        organisation_id=HOSPITAL,
        asked=7,
    )


async def test_a_complete_call_is_recorded_as_it_is() -> None:
    trail = InMemoryAuditRepository()

    await a_call_record(trail).complete(an_audit_event())

    assert trail.events == [an_audit_event()]


async def test_a_refused_call_is_recorded_with_the_number_of_identifiers() -> None:
    trail = InMemoryAuditRepository()

    await a_call_record(trail).refused(an_authorised_caller(), Outcome.IDENTIFIERS_REFUSED, asked=501)

    assert trail.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=NOW,
            operation=GENERATE,
            outcome=Outcome.IDENTIFIERS_REFUSED,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=501,
        )
    ]


async def test_an_unread_request_is_recorded_without_identifiers() -> None:
    trail = InMemoryAuditRepository()

    await a_call_record(trail).refused(an_authorised_caller(), Outcome.REQUEST_NOT_UNDERSTOOD)

    assert [event.asked for event in trail.events] == [0]


async def test_a_refused_caller_is_recorded_with_its_organisation() -> None:
    trail = InMemoryAuditRepository()
    record = a_call_record(trail)

    await record.turned_away(GENERATE, Outcome.ORGANISATION_MISSING, Caller(CLIENT))
    await record.turned_away(GENERATE, Outcome.ORGANISATION_FORBIDDEN, Caller("kiosk"), OTHER_HOSPITAL)

    assert [(event.outcome, event.client_id, event.organisation_id) for event in trail.events] == [
        (Outcome.ORGANISATION_MISSING, CLIENT, None),
        (Outcome.ORGANISATION_FORBIDDEN, "kiosk", OTHER_HOSPITAL),
    ]


async def test_every_call_has_a_request_id_of_its_own() -> None:
    trail = InMemoryAuditRepository()
    record = a_call_record(trail)

    await record.complete(record.begin(an_authorised_caller(), asked=1))
    await record.refused(an_authorised_caller(), Outcome.THROTTLED)
    await record.turned_away(GENERATE, Outcome.SCOPE_MISSING, Caller(CLIENT))

    assert len({event.request_id for event in trail.events}) == 3


async def test_a_call_that_cannot_be_recorded_fails() -> None:
    record = a_call_record(OutOfOrder())

    with pytest.raises(Unavailable):
        await record.complete(an_audit_event())
    with pytest.raises(Unavailable):
        await record.refused(an_authorised_caller(), Outcome.THROTTLED)
    with pytest.raises(Unavailable):
        await record.turned_away(GENERATE, Outcome.SCOPE_MISSING, Caller(CLIENT))

"""What puts calls on record, over fakes."""

from application.audit_recorder import RecordCall
from application.ports.audit import AuditTrail
from application.ports.system import Clock
from tests.builders import NOW, TODAY
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.clock import FixedClock
from tests.fakes.request_ids import SequentialRequestIds

FIRST_REQUEST = SequentialRequestIds().draw()


def a_call_record(trail: AuditTrail | None = None, clock: Clock | None = None) -> RecordCall:
    return RecordCall(trail or InMemoryAuditTrail(), SequentialRequestIds(), clock or FixedClock(NOW, TODAY))

"""An audit recorder with fakes, and what charges callers with it."""

from application.audit_recorder import AuditRecorder
from application.charge_callers import ChargeCallers
from application.ports.access import RateLimits
from application.ports.audit import AuditRepository
from application.ports.system import Clock
from tests.builders import NOW, TODAY
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.request_ids import SequentialRequestIds

FIRST_REQUEST = SequentialRequestIds().draw()


def a_call_record(trail: AuditRepository | None = None, clock: Clock | None = None) -> AuditRecorder:
    return AuditRecorder(
        trail or InMemoryAuditRepository(), SequentialRequestIds(), clock or FixedClock(NOW, TODAY)
    )


def a_charge(record: AuditRecorder, allowances: RateLimits | None = None) -> ChargeCallers:
    return ChargeCallers(allowances or CountedRateLimits(), record)

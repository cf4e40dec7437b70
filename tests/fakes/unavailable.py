"""Infrastructure that is down."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NoReturn

from application.ports.access import (
    AccessTokenVerifier,
    GrantRepository,
    OrganisationGrants,
    OrganisationRepository,
    RateLimits,
    RedemptionGrantRepository,
    RedemptionGrants,
)
from application.ports.audit import AuditRepository
from application.ports.invitations import IdempotencyRepository, InvitationRepository
from application.ports.patients import PatientReportRepository, PatientRepository
from application.ports.system import Unavailable
from domain.access import Charged
from domain.audit import AuditEvent


async def _refuse(*_: object, **__: object) -> NoReturn:
    raise Unavailable


class OutOfOrder(
    AccessTokenVerifier,
    AuditRepository,
    RateLimits,
    RedemptionGrantRepository,
    RedemptionGrants,
    GrantRepository,
    InvitationRepository,
    OrganisationGrants,
    OrganisationRepository,
    PatientReportRepository,
    PatientRepository,
    IdempotencyRepository,
):
    """Any of the ports that do I/O, raising `Unavailable` at every call."""

    verify = add = remove = all = terms = patients = revoke = contains = change = find = record = take = (
        _refuse
    )
    forget = includes = _refuse

    def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        raise Unavailable

    def not_recorded(self, charged: Charged) -> None:
        raise Unavailable

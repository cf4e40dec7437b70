"""Infrastructure that is down."""

from typing import NoReturn

from application.ports.access import (
    AccessTokenVerifier,
    CallAllowances,
    GrantRegister,
    OrganisationGrants,
    OrganisationRegister,
)
from application.ports.audit import AuditTrail
from application.ports.invitations import InvitationStore, RememberedRequests
from application.ports.patients import PatientRegister, PatientRepository
from application.ports.system import Unavailable


async def _refuse(*_: object, **__: object) -> NoReturn:
    raise Unavailable


class OutOfOrder(
    AccessTokenVerifier,
    AuditTrail,
    CallAllowances,
    GrantRegister,
    InvitationStore,
    OrganisationGrants,
    OrganisationRegister,
    PatientRegister,
    PatientRepository,
    RememberedRequests,
):
    """Any of the ports that do I/O, raising `Unavailable` at every call."""

    verify = add = remove = all = includes = contains = owners = merge = find = record = take = _refuse
    forget = _refuse

"""Infrastructure that is down."""

from typing import NoReturn

from application.ports.access_token_verifier import AccessTokenVerifier
from application.ports.audit_trail import AuditTrail
from application.ports.call_allowances import CallAllowances
from application.ports.grant_register import GrantRegister
from application.ports.invitation_store import InvitationStore
from application.ports.organisation_grants import OrganisationGrants
from application.ports.organisation_register import OrganisationRegister
from application.ports.patient_register import PatientRegister
from application.ports.patient_repository import PatientRepository
from application.ports.remembered_requests import RememberedRequests
from application.ports.unavailable import Unavailable


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

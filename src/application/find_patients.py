"""A step of the use cases: find the patients that a request names."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.charge_callers import ChargeCallers
from application.ports.patients import PatientRepository
from domain.access import AuthorisedCaller
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.identifiers import (
    InvalidIdentifiers,
    PatientIdentifier,
    RequestedIdentifier,
    read_identifiers,
)
from domain.patients import Patient
from domain.rate_limits import Throttled
from domain.results import failed

IdentifiersRejected: TypeAlias = InvalidIdentifiers | Throttled


class FindPatients:
    """Find the patients that a request names, as the organisation sees them.

    - It names at least one, and no more than the operation allows.
    - One unsupported identifier system rejects the whole request; no patient has a malformed number.
    - The caller asks for no more than its rate limit for the organisation allows.
    """

    def __init__(self, patients: PatientRepository, charge: ChargeCallers, record: AuditRecorder) -> None:
        """Charge patient identifiers by `charge`."""
        self._patients = patients
        self._charge = charge
        self._record = record

    async def __call__(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], at_most: int
    ) -> Result[Sequence[Patient | None], IdentifiersRejected]:
        """Return the patient of each identifier, in request order, or why the request is refused.

        A refusal is recorded. Raises `Unavailable`.
        """
        read = read_identifiers(requested, at_most)
        if failed(read):
            await self._record.refused(authorised, Outcome.IDENTIFIERS_REFUSED, len(requested))
            return Failure(read.failure())
        charged = await self._charge.patients(authorised, len(requested))
        if failed(charged):
            return Failure(charged.failure())
        return Success(await self._named(authorised, read.unwrap()))

    async def again(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier]
    ) -> Sequence[Patient | None]:
        """Return who each identifier names that was accepted before. Raises `Unavailable`.

        So do those of a request that is sent again, or of a batch: they count against the allowance once.
        """
        identifiers = [PatientIdentifier.parse(each.system, each.value).value_or(None) for each in requested]
        return await self._named(authorised, identifiers)

    async def _named(
        self, authorised: AuthorisedCaller, identifiers: Sequence[PatientIdentifier | None]
    ) -> Sequence[Patient | None]:
        well_formed = [identifier for identifier in dict.fromkeys(identifiers) if identifier is not None]
        patients = await self._patients.find(authorised.organisation_id, well_formed)
        return [None if identifier is None else patients.get(identifier) for identifier in identifiers]


def with_patients(event: AuditEvent, patients: Sequence[Patient | None]) -> AuditEvent:
    """Add the patients of the distinct identifiers to an event."""
    known = {patient.id: patient for patient in patients if patient is not None}
    not_told = tuple(each.id for each in known.values() if not each.care_relationship)
    return replace(
        event,
        answered_patients=tuple(each.id for each in known.values() if each.care_relationship),
        omitted=Counter(reason for patient in patients if (reason := _reason_not_told(patient))),
        omitted_patients={OmissionReason.NO_CARE_RELATIONSHIP: not_told} if not_told else {},
    )


def _reason_not_told(patient: Patient | None) -> OmissionReason | None:
    if patient is None:
        return OmissionReason.NOT_FOUND
    return None if patient.care_relationship else OmissionReason.NO_CARE_RELATIONSHIP

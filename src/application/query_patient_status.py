"""Use case: query the status of patients by their national identifiers."""

from collections.abc import Sequence

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.find_patients import FindPatients, IdentifiersRejected, with_patients
from domain.access import AuthorisedCaller
from domain.identifiers import RequestedIdentifier
from domain.invitations import RequestId
from domain.patients import PatientStatus, status_of
from domain.results import failed

MAX_STATUS_IDENTIFIERS = 5_000


class StatusQuery(Struct, frozen=True):
    """Query the status of these patients for the organisation that the caller acts for."""

    authorised: AuthorisedCaller
    identifiers: Sequence[RequestedIdentifier]


class IdentifierStatus(Struct, frozen=True):
    """An identifier as the caller sent it, and the status of its patient."""

    identifier: RequestedIdentifier
    status: PatientStatus


class PatientStatuses(Struct, frozen=True):
    """The answer to a query: every identifier, in request order."""

    request_id: RequestId
    statuses: Sequence[IdentifierStatus]


class QueryPatientStatus:
    """Answer with the status of the patients that a query names.

    - It names 1 to 5,000 patients; each identifier is answered, a repeated one too.
    - Without a care relationship, the organisation learns less about a patient.
    - The query is recorded in the audit before it is answered.
    """

    def __init__(self, find: FindPatients, record: AuditRecorder) -> None:
        """Join the steps of the use case."""
        self._find = find
        self._record = record

    async def __call__(self, query: StatusQuery) -> Result[PatientStatuses, IdentifiersRejected]:
        """Return the statuses, or why the query is refused. Raises `Unavailable`."""
        found = await self._find(query.authorised, query.identifiers, MAX_STATUS_IDENTIFIERS)
        if failed(found):
            return Failure(found.failure())
        patients = found.unwrap()
        event = with_patients(
            self._record.begin(query.authorised, len(query.identifiers)),
            list(dict(zip(query.identifiers, patients, strict=True)).values()),
        )
        await self._record.complete(event)
        statuses = [
            IdentifierStatus(identifier, status_of(patient))
            for identifier, patient in zip(query.identifiers, patients, strict=True)
        ]
        return Success(PatientStatuses(event.request_id, statuses))

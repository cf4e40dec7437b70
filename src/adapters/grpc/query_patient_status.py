"""The method QueryPatientStatus."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import assert_never

from google.type.date_pb2 import Date
from returns.result import Failure, Success

from adapters.grpc.call import Call, OperationCalls
from adapters.grpc.dispatch import Answered
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    InaccessiblePatient,
    KnownPatient,
    PatientIdentifier,
    PatientStatus,
    QueryPatientStatusRequest,
    QueryPatientStatusResponse,
    UnknownPatient,
)
from adapters.grpc.messages import read_patient_identifiers
from adapters.grpc.status_codes import grpc_refusal
from adapters.serving.refusals import identifiers_refusal
from application.query_patient_status import (
    MAX_STATUS_IDENTIFIERS,
    PatientStatuses,
    QueryPatientStatus,
    StatusQuery,
)
from domain.access import Operation
from domain.patients import Known, NoAccess, NotFound
from domain.patients import PatientStatus as Status
from domain.results import failed


class QueryPatientStatusMethod:
    """Gives an authorised caller the status of the patients that it names."""

    def __init__(self, calls: OperationCalls, query: QueryPatientStatus) -> None:
        """Authorise callers with `calls`; `query` is the use case."""
        self._calls = calls
        self._query = query

    async def __call__(self, call: Call) -> Answered:
        """Answer one call. Raises `Unavailable`."""
        authorised = await self._calls.authorise(Operation.STATUS_QUERY, call.metadata, call.line)
        if failed(authorised):
            return Failure(authorised.failure())
        caller = authorised.unwrap()
        received = await call.read(QueryPatientStatusRequest)
        if failed(received):
            return Failure(await self._calls.refuse(caller, received.failure(), call.line))
        asked = list(islice(received.unwrap().identifiers, MAX_STATUS_IDENTIFIERS + 1))
        identifiers = read_patient_identifiers(asked)
        if failed(identifiers):
            return Failure(await self._calls.refuse(caller, identifiers.failure(), call.line))
        call.line.note(asked=len(asked))
        answered = await self._query(StatusQuery(caller, identifiers.unwrap()))
        if failed(answered):
            call.line.note(refusal=type(answered.failure()).__name__)
            return Failure(grpc_refusal(identifiers_refusal(answered.failure())))
        call.line.note(audit_id=str(answered.unwrap().request_id))
        await call.write(_answer(answered.unwrap(), asked))
        return Success(None)


def _answer(answered: PatientStatuses, asked: Sequence[PatientIdentifier]) -> QueryPatientStatusResponse:
    pairs = zip(asked, answered.statuses, strict=True)
    return QueryPatientStatusResponse(
        statuses=[_entry(identifier, each.status) for identifier, each in pairs]
    )


def _entry(identifier: PatientIdentifier, status: Status) -> PatientStatus:
    match status:
        case Known(deceased, registered, born):
            known = KnownPatient(
                deceased=deceased, registered=registered, date_of_birth=None if born is None else _date(born)
            )
            return PatientStatus(identifier=identifier, known=known)
        case NoAccess(deceased, registered):
            no_access = InaccessiblePatient(deceased=deceased, registered=registered)
            return PatientStatus(identifier=identifier, no_access=no_access)
        case NotFound():
            return PatientStatus(identifier=identifier, not_found=UnknownPatient())
        case _:
            assert_never(status)


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)

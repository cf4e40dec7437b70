"""A remembered request as a row of its table."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from msgspec import Struct, convert
from sqlalchemy import Insert, Row, insert

from adapters.sql.parameter import parameter
from adapters.sql.tables import remembered_request
from domain.decisions import Decisions
from domain.idempotency import Fingerprint, RememberedRequest, RepeatableRequest, RequestName
from domain.invitation import RequestId
from domain.patient import PatientId

INSERT_REMEMBERED_REQUEST: Insert = insert(remembered_request).values(
    {column: parameter(column) for column in remembered_request.c}
)


class _Answer(Struct, frozen=True):
    """What the column `answer` holds."""

    decisions: Decisions
    attempts: Mapping[PatientId, int]


def name_values(name: RequestName) -> Mapping[str, Any]:
    """Give the values of the primary key; of what the caller wrote, only a digest is kept."""
    return {
        "client_id": name.grant.client_id,
        "organisation_id": name.grant.organisation_id.value,
        "key_digest": sha256(name.key.text.encode()).digest(),
    }


def remembered_request_values(remembered: RememberedRequest) -> Mapping[str, Any]:
    """Give the parameters of `INSERT_REMEMBERED_REQUEST`."""
    request = remembered.request
    values = {
        **name_values(request.name),
        "fingerprint": request.fingerprint.digest,
        "key_id": request.fingerprint.key_id,
        "request_id": remembered.request_id,
        "issued_at": remembered.issued_at,
        "expires_at": remembered.expires_at,
        "answer": _Answer(request.decisions, remembered.attempts),
    }
    return {f"remembered_request_{column}": value for column, value in values.items()}


def remembered_request_of(name: RequestName, row: Row[Any]) -> RememberedRequest:
    """Read the row of a request of this name."""
    answer = convert(row.answer, _Answer)
    return RememberedRequest(
        RepeatableRequest(name, Fingerprint(row.key_id, row.fingerprint), answer.decisions),
        RequestId(row.request_id),
        row.issued_at,
        row.expires_at,
        answer.attempts,
    )

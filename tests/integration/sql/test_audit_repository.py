"""The rows that the audit repository writes."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.tables import audit_event
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from tests.builders import (
    CLIENT,
    GENERATE,
    HOSPITAL,
    NOW,
    STATUS_QUERY,
    a_patient_id,
    a_request_id,
    an_audit_event,
)
from tests.integration.sql.rows import row_counts, rows


async def test_the_event_of_a_status_query_is_stored_as_it_is(
    url: str, audit_repository: SqlAuditRepository
) -> None:
    await audit_repository.record(
        AuditEvent(
            request_id=a_request_id(1),
            recorded_at=NOW,
            operation=STATUS_QUERY,
            outcome=Outcome.CARRIED_OUT,
            client_id=CLIENT,
            organisation_id=HOSPITAL,
            asked=4,
            answered_patients=(a_patient_id(1), a_patient_id(2)),
            omitted={OmissionReason.NO_CARE_RELATIONSHIP: 1, OmissionReason.NOT_FOUND: 1},
            omitted_patients={OmissionReason.NO_CARE_RELATIONSHIP: (a_patient_id(3),)},
        )
    )

    [stored] = await rows(url, select(*audit_event.c[1:]))
    assert {**stored._mapping} == {  # noqa: SLF001 - SQLAlchemy's public name for it
        "request_id": a_request_id(1),
        "recorded_at": NOW,
        "operation": "status-query",
        "outcome": "carried-out",
        "client_id": CLIENT,
        "organisation_id": HOSPITAL.value,
        "asked": 4,
        "issued": 0,
        "omitted": {"no-care-relationship": 1, "not-found": 1},
        "patients": {
            "issued": [],
            "answered": [str(a_patient_id(1)), str(a_patient_id(2))],
            "no-care-relationship": [str(a_patient_id(3))],
        },
        "replayed_request_id": None,
        "batch_id": None,
        "reason": None,
    }


async def test_the_event_of_a_refused_call_is_stored_as_it_is(
    url: str, audit_repository: SqlAuditRepository
) -> None:
    await audit_repository.record(
        AuditEvent(
            request_id=a_request_id(1),
            recorded_at=NOW,
            operation=GENERATE,
            outcome=Outcome.ORGANISATION_MISSING,
            client_id=CLIENT,
            organisation_id=None,
        )
    )

    [stored] = await rows(url, select(*audit_event.c[1:]))
    assert {**stored._mapping} == {  # noqa: SLF001 - SQLAlchemy's public name for it
        "request_id": a_request_id(1),
        "recorded_at": NOW,
        "operation": "generate-invitation-tokens",
        "outcome": "organisation-missing",
        "client_id": CLIENT,
        "organisation_id": None,
        "asked": 0,
        "issued": 0,
        "omitted": {},
        "patients": {"issued": [], "answered": []},
        "replayed_request_id": None,
        "batch_id": None,
        "reason": None,
    }


async def test_the_event_of_a_request_that_was_answered_again_names_the_first(
    url: str, audit_repository: SqlAuditRepository
) -> None:
    await audit_repository.record(replace(an_audit_event(2), replayed_request_id=a_request_id(1)))

    named = await rows(url, select(audit_event.c.request_id, audit_event.c.replayed_request_id))
    assert [*named] == [(a_request_id(2), a_request_id(1))]


async def test_a_moment_without_an_offset_is_not_put_on_record(
    url: str, audit_repository: SqlAuditRepository
) -> None:
    naive = replace(an_audit_event(), recorded_at=NOW.replace(tzinfo=None))

    with pytest.raises((StatementError, ValueError), match="a moment needs an offset from UTC"):
        await audit_repository.record(naive)

    assert await row_counts(url) == {}

"""The audit event and the log line of a call are the same over every transport."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
from sqlalchemy import select

from adapters.sql.tables import audit_event
from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    CHILD,
    DECEASED,
    ELSEWHERE,
    HOSPITAL,
    NOT_GRANTED,
    SAME_BY_NHS_NUMBER,
)
from tests.integration.service import Service
from tests.integration.sql.rows import rows
from tests.integration.transports.setup import access_of
from tests.integration.transports.transport import Access, Transport

Act: TypeAlias = Callable[[Transport, Issuer, str], object]
"""A call over a transport, with an access token and a request id."""

ANOTHER_SYSTEM = RequestedIdentifier("https://hospital.test/record-number", "4711")
NO_VALUE = RequestedIdentifier(ADULT.system, "")
SOME = [ADULT, BY_CHI_NUMBER, SAME_BY_NHS_NUMBER, DECEASED, ELSEWHERE, CHILD]
OMITTED = {"deceased": 1, "no-care-relationship": 1, "under-minimum-age": 1}


def _asking(*identifiers: RequestedIdentifier, key: str | None = None, **claims: object) -> Act:
    return lambda transport, issuer, request_id: transport.generate(
        access_of(issuer, **claims), identifiers, key=key, request_id=request_id
    )


def _for(*organisations: str) -> Act:
    return lambda transport, issuer, request_id: transport.generate(
        Access(access_of(issuer).authorization, organisations), [ADULT], request_id=request_id
    )


def _querying(transport: Transport, issuer: Issuer, _request_id: str) -> object:
    return transport.query_status(access_of(issuer), [ADULT, DECEASED, ELSEWHERE])


def last_event(environment: Mapping[str, str]) -> dict[str, Any]:
    table = audit_event.c
    statement = (
        select(table.operation, table.outcome, table.client_id, table.organisation_id, table.asked)
        .add_columns(table.issued, table.omitted)
        .order_by(table.id.desc())
        .limit(1)
    )
    (row,) = asyncio.run(rows(environment["INVITATIONS_DATABASE_URL"], statement))
    return row._asdict()


def an_event(outcome: str, **changes: object) -> dict[str, object]:
    """Give the audit event of a call from the hospital, without identifiers unless `changes` has some."""
    return {
        "operation": "generate-invitation-tokens",
        "outcome": outcome,
        "client_id": CLIENT_ID,
        "organisation_id": HOSPITAL.value,
        "asked": 0,
        "issued": 0,
        "omitted": {},
        **changes,
    }


@pytest.mark.parametrize(
    ("act", "event"),
    [
        pytest.param(
            _asking(*SOME), an_event("carried-out", asked=6, issued=2, omitted=OMITTED), id="generated"
        ),
        pytest.param(
            _querying,
            an_event("carried-out", operation="status-query", asked=3, omitted={"no-care-relationship": 1}),
            id="queried",
        ),
        pytest.param(
            _asking(ADULT, scope="other"), an_event("scope-missing", organisation_id=None), id="scope"
        ),
        pytest.param(_for(), an_event("organisation-missing", organisation_id=None), id="no-organisation"),
        pytest.param(
            _for("hospital"), an_event("organisation-malformed", organisation_id=None), id="no-uuid"
        ),
        pytest.param(
            _for(str(NOT_GRANTED)),
            an_event("organisation-forbidden", organisation_id=NOT_GRANTED.value),
            id="not-granted",
        ),
        pytest.param(_asking(ADULT, NO_VALUE), an_event("request-not-understood"), id="incomplete"),
        pytest.param(_asking(ADULT, key="two words"), an_event("request-not-understood"), id="no-key"),
        pytest.param(_asking(), an_event("identifiers-refused"), id="nobody"),
        pytest.param(
            _asking(ADULT, ANOTHER_SYSTEM), an_event("identifiers-refused", asked=2), id="another-system"
        ),
    ],
)
def test_the_audit_event_is_the_same(
    transport: Transport,
    environment: Mapping[str, str],
    issuer: Issuer,
    act: Act,
    event: Mapping[str, object],
) -> None:
    act(transport, issuer, "")

    assert last_event(environment) == event


def test_an_unauthenticated_caller_leaves_no_audit_event(
    transport: Transport, environment: Mapping[str, str]
) -> None:
    before = last_event(environment)

    transport.generate(Access(()), [ADULT, *SOME])

    assert last_event(environment) == before


@pytest.mark.parametrize(
    ("act", "line"),
    [
        pytest.param(
            _asking(*SOME),
            {"caller": CLIENT_ID, "organisation": str(HOSPITAL), "asked": 6, "issued": 2, "omitted": OMITTED},
            id="generated",
        ),
        pytest.param(_asking(ADULT, exp=1), {"refusal": "AccessTokenExpired"}, id="nobody"),
        pytest.param(
            _asking(ADULT, scope="other"), {"refusal": "ScopeMissing", "caller": CLIENT_ID}, id="scope"
        ),
        pytest.param(_for(), {"refusal": "OrganisationMissing", "caller": CLIENT_ID}, id="no-organisation"),
        pytest.param(
            _for(str(NOT_GRANTED)),
            {"refusal": "OrganisationForbidden", "caller": CLIENT_ID},
            id="not-granted",
        ),
        pytest.param(
            _asking(ADULT, ANOTHER_SYSTEM),
            {
                "refusal": "UnsupportedIdentifierSystems",
                "caller": CLIENT_ID,
                "organisation": str(HOSPITAL),
                "asked": 2,
            },
            id="another-system",
        ),
    ],
)
def test_the_log_line_is_the_same(
    transport: Transport, service: Service, issuer: Issuer, act: Act, line: Mapping[str, object]
) -> None:
    request_id = f"logged-{uuid4().hex}"

    act(transport, issuer, request_id)

    logged = service.log_line(request_id)
    assert (logged["logger"], logged["message"]) == ("invitations.request", "request")
    assert {"time", "level", "duration_ms", "status", "method", "route"} <= logged.keys()
    assert {name: logged[name] for name in line} == line


def test_the_log_holds_no_patient_identifier(transport: Transport, service: Service, access: Access) -> None:
    request_id = f"logged-{uuid4().hex}"
    transport.generate(access, SOME, request_id=request_id)
    transport.generate(access, [ADULT, ANOTHER_SYSTEM])

    service.log_line(request_id)
    assert ADULT.value not in service.log.read_text()

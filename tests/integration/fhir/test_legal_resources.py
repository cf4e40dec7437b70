"""What the service publishes and answers is legal FHIR, as libraries that are not ours judge it."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from adapters.fhir.audit_event import audit_event_resource
from adapters.fhir.conformance.code_systems import omission_reasons, response_codes
from adapters.fhir.conformance.definitions import definitions
from adapters.fhir.conformance.operation_definition import operation_definition
from adapters.fhir.conformance.search import search
from adapters.fhir.generate_invitation_tokens import patient_tokens, read_patient_tokens
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.operations import OPERATIONS
from adapters.fhir.parameters import Parameters
from application.generate_invitation_tokens.use_case import GeneratedTokens, InvitedPatient
from domain.audit import AuditEvent, Outcome
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationToken
from tests.builders import a_patient_id, a_request_id, an_audit_event
from tests.integration.fhir.audit_event_judge import judge_audit_event
from tests.integration.fhir_judges import judge

BASE_URL = "https://invitations.test.invalid/fhir"


def written(invited: list[InvitedPatient]) -> bytes:
    return json.encode(
        patient_tokens(GeneratedTokens(a_request_id(), a_request_id(), len(invited), invited, []))
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.code for each in OPERATIONS])
def test_the_definitions_are_legal(operation: OperationDeclaration) -> None:
    judge(json.encode(operation_definition(operation)))


def test_the_code_systems_are_legal() -> None:
    judge(json.encode(response_codes()))
    judge(json.encode(omission_reasons(BASE_URL)))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param([], id="everything"),
        pytest.param([("url", "urn:none")], id="nothing"),
        pytest.param([("url", "http://a.test/x?a=b|1"), ("_format", "json")], id="reserved-characters"),
    ],
)
@pytest.mark.parametrize("searched", [0, 1], ids=["code-systems", "operation-definitions"])
def test_the_bundles_of_a_search_are_legal(searched: int, query: list[tuple[str, str]]) -> None:
    judge(json.encode(search(definitions(BASE_URL)[searched], query, strict=False).unwrap()))


REFUSED = replace(
    an_audit_event(), organisation_id=None, issued_patients=(), omitted={}, omitted_patients={}, asked=0
)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(an_audit_event(issued_patients=map(a_patient_id, range(1, 501))), id="500-patients"),
        pytest.param(
            replace(an_audit_event(), outcome=Outcome.ANSWERED_AGAIN, replayed_request_id=a_request_id(2)),
            id="replayed",
        ),
        *(pytest.param(replace(REFUSED, outcome=each), id=each.value) for each in Outcome),
    ],
)
def test_the_record_of_a_call_is_legal(event: AuditEvent) -> None:
    judge_audit_event(json.encode(audit_event_resource(event, BASE_URL)))


visible = st.text(st.characters(min_codepoint=0x21, exclude_categories=["C", "Z"]), min_size=1)
expiries = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - the time zone is drawn beside it
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda instant: instant.replace(microsecond=instant.microsecond // 1000 * 1000))
invited_patients = st.builds(
    InvitedPatient,
    st.builds(RequestedIdentifier, visible, visible),
    st.builds(InvitationToken, visible, visible, expiries),
)


@given(st.lists(invited_patients, max_size=5))
def test_any_answer_is_read_back_as_it_was_written(invited: list[InvitedPatient]) -> None:
    assert read_patient_tokens(json.decode(written(invited), type=Parameters)) == invited


@given(st.lists(invited_patients, max_size=3))
def test_the_answer_is_legal_whatever_the_identifiers(invited: list[InvitedPatient]) -> None:
    judge(written(invited))

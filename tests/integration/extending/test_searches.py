"""How the example asks a server, and what a server may do to it."""

import json
from traceback import format_exception
from typing import Any

import httpx
import pytest

from application.ports.system import Unavailable
from examples.fhir_patient_repository.repository import FhirPatientRepository
from examples.fhir_patient_repository.search import PatientSearch, SearchLimits
from tests.builders import HOSPITAL, an_identifier
from tests.integration.extending.conftest import Registrations
from tests.integration.extending.patient_server import PatientServer, a_resource
from tests.integration.oauth.key_server import Answer

SEARCH = "/fhir/Patient/_search"
SECOND = "/fhir?page=1"
PATIENT = {"resourceType": "Patient", **a_resource(an_identifier())}


def _bundle(*resources: Any, next_url: str | None = None, **elements: Any) -> Answer:
    link = [] if next_url is None else [{"relation": "next", "url": next_url}]
    entry = [{"resource": resource} for resource in resources]
    return Answer(json.dumps({"resourceType": "Bundle", "link": link, "entry": entry, **elements}).encode())


def _outcome(severity: str) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "processing"}]}


NONSENSE = {
    "out-of-order": Answer(b"out of order", 500),
    "overloaded": Answer(b"", 429, ("Retry-After: 5",)),
    "forbidden": Answer(json.dumps(_outcome("error")).encode(), 403),
    "elsewhere": Answer(b"", 302, ("Location: http://127.0.0.1:9/fhir/Patient/_search",)),
    "cut-off": Answer(b"{", headers=("Content-Length: 9999",)),
    "not-compressed": Answer(b"{}", headers=("Content-Encoding: gzip",)),
    "not-json": Answer(b"<html>Welcome</html>"),
    "not-utf-8": Answer(b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"\xff"}}]}'),
    "too-deep": Answer(b'{"resourceType":"Bundle","entry":' + b"[" * 100_000),
    "another-resource": Answer(json.dumps(PATIENT).encode()),
    "patient-without-id": _bundle({"resourceType": "Patient"}),
    "element-of-another-type": _bundle({**PATIENT, "birthDate": 1980}),
    "failed-in-part": _bundle(PATIENT, _outcome("error")),
    "next-page-is-no-url": _bundle(PATIENT, next_url="http://["),
    "next-page-on-another-server": _bundle(PATIENT, next_url="http://127.0.0.2/fhir?page=1"),
    "next-page-in-another-scheme": _bundle(PATIENT, next_url="ftp:/fhir?page=1"),
    "next-page-missing": _bundle(PATIENT, next_url="/fhir/gone"),
    "pages-without-end": _bundle(PATIENT, next_url=SECOND),
    "too-large": Answer(b" " * 1_000_000, endless=True),
}


def _repository(
    server: PatientServer, client: httpx.AsyncClient, limits: SearchLimits
) -> FhirPatientRepository:
    return FhirPatientRepository(PatientSearch(client, server.base_url, limits), Registrations(server))


async def test_identifiers_are_sent_in_a_form_and_not_in_a_url(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    await patient_repository.find(HOSPITAL, [an_identifier(1), an_identifier(2)])

    [search] = server.searches
    assert search.parameters == {
        "identifier": [
            "https://fhir.nhs.uk/Id/nhs-number|9990000107,https://fhir.nhs.uk/Id/nhs-number|9990000204"
        ],
        "_count": ["2"],
    }
    assert search.head.startswith("POST /fhir/Patient/_search HTTP/1.1\r\n")
    assert "999000" not in search.head


async def test_a_search_names_100_identifiers(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    await patient_repository.find(HOSPITAL, [an_identifier(number) for number in range(250)])

    assert sorted(search.parameters["_count"][0] for search in server.searches) == ["100", "100", "50"]


async def test_no_identifiers_need_no_search(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    await patient_repository.find(HOSPITAL, [])

    assert server.searches == []


async def test_a_few_searches_run_at_once(server: PatientServer, http_client: httpx.AsyncClient) -> None:
    repository = _repository(server, http_client, SearchLimits(identifiers=10, searches_at_once=2))

    await repository.find(HOSPITAL, [an_identifier(number) for number in range(200)])

    assert len(server.searches) == 20
    assert server.most_at_once <= 2


async def test_every_page_is_read(server: PatientServer, patient_repository: FhirPatientRepository) -> None:
    named = [an_identifier(number) for number in range(25)]
    server.hold(*(a_resource(each, patient_id=str(number)) for number, each in enumerate(named)))
    server.page_size = 10

    found = await patient_repository.find(HOSPITAL, named)

    assert {*found} == {*named}
    assert server.requests == [SEARCH, SECOND, "/fhir?page=2"]


async def test_what_is_not_a_match_is_left_out(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    included = {"resource": PATIENT | {"id": "2"}, "search": {"mode": "include"}}
    others = [{"resource": _outcome("warning")}, {"resource": {"resourceType": "Organization"}}, included]
    server.answers[SEARCH] = _bundle(entry=[{"resource": PATIENT}, *others])

    found = await patient_repository.find(HOSPITAL, [an_identifier()])

    assert {*found} == {an_identifier()}


async def test_patients_who_were_not_asked_for_are_left_out(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    server.answers[SEARCH] = _bundle(PATIENT)

    assert dict(await patient_repository.find(HOSPITAL, [an_identifier(2)])) == {}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
async def test_an_answer_that_is_no_bundle_of_patients_is_unavailable(
    server: PatientServer, patient_repository: FhirPatientRepository, answer: Answer
) -> None:
    server.answers |= {SEARCH: answer, SECOND: answer}

    with pytest.raises(Unavailable) as raised:
        await patient_repository.find(HOSPITAL, [an_identifier()])

    assert an_identifier().value not in "".join(format_exception(raised.value))


async def test_a_failure_on_a_later_page_leaves_no_part_of_the_answer(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    server.answers |= {SEARCH: _bundle(PATIENT, next_url=SECOND), SECOND: Answer(b"out of order", 503)}

    with pytest.raises(Unavailable, match="the patient server answers with status 503"):
        await patient_repository.find(HOSPITAL, [an_identifier()])


async def test_a_server_that_hangs_is_unavailable(
    server: PatientServer, http_client: httpx.AsyncClient
) -> None:
    server.hang()
    repository = _repository(server, http_client, SearchLimits(seconds=0.1))

    with pytest.raises(Unavailable, match="the patient server takes too long"):
        await repository.find(HOSPITAL, [an_identifier()])


async def test_a_client_that_loses_patience_first_finds_the_server_unavailable(server: PatientServer) -> None:
    server.hang()
    async with httpx.AsyncClient(timeout=0.1) as impatient:
        repository = _repository(server, impatient, SearchLimits())

        with pytest.raises(Unavailable, match="the patient server does not answer"):
            await repository.find(HOSPITAL, [an_identifier()])

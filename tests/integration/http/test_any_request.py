"""Every HTTP request gets a FHIR answer, and none shows a bug."""

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from adapters.http.bodies import AsgiApp
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.fhir_judges import judge, judge_quickly, judge_xml
from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, request_headers
from tests.integration.http.support.exchange import Answer, Request, exchange
from tests.integration.http.support.in_process import open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, UNKNOWN_PATIENT
from tests.integration.mutations import byte_mutations, json_mutations, xml_mutations

pytestmark = pytest.mark.full

VALID = parameters(
    patient_identifier(ADULT),
    {"name": "patientIdentifier", "valueString": f"{CROWD[1].system}|{CROWD[1].value}"},
    patient_identifier(UNKNOWN_PATIENT, type={"text": "NHS"}, period={"start": "2020"}),
    id="x",
)
VALID_XML = as_xml(VALID)
XML = {"Content-Type": "application/fhir+xml"}
OPERATIONS = st.sampled_from([OPERATION, STATUS_OPERATION])

many = settings(
    max_examples=400, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Bench:
    """Sends requests to the application and judges the answers, those new of their kind by all judges."""

    def __init__(self, app: AsgiApp, access_token: str) -> None:
        self.access_token = access_token
        self._app = app
        self._judged: set[tuple[object, ...]] = set()

    def headers(self, changes: Mapping[str, str] | None = None) -> list[tuple[bytes, bytes]]:
        return [
            (name.encode(), value.encode()) for name, value in request_headers(self.access_token, changes)
        ]

    async def post(
        self, path: str, body: Sequence[bytes], headers: Sequence[tuple[bytes, bytes]], query: bytes = b""
    ) -> None:
        await self.send(Request("POST", path, query, headers, body))

    async def send(self, request: Request) -> None:
        answer = await exchange(self._app, request)
        assert answer.status < 500, (request, answer)
        if answer.body:
            self._judge(answer)
        else:
            assert request.method in {"HEAD", "OPTIONS"}, answer

    def _judge(self, answer: Answer) -> None:
        if answer.headers["content-type"] == "application/fhir+xml; charset=UTF-8":
            document = etree.fromstring(answer.body)
            said = tuple(each.get("value") for each in document.iterfind("{*}issue/{*}diagnostics"))
            kind = (answer.status, document.tag, said)
            judge_fully = judge_xml
        else:
            assert answer.headers["content-type"] == "application/fhir+json; charset=UTF-8", answer
            resource = judge_quickly(answer.body)
            said = tuple(issue["diagnostics"] for issue in resource.get("issue", ()))
            kind = (answer.status, resource["resourceType"], said)
            judge_fully = judge
        if kind not in self._judged:
            judge_fully(answer.body)
            self._judged.add(kind)


@pytest.fixture
async def bench(
    lost_environment: Mapping[str, str], peopled_database_url: str, issuer: Issuer
) -> AsyncIterator[Bench]:
    environment = {**lost_environment, "INVITATIONS_DATABASE_URL": peopled_database_url}
    async with open_container(environment) as container:
        yield Bench(container.http.app(), issuer.access_token())


@st.composite
def pieces(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> list[bytes]:
    """Give a body as it may arrive: at once, or in two pieces."""
    body = draw(bodies)
    cut = draw(st.integers(0, len(body)))
    return [body[:cut], body[cut:]]


# servers let through no control character except the tab
odd_values = st.lists(st.sampled_from([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)]), max_size=20).map(
    bytes
)
known_values = st.sampled_from(
    [
        *(b"application/fhir+xml", b"application/json;charset=latin-1", b"text/html", b"*/*;q=0", b"a/b;q=,"),
        *(
            b"Bearer x.y.z",
            b"Bearer",
            b"return=OperationOutcome",
            b'handling=strict, return="',
            b"gzip",
            b"a key",
        ),
        *(
            b"1D6D1E0A-4C39-4F9B-9A55-61A3C4D0B7F1",
            b"1d6d1e0a4c394f9b9a5561a3c4d0b7f1",
            b"100-continue",
            b"x" * 300,
        ),
    ]
)
names = st.sampled_from(
    [
        *(b"Authorization", b"X-Org-Public-Id", b"Content-Type", b"Accept", b"Content-Encoding", b"Prefer"),
        *(b"X-Request-Id", b"Idempotency-Key", b"If-None-Match", b"Accept-Encoding", b"Cookie", b"Expect"),
    ]
)
header_changes = st.lists(
    st.tuples(st.sampled_from(["replace", "add", "remove"]), names, odd_values | known_values), max_size=3
)


def changed(
    headers: Sequence[tuple[bytes, bytes]], changes: Sequence[tuple[str, bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    result = list(headers)
    for change, name, value in changes:
        if change != "add":
            result = [each for each in result if each[0] != name]
        if change != "remove":
            result.append((name, value))
    return result


@many
@given(OPERATIONS, pieces(json_mutations(VALID)))
async def test_any_change_of_the_structure(bench: Bench, operation: str, body: list[bytes]) -> None:
    await bench.post(operation, body, bench.headers())


@many
@given(OPERATIONS, pieces(xml_mutations(VALID_XML)))
async def test_any_change_of_the_structure_in_xml(bench: Bench, operation: str, body: list[bytes]) -> None:
    await bench.post(operation, body, bench.headers(XML))


@many
@given(OPERATIONS, pieces(byte_mutations(VALID)))
async def test_any_damage_to_a_body(bench: Bench, operation: str, body: list[bytes]) -> None:
    await bench.post(operation, body, bench.headers())


@many
@given(OPERATIONS, pieces(byte_mutations(VALID_XML)))
async def test_any_damage_to_a_body_in_xml(bench: Bench, operation: str, body: list[bytes]) -> None:
    await bench.post(operation, body, bench.headers(XML))


@many
@given(OPERATIONS, header_changes, st.sampled_from([VALID, VALID_XML, b""]))
async def test_any_headers(
    bench: Bench, operation: str, changes: list[tuple[str, bytes, bytes]], body: bytes
) -> None:
    await bench.post(operation, [body], changed(bench.headers(), changes))


query_parts = st.sampled_from(
    [b"_format=", b"json", b"xml", b"&", b"url=", b"_id:exact=", b"%", b"%ff", b"=", b"\xff", b"\xc3\xa9"]
)
endings = st.text(st.sampled_from("/$%.-aZ0~"), max_size=6) | st.sampled_from(["%00", "%ff", "%2F"])
paths = st.sampled_from(
    [
        *(OPERATION, STATUS_OPERATION, "/fhir/metadata", "/fhir/OperationDefinition", "/fhir/CodeSystem"),
        *(
            "/fhir/CodeSystem/response-code",
            "/fhir/OperationDefinition/Patient-t-status-query",
            "/fhir/",
            "/fhir",
        ),
    ]
)


requests = st.builds(
    Request,
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    st.builds(str.__add__, paths, endings),
    st.lists(query_parts).map(b"".join),
    st.just([]),
    st.just([VALID]),
)


@many
@given(requests, header_changes)
async def test_any_path_and_query(
    bench: Bench, request_line: Request, changes: list[tuple[str, bytes, bytes]]
) -> None:
    await bench.send(replace(request_line, headers=changed(bench.headers(), changes)))

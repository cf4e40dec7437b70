"""Every answer of the service is one of the outcomes that the client knows."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from returns.result import Failure, Result

from adapters.client.access_tokens import AccessTokens, ReadyAccessToken
from adapters.client.fhir_operation import FhirOperation, RemoteAddress, read_invitations, read_statuses
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, STATUS_QUERY
from adapters.fhir.status_query import patient_statuses
from application.ports.mailing import NoAnswer, NotAnswered, RateLimited, Refused
from application.query_patient_status import IdentifierStatus, PatientStatuses
from domain.idempotency import IdempotencyKey
from domain.patients import Known, NoAccess, NotFound, PatientStatus
from tests.builders import ADULT, a_request_id, a_requested_identifier, an_identifier
from tests.integration.oauth.key_server import Answer, KeyServer, running_key_server

KEY = IdempotencyKey("a-key")
GENERATE_PATH = "/fhir/Organization/$generate-invitation-tokens"
UNFIT_ANSWER = Refused("the service gives an answer that does not fit the operation")


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with running_key_server() as running:
        yield running


class NoToken(AccessTokens):
    async def current(self) -> Result[str, Refused | NotAnswered]:
        return Failure(Refused("no"))


async def _ask(url: str) -> NoAnswer:
    async with httpx.AsyncClient(verify=False) as client:
        address = RemoteAddress(f"{url}/fhir", "organisation")
        operation = FhirOperation(
            client, address, ReadyAccessToken("T"), GENERATE_INVITATION_TOKENS, read_invitations
        )
        return (await operation.ask([an_identifier()], KEY)).failure()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(Answer(status=429, headers=("Retry-After: 7",)), RateLimited(7), id="429"),
        pytest.param(Answer(status=429), RateLimited(0), id="429-without-a-time"),
        pytest.param(
            Answer(status=503, headers=("Retry-After: 3",)),
            NotAnswered("the service answers with status 503", 3),
            id="503",
        ),
        pytest.param(
            Answer(status=503, headers=("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT",)),
            NotAnswered("the service answers with status 503"),
            id="503-with-a-date",
        ),
        pytest.param(
            Answer(status=409, headers=("Retry-After: 1",)),
            NotAnswered("the service answers with status 409", 1),
            id="409",
        ),
        pytest.param(Answer(status=500), NotAnswered("the service answers with status 500"), id="500"),
        pytest.param(
            Answer(b'{"issue":[{"code":"login","diagnostics":"No.","location":["http.X"]}]}', 401),
            Refused("the service refuses with status 401: login: No. [http.X]"),
            id="401",
        ),
        pytest.param(Answer(b"<html>", 403), Refused("the service refuses with status 403"), id="no-fhir"),
        pytest.param(Answer(status=302), Refused("the service refuses with status 302"), id="redirect"),
        pytest.param(Answer(b"<html>"), UNFIT_ANSWER, id="200-no-fhir"),
        pytest.param(
            Answer(b'{"resourceType":"Parameters","parameter":[{"name":"patientTokens"}]}'),
            UNFIT_ANSWER,
            id="200-incomplete",
        ),
    ],
)
async def test_an_answer_has_an_outcome(server: KeyServer, answer: Answer, outcome: NoAnswer) -> None:
    server.answers[GENERATE_PATH] = answer

    assert await _ask(server.url) == outcome


async def test_an_unreachable_service_has_not_answered() -> None:
    async with running_key_server() as gone:
        url = gone.url

    assert await _ask(url) == NotAnswered("no answer from the service (ConnectError)")


async def test_a_request_without_an_access_token_is_not_sent(server: KeyServer) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        address = RemoteAddress(f"{server.url}/fhir", "organisation")
        operation = FhirOperation(client, address, NoToken(), STATUS_QUERY, read_statuses)
        answered = await operation.ask([an_identifier()], KEY)

    assert (answered, server.requests) == (Failure(Refused("no")), [])


@pytest.mark.parametrize(
    "status",
    [
        Known(deceased=False, registered=True, date_of_birth=ADULT),
        Known(deceased=True, registered=False, date_of_birth=None),
        NoAccess(deceased=True, registered=False),
        NotFound(),
    ],
)
def test_a_status_is_read_as_it_was_written(status: PatientStatus) -> None:
    answer = PatientStatuses(a_request_id(), [IdentifierStatus(a_requested_identifier(), status)])

    read = read_statuses(patient_statuses(answer), [an_identifier()])

    assert read.answered == {an_identifier(): status}


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="nobody"),
        pytest.param(
            [{"name": "patientIdentifier", "valueIdentifier": {"system": "urn:x", "value": "1"}}],
            id="nothing-told",
        ),
        pytest.param(
            [
                {"name": "patientIdentifier", "valueIdentifier": {"system": "urn:x", "value": "1"}},
                {"name": "diagnostics", "valueString": "Not found"},
            ],
            id="other-system",
        ),
    ],
)
async def test_a_malformed_status_is_no_answer(server: KeyServer, parts: list[object]) -> None:
    body = {"resourceType": "Parameters", "parameter": [{"name": "patientStatus", "part": parts}]}
    server.answers["/fhir/Patient/$status-query"] = Answer(json.dumps(body).encode())

    async with httpx.AsyncClient(verify=False) as client:
        address = RemoteAddress(f"{server.url}/fhir", "organisation")
        operation = FhirOperation(client, address, ReadyAccessToken("T"), STATUS_QUERY, read_statuses)
        answered = await operation.ask([an_identifier()], KEY)

    assert answered == Failure(UNFIT_ANSWER)

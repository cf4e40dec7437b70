"""Every answer of the service is one of the outcomes that the client knows."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from returns.result import Failure, Success

from adapters.client.access_tokens import AccessTokens, ReadyAccessToken, Token
from adapters.client.fhir_operation import FhirOperation, read_invitations, read_statuses
from adapters.client.service_calls import RemoteAddress
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, STATUS_QUERY
from adapters.fhir.status_query import patient_statuses
from application.ports.mailing import NoAnswer, NotAnswered, RateLimited, Refused
from application.query_patient_status import IdentifierStatus, PatientStatuses
from domain.idempotency import IdempotencyKey
from domain.patients import Known, NoAccess, NotFound, PatientStatus
from tests.builders import ADULT, a_request_id, a_requested_identifier, an_identifier
from tests.integration.client.self_signed import curt_server, self_signed
from tests.integration.oauth.key_server import Answer, KeyServer, running_key_server

KEY = IdempotencyKey("a-key")
URL = "<url>"
GENERATE_PATH = "/fhir/Organization/$generate-invitation-tokens"
UNFIT_ANSWER = Refused("the service gives an answer that does not fit the operation", may_have_acted=True)


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with running_key_server() as running:
        yield running


class NoToken(AccessTokens):
    async def current(self) -> Token:
        return Failure(Refused("no"))

    async def instead_of(self, rejected: str) -> Token:
        return Failure(Refused("no"))


class NumberedTokens(AccessTokens):
    """Gives T1, and after its rejection T2, and so on."""

    number = 1

    async def current(self) -> Token:
        return Success(f"T{self.number}")

    async def instead_of(self, rejected: str) -> Token:
        self.number += rejected == f"T{self.number}"
        return await self.current()


class ChoosyService(KeyServer):
    """Accepts one token, and notes all."""

    def __init__(self, accepted: str) -> None:
        super().__init__()
        self.tokens: list[str] = []
        self._accepted = accepted

    def find_answer(self, path: str, head: str, body: str) -> Answer:
        [token] = [line[-2:] for line in head.splitlines() if line.lower().startswith("authorization")]
        self.tokens.append(token)
        return Answer(b'{"resourceType":"Parameters"}', 200 if token == self._accepted else 401)


@pytest.mark.parametrize(
    ("accepted", "sent", "status"), [("T2", ["T1", "T2"], None), ("T9", ["T1", "T2"], 401)]
)
async def test_a_rejected_token_is_replaced_once(accepted: str, sent: list[str], status: int | None) -> None:
    service = ChoosyService(accepted)
    await service.start()
    async with httpx.AsyncClient(verify=False) as client:
        address = RemoteAddress(f"{service.url}/fhir", "organisation")
        operation = FhirOperation(
            client, address, NumberedTokens(), GENERATE_INVITATION_TOKENS, read_invitations
        )
        answered = await operation.ask([an_identifier()], KEY)
    await service.stop()

    assert service.tokens == sent
    assert isinstance(answered, Success) == (status is None)


async def _ask(url: str, *, verify: bool = False) -> NoAnswer:
    async with httpx.AsyncClient(verify=verify) as client:
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
            Answer(
                status=429,
                headers=("Date: Fri, 31 Dec 1999 23:59:59 GMT", "Retry-After: Sat, 01 Jan 2000 00:00:04 GMT"),
            ),
            RateLimited(5),
            id="429-with-a-date",
        ),
        pytest.param(Answer(status=429, headers=(f"Retry-After: {'9' * 400}",)), RateLimited(1e9), id="aeon"),
        pytest.param(Answer(status=429, headers=("Retry-After: soon",)), RateLimited(0), id="429-soon"),
        pytest.param(
            Answer(status=503, headers=("Retry-After: 3",)),
            NotAnswered(f"{URL}: the service answers with status 503", 3),
            id="503",
        ),
        pytest.param(
            Answer(status=503, headers=("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT",)),
            NotAnswered(f"{URL}: the service answers with status 503"),
            id="503-with-a-date-in-the-past",
        ),
        pytest.param(
            Answer(status=409, headers=("Retry-After: 1",)),
            NotAnswered(f"{URL}: the service answers with status 409", 1),
            id="409",
        ),
        pytest.param(
            Answer(b'{"issue":[{"code":"conflict","diagnostics":"The batch was revoked."}]}', 409),
            Refused("the service refuses with status 409: conflict: The batch was revoked."),
            id="409-for-good",
        ),
        pytest.param(
            Answer(status=500), NotAnswered(f"{URL}: the service answers with status 500"), id="500"
        ),
        pytest.param(
            Answer(b'{"issue":[{"code":"login","diagnostics":"No.","location":["http.X"]}]}', 401),
            Refused("the service refuses with status 401: login: No. [http.X]"),
            id="401",
        ),
        pytest.param(
            Answer(b"<html>", 403),
            Refused(f"the service refuses with status 403: {URL} gives no reason. Check --server."),
            id="no-fhir",
        ),
        pytest.param(
            Answer(status=302),
            Refused(f"the service refuses with status 302: {URL} gives no reason. Check --server."),
            id="redirect",
        ),
        pytest.param(
            Answer(status=308, headers=("Location: https://b.example/fhir",)),
            Refused(
                f"the service refuses with status 308: {URL} redirects to https://b.example/fhir. "
                "Check --server."
            ),
            id="redirect-elsewhere",
        ),
        pytest.param(
            Answer(b"<html>", 522), NotAnswered(f"{URL}: the service answers with status 522"), id="522"
        ),
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

    assert _with_url(await _ask(server.url), server.url) == outcome


def _with_url(outcome: NoAnswer, url: str) -> NoAnswer:
    """Put a placeholder for the URL of the server."""
    match outcome:
        case Refused(text, acted):
            return Refused(text.replace(url + GENERATE_PATH, URL), acted)
        case NotAnswered(problem, seconds, acted):
            return NotAnswered(problem.replace(url + GENERATE_PATH, URL), seconds, acted)
        case RateLimited():
            return outcome


async def test_a_date_counts_from_now_if_the_server_does_not_say_its_own_time(server: KeyServer) -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    server.answers[GENERATE_PATH] = Answer(status=429, headers=(f"Retry-After: {in_an_hour}",))

    outcome = await _ask(server.url)

    assert isinstance(outcome, RateLimited)
    assert 3_000 < outcome.retry_after_seconds <= 3_600


async def test_an_unreachable_service_has_not_answered() -> None:
    async with running_key_server() as gone:
        url = gone.url

    assert await _ask(url) == NotAnswered(f"{url}{GENERATE_PATH}: connection refused", may_have_acted=False)


async def test_a_server_whose_name_is_not_found_is_named_with_the_cause() -> None:
    outcome = await _ask("http://nowhere.invalid")

    assert isinstance(outcome, NotAnswered)
    assert not outcome.may_have_acted
    assert f"http://nowhere.invalid{GENERATE_PATH}: the name of the server is not found" in outcome.problem


async def test_a_connection_that_breaks_may_have_done_something(server: KeyServer) -> None:
    server.answers[GENERATE_PATH] = Answer(b"{", headers=("Content-Length: 10",))

    outcome = await _ask(server.url)

    assert outcome == NotAnswered(
        f"{server.url}{GENERATE_PATH}: the connection was closed without an answer", may_have_acted=True
    )


async def test_a_certificate_that_cannot_be_verified_names_the_setting(tmp_path: Path) -> None:
    async with curt_server(self_signed(tmp_path)) as address:
        outcome = await _ask(f"https://{address}", verify=True)

    assert isinstance(outcome, Refused)
    assert f"https://{address}{GENERATE_PATH}: its certificate cannot be verified" in outcome.text
    assert "SSL_CERT_FILE" in outcome.text


async def test_a_server_without_tls_is_refused_at_once() -> None:
    async with curt_server() as address:
        outcome = await _ask(f"https://{address}")

    assert isinstance(outcome, Refused)
    assert "does not speak TLS" in outcome.text


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

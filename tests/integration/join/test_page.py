"""What the page answers, over HTTP."""

import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack

import httpx
import pytest

from application.ports.system import Unavailable
from domain.access import is_client_id
from domain.redemption import (
    JOIN_PAGE,
    BirthDateWrong,
    ClaimRefused,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    NoLongerEligible,
    PairUnknown,
)
from entrypoints.container import Container
from tests.fakes.claims import CLAIM, FixedClaims
from tests.integration.http.support.captured_log import CapturedLog
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.join.shown import heading, sentences, values
from tests.integration.join.typed import LINK, PORTAL, RIGHT

FORM_AGAIN = "Register to see your health record"


async def test_the_link_fills_in_the_form_and_claims_nothing(
    client: httpx.AsyncClient, claims: FixedClaims
) -> None:
    response = await client.get(LINK)

    assert response.status_code == 200
    assert values(response) == {
        "code": "7Q2M9KXR4D",
        "token": "C5H8WZ1N6T",
        "day": "",
        "month": "",
        "year": "",
    }
    assert claims.commands == []


async def test_head_gives_the_headers_of_get(client: httpx.AsyncClient) -> None:
    got, head = await client.get(LINK), await client.head(LINK)

    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}


async def test_every_answer_is_kept_from_caches_searches_frames_and_other_sites(
    client: httpx.AsyncClient,
) -> None:
    for response in (
        await client.get(LINK),
        await client.post("/join"),
        await client.post("/join", data=RIGHT),
    ):
        policy = dict(each.split(" ", 1) for each in response.headers["Content-Security-Policy"].split("; "))

        assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy.pop("style-src"))
        assert policy == {
            "default-src": "'none'",
            "img-src": "data:",
            "form-action": "'self' https://portal.test",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Robots-Tag"] == "noindex"


async def test_the_page_loads_nothing_and_runs_nothing(client: httpx.AsyncClient) -> None:
    page = (await client.get(LINK)).text

    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["data:,"]
    assert re.findall(r"url\(|@import|<script|\son\w+=", page) == []


async def test_what_was_typed_is_claimed_and_the_claim_goes_to_the_portal(
    client: httpx.AsyncClient, claims: FixedClaims
) -> None:
    response = await client.post("/join", data=RIGHT)

    assert response.status_code == 200
    [command] = claims.commands
    assert (command.client_id, command.code, command.token) == (JOIN_PAGE, "7q2m9 kxr4d", "C5H8WZ1N6T")
    assert command.birth_date.isoformat() == "1984-02-29"
    assert f'<form action="{PORTAL}" method="post">' in response.text
    assert re.findall(r'<input type="hidden" name="(.*)" value="(.*)">', response.text) == [
        ("claim", CLAIM.claim)
    ]
    assert "Finish before 09:30 on 2 January 2027." in response.text


def test_no_client_can_pass_for_the_page() -> None:
    assert not is_client_id(JOIN_PAGE)


async def test_a_form_with_mistakes_is_shown_again_and_claims_nothing(
    client: httpx.AsyncClient, claims: FixedClaims
) -> None:
    sent = {**RIGHT, "code": '"><script>', "day": "31"}

    response = await client.post("/join", data=sent)

    assert response.status_code == 422
    assert sentences(response) == [
        "The code must have 10 letters and numbers. Check your letter or message",
        "Your date of birth must be a real date, for example 31 3 1980",
    ]
    assert values(response) == {**sent, "code": "&#34;&gt;&lt;script&gt;"}
    assert claims.commands == []


@pytest.mark.parametrize(
    ("refused", "expected_heading", "expected_sentences"),
    [
        (PairUnknown(), FORM_AGAIN, ["We do not know this code and token. Check both against your letter"]),
        (
            BirthDateWrong(4),
            FORM_AGAIN,
            ["The date of birth does not match our records. Check it. You can try 4 more times"],
        ),
        (
            BirthDateWrong(1),
            FORM_AGAIN,
            ["The date of birth does not match our records. Check it. You can try 1 more time"],
        ),
        (BirthDateWrong(0), "This invitation is locked", []),
        (InvitationExpired(), "Your invitation has expired", []),
        (InvitationSpent(), "This invitation cannot be used again", []),
        (InvitationLocked(), "This invitation is locked", []),
        (NoLongerEligible(), "You cannot register with this invitation", []),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_each_refusal_says_what_to_do(
    client: httpx.AsyncClient,
    claims: FixedClaims,
    refused: ClaimRefused,
    expected_heading: str,
    expected_sentences: list[str],
) -> None:
    claims.answer = refused

    response = await client.post("/join", data=RIGHT)

    assert response.status_code == 422
    assert (heading(response), sentences(response)) == (expected_heading, expected_sentences)


async def test_an_outage_keeps_what_was_typed(client: httpx.AsyncClient, claims: FixedClaims) -> None:
    claims.answer = Unavailable("the database is away")

    response = await client.post("/join", data=RIGHT)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert sentences(response) == ["The service is not available now. Press Continue again in a minute"]
    assert values(response) == RIGHT


async def test_a_body_that_is_too_large_is_not_read(client: httpx.AsyncClient, claims: FixedClaims) -> None:
    response = await client.post("/join", data={**RIGHT, "more": "x" * 8_192})

    assert (response.status_code, heading(response)) == (413, "We could not read what you sent")
    assert claims.commands == []


async def test_a_bug_is_logged_and_not_shown(
    client: httpx.AsyncClient, claims: FixedClaims, log: CapturedLog
) -> None:
    claims.answer = RuntimeError("it broke")

    response = await client.post("/join", data=RIGHT)

    assert (response.status_code, heading(response)) == (500, "Sorry, something went wrong")
    assert "broke" not in response.text + log.text
    assert [line["message"] for line in log.lines("invitations.http")] == ["bug"]


async def test_without_a_free_slot_people_get_a_page_and_programs_an_outcome(container: Container) -> None:
    async with client_of(container.http.app()) as client, AsyncExitStack() as slots:
        for _ in range(container.settings().max_concurrent_requests):
            await slots.enter_async_context(container.in_flight_limit().acquired())

        page, outcome = await client.get(LINK), await client.get("/fhir/metadata")

    assert (page.status_code, heading(page)) == (503, "The service is busy")
    assert (page.headers["Cache-Control"], page.headers["Retry-After"]) == ("no-store", "60")
    assert (outcome.status_code, outcome.json()["resourceType"]) == (503, "OperationOutcome")


async def test_without_a_portal_there_is_no_page(lost_environment: Mapping[str, str]) -> None:
    async with open_container(lost_environment) as container, client_of(container.http.app()) as client:
        statuses = [(await client.get(LINK)).status_code, (await client.post("/join")).status_code]

    assert statuses == [404, 404]


def test_a_service_without_the_page_starts_without_its_template_engine() -> None:
    program = "import sys, entrypoints.container; sys.exit('jinja2' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/join")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


async def test_what_was_typed_is_not_logged(
    client: httpx.AsyncClient, claims: FixedClaims, log: CapturedLog
) -> None:
    claims.answer = BirthDateWrong(2)

    await client.get(LINK)
    await client.post("/join", data=RIGHT, headers={"X-Forwarded-For": "192.0.2.7"})

    looked, sent = log.lines("invitations.request")
    assert (looked["route"], looked["status"]) == ("/join", 200)
    assert (sent["route"], sent["status"], sent["refusal"]) == ("/join", 422, "BirthDateWrong")
    typed = (*RIGHT.values(), "7Q2M9KXR4D", "192.0.2.7")
    assert [text for text in typed if len(text) > 2 and text in log.text] == []

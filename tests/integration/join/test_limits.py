"""The page limits unknown codes by the client's address, and tries of one code from all addresses."""

import httpx
import pytest

from application.ports.system import Unavailable
from domain.redemption import BirthDateWrong, ClaimRefused, InvitationLocked, InvitationSpent, PairUnknown
from tests.fakes.claims import CLAIM, FixedClaims
from tests.integration.join.shown import sentences, values
from tests.integration.join.typed import RIGHT


async def test_unknown_codes_are_limited_by_the_address_of_the_client(
    client: httpx.AsyncClient, claims: FixedClaims
) -> None:
    claims.answer = PairUnknown()

    statuses = [(await send_from(client, "192.0.2.7", code)).status_code for code in codes(11)]
    refused = await send_from(client, "192.0.2.7")
    another = await send_from(client, "192.0.2.8")

    assert statuses == [422] * 10 + [429]
    assert (refused.headers["Retry-After"], sentences(refused)) == (
        "6",
        ["Too many codes were tried from your network. Wait a minute, then press Continue again"],
    )
    assert values(refused) == RIGHT
    assert another.status_code == 422
    assert len(claims.commands) == 11


@pytest.mark.parametrize(
    ("answer", "status"),
    [(CLAIM, 200), (BirthDateWrong(2), 422), (Unavailable("away"), 503)],
    ids=["claim", "wrong-date", "outage"],
)
async def test_what_is_not_an_unknown_code_is_not_limited(
    client: httpx.AsyncClient, claims: FixedClaims, answer: object, status: int
) -> None:
    claims.answer = answer  # type: ignore[assignment]  # one of the three

    statuses = [(await send_from(client, "192.0.2.7", code)).status_code for code in codes(12)]

    assert statuses == [status] * 12


@pytest.mark.parametrize("answer", [InvitationLocked(), InvitationSpent(), PairUnknown()], ids=type)
async def test_tries_of_one_code_are_limited_from_any_addresses(
    client: httpx.AsyncClient, claims: FixedClaims, answer: ClaimRefused
) -> None:
    claims.answer = answer

    statuses = [(await send_from(client, f"192.0.2.{number}")).status_code for number in range(11)]
    refused = await send_from(client, "192.0.2.99", RIGHT["code"].upper().replace(" ", ""))
    [another] = [await send_from(client, "192.0.2.99", code) for code in codes(1)]

    assert statuses == [422] * 10 + [429]
    assert (refused.headers["Retry-After"], sentences(refused)) == (
        "6",
        ["This code was tried too often. Wait a minute, then press Continue again"],
    )
    assert another.status_code == 422
    assert len(claims.commands) == 11


def codes(number: int) -> list[str]:
    """Give different codes."""
    return [f"{each:010}" for each in range(number)]


async def send_from(client: httpx.AsyncClient, address: str, code: str = RIGHT["code"]) -> httpx.Response:
    return await client.post("/join", data={**RIGHT, "code": code}, headers={"X-Forwarded-For": address})

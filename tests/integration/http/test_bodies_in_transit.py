"""Bodies that are too large, too slow, or missing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import anyio
import httpx
import pytest

from adapters.http.app import HttpLimits
from adapters.serving.in_flight_limit import InFlightLimit
from entrypoints.container import Container
from tests.integration.http.support.call import OPERATION, Caller, Changes, asking_for, request_headers
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD
from tests.integration.http.support.raw_http import connection
from tests.integration.http.support.refused import NO_TOKEN, NOT_HTTP, refusal_in, refused
from tests.integration.service import Service

LARGEST = 4_194_304
BODY = asking_for(ADULT)
BODY_SECONDS = 0.2
PATIENCE_SECONDS = 60

TOO_LARGE = refused(413, "too-long", "The body is larger than the service takes. Send less at once.")
NOT_RECEIVED = refused(408, "timeout", "The body was not received in time. Send it again.")


def test_refuses_a_body_by_its_declared_size(service: Service, caller: Caller) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Content-Length", f"{LARGEST + 1}"))

        response = raw.receive()

    assert refusal_in(response) == TOO_LARGE


def test_refuses_a_body_in_chunks_as_soon_as_it_is_too_large(service: Service, caller: Caller) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Transfer-Encoding", "chunked"))
        raw.send(b"%x\r\n" % (LARGEST + 1) + b" " * (LARGEST + 1) + b"\r\n")

        response = raw.receive()

    assert refusal_in(response) == TOO_LARGE


def test_takes_a_body_of_the_largest_size(caller: Caller) -> None:
    response = caller.call(BODY.ljust(LARGEST))

    assert response.status_code == 200


def test_takes_a_body_in_chunks(service: Service, caller: Caller) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Transfer-Encoding", "chunked"))
        for byte in BODY:
            raw.send(b"1\r\n%c\r\n" % byte)
        raw.send(b"0\r\n\r\n")

        response = raw.receive()

    assert response.status_code == 200


@pytest.mark.parametrize(
    "framing",
    [("Content-Length", f"{len(BODY)}"), ("Transfer-Encoding", "chunked")],
    ids=["with_length", "in_chunks"],
)
def test_refuses_an_unknown_caller_before_one_byte_of_the_body_is_sent(
    service: Service, caller: Caller, framing: tuple[str, str]
) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token, {"Authorization": None}), framing)

        response = raw.receive()

    assert refusal_in(response) == NO_TOKEN


@pytest.mark.parametrize(
    ("path", "changes", "status"),
    [
        pytest.param(OPERATION, {"Authorization": None}, 401, id="unauthenticated"),
        pytest.param(OPERATION, {"Content-Type": "text/plain"}, 415, id="media_type"),
        pytest.param("/fhir/Patient", {}, 404, id="path"),
    ],
)
def test_serves_the_next_request_of_a_client_whose_body_was_not_read(
    service: Service, caller: Caller, path: str, changes: Changes, status: int
) -> None:
    with httpx.Client(base_url=service.url, timeout=30) as pooled:
        keeps_connections = Caller(pooled, caller.access_token)

        statuses = {
            keeps_connections.call(asking_for(*CROWD), changes, path=path).status_code for _ in range(50)
        }

    assert statuses == {status}


def test_does_not_ask_an_unknown_caller_for_the_body(service: Service, caller: Caller) -> None:
    headers = request_headers(caller.access_token, {"Authorization": None, "Expect": "100-continue"})

    with connection(service.port) as raw:
        raw.send_head(headers, ("Content-Length", f"{len(BODY)}"))

        response = raw.receive()

    assert refusal_in(response) == NO_TOKEN


@pytest.mark.parametrize(
    "chunk",
    [b"no length\r\n", b"-1\r\n", b"FFFFFFFFFFFFFFFFF\r\n"],
    ids=["no_number", "negative", "overflow"],
)
def test_refuses_a_chunk_without_a_length(service: Service, caller: Caller, chunk: bytes) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Transfer-Encoding", "chunked"))
        raw.send(chunk)

        response = raw.receive()

    assert refusal_in(response) == NOT_HTTP


def test_survives_a_caller_that_hangs_up_half_way(service: Service, caller: Caller) -> None:
    headers = request_headers(caller.access_token, {"X-Request-Id": "hangs-up", "Expect": "100-continue"})

    with connection(service.port) as raw:
        raw.send_head(headers, ("Content-Length", f"{len(BODY)}"))
        raw.wait_for_continue()
        raw.send(BODY[:20])
        raw.hang_up()

    lines = service.log_lines_of("hangs-up", 1)
    assert [(line["message"], line["status"]) for line in lines] == [("request", 400)]
    assert caller.call().status_code == 200


async def _never() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def _one_byte_now_and_then() -> AsyncIterator[bytes]:
    for byte in BODY:
        await asyncio.sleep(BODY_SECONDS / 5)
        yield bytes([byte])


@pytest.mark.parametrize("body", [_never, _one_byte_now_and_then], ids=["never", "dripping"])
async def test_refuses_a_body_that_does_not_arrive_in_time(
    container_in_memory: Container, issuer: Issuer, body: Callable[[], AsyncIterator[bytes]]
) -> None:
    limits = HttpLimits(LARGEST, BODY_SECONDS, InFlightLimit(1))
    headers = request_headers(issuer.access_token())
    async with client_of(container_in_memory.http.untraced_app(limits=limits)) as client:
        start = time.monotonic()
        with anyio.fail_after(PATIENCE_SECONDS):
            response = await client.post(OPERATION, headers=headers, content=body())

    assert refusal_in(response) == NOT_RECEIVED
    assert time.monotonic() - start >= BODY_SECONDS


async def test_serves_the_next_request_after_a_body_that_did_not_arrive(
    container_in_memory: Container, issuer: Issuer
) -> None:
    limits = HttpLimits(LARGEST, BODY_SECONDS, InFlightLimit(1))
    headers = request_headers(issuer.access_token())
    async with client_of(container_in_memory.http.untraced_app(limits=limits)) as client:
        with anyio.fail_after(PATIENCE_SECONDS):
            await client.post(OPERATION, headers=headers, content=_never())

        response = await client.post(OPERATION, headers=headers, content=BODY)

    assert response.status_code == httpx.codes.OK

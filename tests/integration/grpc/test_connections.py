"""Callers without an access token cannot take the service from others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
import grpc
import grpc.aio
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from msgspec.structs import replace

from adapters.grpc.call import OPEN_CALL, CallLimits, GrpcLimits
from adapters.serving.in_flight_limit import InFlightLimit
from entrypoints.container import Container
from tests.integration.grpc.support.in_process import LIMITS, listening
from tests.integration.grpc.support.raw_http2 import call_path, settings_of
from tests.integration.http.support.captured_log import CapturedLog

PATIENCE_SECONDS = 60
CHECK = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"
REFLECT = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
LONG = "x" * 5_000
UNIMPLEMENTED = b"grpc-status\x0212"
"""As the library writes it: https://www.rfc-editor.org/rfc/rfc7541#section-6.2 ."""

MAX_CONCURRENT_STREAMS = 3
"""The setting: https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2"""


async def test_a_connection_carries_at_most_100_calls_at_once(container_in_memory: Container) -> None:
    async with listening(container_in_memory, GrpcLimits(LIMITS, InFlightLimit(1))) as port:
        settings, connected = await settings_of(port)
        connected.close()

    assert settings[MAX_CONCURRENT_STREAMS] == 100


async def test_a_connection_above_the_bound_is_closed(container_in_memory: Container) -> None:
    limits = GrpcLimits(LIMITS, InFlightLimit(1), connections=2)
    async with listening(container_in_memory, limits) as port:
        with anyio.fail_after(PATIENCE_SECONDS):
            connected = [await settings_of(port) for _ in range(3)]
        for _settings, connection in connected:
            connection.close()

    assert [bool(settings) for settings, _connection in connected] == [True, True, False]


async def test_a_path_that_is_not_utf_8_is_unknown_and_ends_no_connection(
    container_in_memory: Container, log: CapturedLog
) -> None:
    async with (
        listening(container_in_memory, GrpcLimits(LIMITS, InFlightLimit(1))) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        watched: grpc.aio.UnaryStreamCall[bytes, bytes] = channel.unary_stream(WATCH)(
            HealthCheckRequest(service="Nothing").SerializeToString()
        )
        before = await watched.read()

        heads = [await asyncio.to_thread(call_path, port, b"/\xff\xfe") for _ in range(3)]

        is_watching = not watched.done()
        watched.cancel()
    assert HealthCheckResponse.FromString(before).status == HealthCheckResponse.SERVICE_UNKNOWN
    assert [UNIMPLEMENTED in head for head in heads] == [True] * 3
    assert is_watching
    assert [line["status"] for line in log.lines("invitations.request") if not line["route"]] == [12] * 3


@pytest.mark.parametrize("path", [CHECK, WATCH])
async def test_a_long_question_about_health_is_refused(container_in_memory: Container, path: str) -> None:
    question = HealthCheckRequest(service=LONG).SerializeToString()
    async with listening_channel(container_in_memory) as channel:
        refused = await _outcome(channel.stream_stream(path)(iter([question])))

    assert refused == (grpc.StatusCode.RESOURCE_EXHAUSTED, [])


async def test_a_long_question_to_reflection_ends_the_call_without_an_answer(
    container_in_memory: Container,
) -> None:
    question = ServerReflectionRequest(file_containing_symbol=LONG).SerializeToString()
    async with listening_channel(container_in_memory) as channel:
        ended = await _outcome(channel.stream_stream(REFLECT)(iter([question])))

    assert ended == (grpc.StatusCode.OK, [])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (CHECK, grpc.StatusCode.DEADLINE_EXCEEDED),
        (WATCH, grpc.StatusCode.DEADLINE_EXCEEDED),
        (REFLECT, grpc.StatusCode.OK),
    ],
)
async def test_a_call_that_needs_no_access_token_has_a_deadline_of_its_own_for_its_question(
    container_in_memory: Container, path: str, code: grpc.StatusCode
) -> None:
    soon = replace(OPEN_CALL, message_seconds=0.1, idle_seconds=0.1)
    async with listening_channel(container_in_memory, soon) as channel:
        ended = await _outcome(channel.stream_stream(path)())

    assert ended == (code, [])


@asynccontextmanager
async def listening_channel(
    container: Container, open_call: CallLimits = OPEN_CALL
) -> AsyncIterator[grpc.aio.Channel]:
    limits = GrpcLimits(LIMITS, InFlightLimit(1), open_call=open_call)
    async with (
        listening(container, limits) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        yield channel


async def _outcome(call: "grpc.aio.StreamStreamCall[bytes, bytes]") -> tuple[grpc.StatusCode, list[bytes]]:
    answers = []
    with anyio.fail_after(PATIENCE_SECONDS), suppress(grpc.aio.AioRpcError):
        answers = [answer async for answer in call]
    return await call.code(), answers

"""The limits of the gRPC server: time, size, and requests in flight."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import grpc
import pytest
from dependency_injector import providers

from adapters.grpc.generate_invitation_tokens_stream import BATCHES_AT_ONCE
from adapters.grpc.generated.invitations.v1.invitations_pb2 import GenerateInvitationTokensResponse
from entrypoints.container import Container
from tests.integration.faults.support.waiting import until
from tests.integration.grpc.support.in_process import AioClient, serving, stream_of
from tests.integration.grpc.support.refused import Refused, refusal_of
from tests.integration.http.support.broken import HeldUp
from tests.integration.http.support.captured_log import CapturedLog
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD

Code = grpc.StatusCode

PATIENCE_SECONDS = 60
BATCHES = 20
MANY = 100
"""Batches whose answers a connection cannot hold unread."""

NOT_RECEIVED = Refused(
    Code.DEADLINE_EXCEEDED, "The message was not received in time. Send it again.", "MESSAGE_NOT_RECEIVED"
)
UNAVAILABLE = Refused(
    Code.UNAVAILABLE,
    "The service cannot answer now. Nothing was lost; try again later.",
    "UNAVAILABLE",
    retry_after=2,
)


@pytest.fixture
def held_up(container_in_memory: Container) -> HeldUp:
    repository = HeldUp()
    container_in_memory.storage.patient_repository.override(providers.Object(repository))
    return repository


async def refusal_in_the_end(call: "grpc.aio.StreamStreamCall[bytes, bytes]") -> Refused:
    """Send nothing more of a message; wait for the refusal."""
    with pytest.raises(grpc.aio.AioRpcError) as refused, anyio.fail_after(PATIENCE_SECONDS):
        await call.read()
    return refusal_of(refused.value)


@pytest.mark.parametrize("method", ["raw", "raw_stream"])
async def test_a_call_without_its_message_times_out(
    container_in_memory: Container, issuer: Issuer, method: str
) -> None:
    async with serving(container_in_memory, issuer, message_seconds=0.1, idle_seconds=0.1) as client:
        call = getattr(client, method)(metadata=client.metadata)

        refused = await refusal_in_the_end(call)

    assert refused == NOT_RECEIVED


async def test_a_refused_caller_is_answered_before_its_message(
    container_in_memory: Container, issuer: Issuer
) -> None:
    async with serving(container_in_memory, issuer) as client:
        refused = await refusal_in_the_end(client.raw(metadata=()))

    assert refused.reason == "ACCESS_TOKEN_MISSING"


async def test_a_call_holds_no_slot_while_it_waits_for_its_message(
    container_in_memory: Container, issuer: Issuer
) -> None:
    async with serving(container_in_memory, issuer, places=1) as client:
        starts = [client.raw, client.raw_stream] * 3
        waiting = [await _accepted(client, partial(start, metadata=client.metadata)) for start in starts]

        answer = await _once_a_slot_is_free(client)

        for call in waiting:
            call.cancel()
    assert len(answer.invited) == 1


async def _accepted(client: AioClient, start: Callable[[], Any]) -> Any:
    """Start a call until it is accepted: another one may hold the slot for a moment."""
    while True:
        call = start()
        # it comes after the call, so a refusal of the call comes before its answer
        await _once_a_slot_is_free(client)
        if not call.done():
            return call


async def _once_a_slot_is_free(client: AioClient) -> GenerateInvitationTokensResponse:
    """Ask until the other calls are accepted: until then, each of them holds the slot for a moment."""
    while True:
        try:
            return await client.ask(ADULT)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            await asyncio.sleep(0.05)


async def test_calls_above_the_in_flight_limit_are_refused_at_once(
    container_in_memory: Container, issuer: Issuer, held_up: HeldUp
) -> None:
    async with serving(container_in_memory, issuer, places=2) as client:
        in_work = [asyncio.ensure_future(client.ask(ADULT)) for _ in range(2)]
        await held_up.is_asked(2)

        refused = await client.refusal(ADULT)

        held_up.let_go.set()
        answers = await asyncio.gather(*in_work)
        afterwards = await client.ask(ADULT)
    assert refused == UNAVAILABLE
    assert len([*answers, afterwards]) == 3


async def test_a_stream_is_read_no_further_than_its_batches_in_progress(
    container_in_memory: Container, issuer: Issuer, held_up: HeldUp
) -> None:
    async with serving(container_in_memory, issuer) as client:
        call = client.stream(stream_of(*CROWD * BATCHES), metadata=client.metadata)
        await held_up.is_asked(BATCHES_AT_ONCE)

        with anyio.move_on_after(0.5) as in_vain:
            await held_up.is_asked(1)

        held_up.let_go.set()
        answers = [answer.batch async for answer in call]
    assert in_vain.cancelled_caught
    assert sorted(answers) == list(range(BATCHES))


async def test_batches_wait_for_a_slot_when_requests_are_refused(
    container_in_memory: Container, issuer: Issuer, held_up: HeldUp
) -> None:
    async with serving(container_in_memory, issuer, places=1) as client:
        call = client.stream(stream_of(*CROWD * BATCHES), metadata=client.metadata)
        await held_up.is_asked(1)

        refused = await client.refusal(ADULT)

        held_up.let_go.set()
        answers = [answer async for answer in call]
    assert refused == UNAVAILABLE
    assert {answer.WhichOneof("result") for answer in answers} == {"tokens"}
    assert len(answers) == BATCHES


async def test_more_streams_than_slots_are_all_answered_and_so_is_another_call(
    container_in_memory: Container, issuer: Issuer
) -> None:
    async with serving(container_in_memory, issuer, places=2) as client:
        calls = []
        for _ in range(19):
            # each holds a slot while its caller is authorised, and two at once would be refused
            calls.append(client.raw_stream(metadata=client.metadata))
            await calls[-1].wait_for_connection()
            alone = await _once_a_slot_is_free(client)

        (message,) = stream_of(*CROWD, ADULT, each=501)
        with anyio.fail_after(PATIENCE_SECONDS):
            await asyncio.gather(*(call.write(message.SerializeToString()) for call in calls))
            await asyncio.gather(*(call.done_writing() for call in calls))
            answers = [[answer async for answer in call] for call in calls]
    assert len(alone.invited) == 1
    assert [len(each) for each in answers] == [2] * 19


async def test_a_stream_above_the_bound_of_streams_is_refused(
    container_in_memory: Container, issuer: Issuer
) -> None:
    async with serving(container_in_memory, issuer, streams=1) as client:
        first = client.raw_stream(metadata=client.metadata)
        (message,) = stream_of(*CROWD)
        await first.write(message.SerializeToString())
        await first.read()

        refused = await refusal_in_the_end(client.raw_stream(metadata=client.metadata))

        await first.done_writing()
    assert refused == UNAVAILABLE


async def test_batches_leave_half_of_the_slots_to_other_calls(
    container_in_memory: Container, issuer: Issuer, held_up: HeldUp
) -> None:
    async with serving(container_in_memory, issuer, places=2) as client:
        stream = client.stream(stream_of(*CROWD * BATCHES), metadata=client.metadata)
        await held_up.is_asked(1)
        alone = asyncio.ensure_future(client.ask(ADULT))

        await held_up.is_asked(1)

        held_up.let_go.set()
        answered = await alone
        batches = [answer.batch async for answer in stream]
    assert len(answered.invited) == 0
    assert len(batches) == BATCHES


async def test_a_caller_that_does_not_read_its_answers_is_refused(
    container_in_memory: Container, issuer: Issuer, log: CapturedLog
) -> None:
    async with serving(container_in_memory, issuer, message_bytes=8_000_000, idle_seconds=0.5) as client:
        call = client.raw_stream(metadata=client.metadata)
        (message,) = stream_of(*CROWD * MANY, each=len(CROWD) * MANY)
        message.include_omitted = True
        await call.write(message.SerializeToString())

        await _logged(log)

        call.cancel()
    refused = [line for line in log.lines("invitations.request") if line["message"] == "request"]
    assert [(line["status"], line["refusal"]) for line in refused] == [(4, "AnswerNotReadError")]


async def test_a_deadline_that_passes_is_logged_as_such(
    container_in_memory: Container, issuer: Issuer, held_up: HeldUp, log: CapturedLog
) -> None:
    async with serving(container_in_memory, issuer) as client:
        call = client.raw(metadata=client.metadata, timeout=0.2)
        with pytest.raises(grpc.aio.AioRpcError) as passed:
            await call.read()
        await _logged(log)

    assert passed.value.code() == Code.DEADLINE_EXCEEDED
    assert [line["status"] for line in log.lines("invitations.request")] == [4]


async def test_a_caller_that_hangs_up_releases_its_slot(
    container_in_memory: Container, issuer: Issuer, held_up: HeldUp, log: CapturedLog
) -> None:
    async with serving(container_in_memory, issuer, places=1) as client:
        call = client.stream(stream_of(*CROWD * BATCHES), metadata=client.metadata)
        await held_up.is_asked(1)
        call.cancel()
        await _logged(log)
        held_up.let_go.set()

        answer = await client.ask(ADULT)

    assert len(answer.invited) == 0
    assert [line["status"] for line in log.lines("invitations.request") if line["message"] == "request"] == [
        1,
        0,
    ]
    assert log.lines("invitations.grpc") == []


async def _logged(log: CapturedLog) -> None:
    """Wait until a request is over."""

    async def is_over() -> bool:
        return any(line["message"] == "request" for line in log.lines("invitations.request"))

    await until(is_over)

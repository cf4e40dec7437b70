"""The stream: any number of patients, in independent batches of 500."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from queue import SimpleQueue

import grpc
import pytest

from adapters.caches import LIFETIME_SECONDS
from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensRequest,
    GenerateInvitationTokensStreamRequest,
    GenerateInvitationTokensStreamResponse,
    PatientIdentifier,
)
from domain.access import Grant
from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.grpc.support.client import PATIENCE_SECONDS, GrpcClient, by_uri, metadata
from tests.integration.grpc.support.in_process import stream_of
from tests.integration.grpc.support.refused import Refused, refusal_in, refusal_of
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import ADULT, CROWD, DECEASED, HOSPITAL, UNKNOWN_PATIENT
from tests.integration.service import Service

Answer = GenerateInvitationTokensStreamResponse

ANOTHER_SYSTEM = RequestedIdentifier("https://hospital.test/record-number", "4711")
# two full batches, and 200 of a third
ASKED = CROWD + CROWD + CROWD[:200]

_numbers = count(1)


@pytest.fixture
def sent(issuer: Issuer) -> tuple[tuple[str, str], ...]:
    return metadata(issuer.access_token(scope="system/Organization.write system/Patient.read"))


@pytest.fixture
def key() -> str:
    return f"stream-{next(_numbers)}"


def answers(
    client: GrpcClient,
    sent: tuple[tuple[str, str], ...],
    messages: Iterable[GenerateInvitationTokensStreamRequest],
) -> list[Answer]:
    """Give the answers to a stream, in the order of the batches."""
    return sorted(client.stream(iter(messages), PATIENCE_SECONDS, sent), key=lambda each: each.batch)


def identifiers_in(answer: Answer) -> list[PatientIdentifier]:
    return [each.identifier for each in answer.tokens.invited]


@pytest.mark.parametrize("each", [1, 7, 499, 500, 501, 1200], ids=lambda each: f"{each}-a-message")
def test_batches_are_cut_the_same_however_messages_divide_them(
    client: GrpcClient, sent: tuple[tuple[str, str], ...], each: int
) -> None:
    found = answers(client, sent, stream_of(*ASKED, each=each))

    whole, part = [by_uri(identifier) for identifier in CROWD], [by_uri(each) for each in CROWD[:200]]
    assert [(answer.batch, answer.size) for answer in found] == [(0, 500), (1, 500), (2, 200)]
    assert [identifiers_in(answer) for answer in found] == [whole, whole, part]


def test_a_stream_without_identifiers_has_no_answers(
    client: GrpcClient, sent: tuple[tuple[str, str], ...]
) -> None:
    assert answers(client, sent, []) == []
    assert answers(client, sent, [GenerateInvitationTokensStreamRequest()] * 3) == []


def test_the_answers_hold_the_omissions_if_the_first_message_asks_for_them(
    client: GrpcClient, sent: tuple[tuple[str, str], ...]
) -> None:
    first = GenerateInvitationTokensStreamRequest(identifiers=[by_uri(DECEASED)], include_omitted=True)
    then = GenerateInvitationTokensStreamRequest(identifiers=[by_uri(UNKNOWN_PATIENT)])

    asked_for, not_asked_for = (answers(client, sent, each) for each in ([first, then], [then, first]))

    assert [each.identifier for each in asked_for[0].tokens.omitted] == [
        by_uri(DECEASED),
        by_uri(UNKNOWN_PATIENT),
    ]
    assert list(not_asked_for[0].tokens.omitted) == []


def test_a_stream_under_its_key_gets_the_same_answers_up_to_its_break(
    client_of_each: GrpcClient, sent: tuple[tuple[str, str], ...], key: str
) -> None:
    first = answers(client_of_each, sent, stream_of(*ASKED[:1000], each=500, key=key))

    second = answers(client_of_each, sent, stream_of(*ASKED, each=300, key=key))

    assert [answer.tokens.replayed for answer in second] == [True, True, False]
    assert [list(each.tokens.invited) for each in second[:2]] == [list(each.tokens.invited) for each in first]


def test_a_batch_can_be_asked_for_again_alone(
    client: GrpcClient, sent: tuple[tuple[str, str], ...], key: str
) -> None:
    _first, second = answers(client, sent, stream_of(*ASKED[:600], key=key))
    request = GenerateInvitationTokensRequest(
        identifiers=map(by_uri, ASKED[500:600]), idempotency_key=f"{key}/1"
    )

    alone = client.generate(request, PATIENCE_SECONDS, sent)

    assert (alone.replayed, list(alone.invited)) == (True, list(second.tokens.invited))


def test_a_batch_that_fails_leaves_the_others_alone(
    client: GrpcClient, sent: tuple[tuple[str, str], ...]
) -> None:
    asked = [*CROWD, *CROWD[:400], ANOTHER_SYSTEM, *CROWD[:99], *CROWD[:10]]

    first, second, third = answers(client, sent, stream_of(*asked))

    assert (len(first.tokens.invited), len(third.tokens.invited)) == (500, 10)
    assert second.WhichOneof("result") == "failure"
    assert refusal_in(second.failure) == Refused(
        grpc.StatusCode.INVALID_ARGUMENT,
        "The identifier system is not supported; use that of NHS, CHI or Health & Care numbers.",
        "SYSTEM_NOT_SUPPORTED",
        metadata={"positions": "400"},
        fields=["identifiers[400].system"],
    )


def test_a_batch_with_an_incomplete_identifier_fails_alone(
    client: GrpcClient, sent: tuple[tuple[str, str], ...]
) -> None:
    incomplete = RequestedIdentifier(ADULT.system, "")

    first, second = answers(client, sent, stream_of(*CROWD, ADULT, incomplete))

    assert len(first.tokens.invited) == 500
    assert refusal_in(second.failure).fields == ["identifiers[1].value"]


@pytest.mark.parametrize("text", ["", "two words", "k" * 241], ids=["empty", "space", "too-long"])
def test_a_stream_under_a_malformed_key_is_refused(
    client: GrpcClient, sent: tuple[tuple[str, str], ...], text: str
) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        answers(client, sent, stream_of(ADULT, key=text))

    assert refusal_of(raised.value).fields == ["idempotency_key"]


def test_the_longest_key_is_accepted(client: GrpcClient, sent: tuple[tuple[str, str], ...]) -> None:
    (answer,) = answers(client, sent, stream_of(ADULT, key="k" * 240))

    assert len(answer.tokens.invited) == 1


def test_a_stream_that_is_cut_off_can_be_sent_again(
    client_of_each: GrpcClient, sent: tuple[tuple[str, str], ...], key: str
) -> None:
    """What was read of an unfinished batch is not taken for the last batch, which is smaller."""
    messages: SimpleQueue[GenerateInvitationTokensStreamRequest | None] = SimpleQueue()
    call = client_of_each.stream(iter(messages.get, None), PATIENCE_SECONDS, sent)
    for message in stream_of(*ASKED[:700], each=100, key=key):
        messages.put(message)
    next(call)
    call.cancel()
    messages.put(None)

    found = answers(client_of_each, sent, stream_of(*ASKED, key=key))

    assert [answer.WhichOneof("result") for answer in found] == ["tokens"] * 3
    assert [answer.tokens.replayed for answer in found] == [True, False, False]


def test_the_stream_of_a_refused_caller_is_not_read(client: GrpcClient) -> None:
    read = []

    def messages() -> Iterator[GenerateInvitationTokensStreamRequest]:
        for message in stream_of(*CROWD * 100):
            read.append(message)
            yield message

    with pytest.raises(grpc.RpcError) as raised:
        answers(client, metadata("no-token"), messages())

    assert refusal_of(raised.value).code == grpc.StatusCode.UNAUTHENTICATED
    assert len(read) < 50


def test_a_grant_that_is_revoked_fails_the_batches_after_it(
    client: GrpcClient, sent: tuple[tuple[str, str], ...], environment: Mapping[str, str]
) -> None:
    first_message, second_message = stream_of(*CROWD * 2)
    messages: SimpleQueue[GenerateInvitationTokensStreamRequest | None] = SimpleQueue()
    call = client.stream(iter(messages.get, None), PATIENCE_SECONDS, sent)
    messages.put(first_message)
    first = next(call)

    asyncio.run(_let_act(environment, permitted=False))
    # the service caches the grant for this time
    time.sleep(LIFETIME_SECONDS)
    messages.put(second_message)
    second = next(call)
    asyncio.run(_let_act(environment, permitted=True))
    messages.put(None)

    assert [first.WhichOneof("result"), second.WhichOneof("result")] == ["tokens", "failure"]
    assert refusal_in(second.failure).code == grpc.StatusCode.PERMISSION_DENIED


async def _let_act(environment: Mapping[str, str], *, permitted: bool) -> None:
    """Give or take back the grant."""
    container = Container(settings=read_settings(environment, to_serve=True).unwrap())
    grant = Grant(CLIENT_ID, HOSPITAL)
    await (
        container.administration.grant_access() if permitted else container.administration.revoke_access()
    )(grant)
    await container.storage.database().close()


def test_every_batch_has_a_line_in_the_log_and_the_stream_has_one(
    client: GrpcClient, service: Service, sent: tuple[tuple[str, str], ...]
) -> None:
    request_id = f"logged-stream-{next(_numbers)}"
    named = tuple((key, request_id if key == "x-request-id" else value) for key, value in sent)

    answers(client, named, stream_of(*CROWD, DECEASED, ANOTHER_SYSTEM))

    lines = service.log_lines_of(request_id, 3)
    logged = [(line["message"], line.get("batch"), line["status"], line.get("asked")) for line in lines]
    assert sorted(logged, key=str) == [("batch", 0, 0, 500), ("batch", 1, 3, 2), ("request", None, 0, None)]
    assert {line["caller"] for line in lines} == {CLIENT_ID}
    assert lines[-1]["route"] == "/invitations.v1.InvitationTokens/GenerateInvitationTokensStream"

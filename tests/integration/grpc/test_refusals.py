"""The error table of gRPC, row by row: code, sentence, and all details."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    GenerateInvitationTokensRequest,
    PatientIdentifier,
)
from tests.integration.grpc.support.client import (
    GENERATE,
    PATIENCE_SECONDS,
    GrpcClient,
    by_code,
    by_uri,
    metadata,
)
from tests.integration.grpc.support.refused import Refused, refusal_of, trailing
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, DECEASED, NOT_GRANTED
from tests.integration.service import Service

Code = grpc.StatusCode
Metadata = tuple[tuple[str, str], ...]

TOKEN_MISSING = Refused(
    Code.UNAUTHENTICATED,
    "Send an access token in the metadata authorization, as 'Bearer' and the token.",
    "ACCESS_TOKEN_MISSING",
)
TOKEN_INVALID = Refused(
    Code.UNAUTHENTICATED,
    "The access token is not valid for this service. Get a new one from the issuer.",
    "ACCESS_TOKEN_INVALID",
)
TOKEN_EXPIRED = Refused(
    Code.UNAUTHENTICATED, "The access token has expired. Get a new one.", "ACCESS_TOKEN_EXPIRED"
)
SCOPE_MISSING = Refused(
    Code.PERMISSION_DENIED,
    "The access token lacks the scope that this operation needs. Get one that has it.",
    "SCOPE_MISSING",
    metadata={"scope": "system/Organization.write"},
)
ORGANISATION_MISSING = Refused(
    Code.INVALID_ARGUMENT,
    "Name the organisation that you act for in the metadata x-org-public-id.",
    "ORGANISATION_MISSING",
    fields=["x-org-public-id"],
)
ORGANISATION_MALFORMED = Refused(
    Code.INVALID_ARGUMENT,
    "The metadata x-org-public-id takes one UUID, and is sent once.",
    "ORGANISATION_MALFORMED",
    fields=["x-org-public-id"],
)
ORGANISATION_FORBIDDEN = Refused(
    Code.PERMISSION_DENIED,
    "You may not act for the organisation in the metadata x-org-public-id. Ask the operator for a grant.",
    "ORGANISATION_FORBIDDEN",
)
NO_IDENTIFIER = Refused(
    Code.INVALID_ARGUMENT, "Send at least one identifier.", "NO_IDENTIFIER", fields=["identifiers"]
)
TOO_MANY = Refused(
    Code.INVALID_ARGUMENT,
    "The operation takes at most 500 identifiers in a request.",
    "TOO_MANY_IDENTIFIERS",
    fields=["identifiers"],
)
NOT_SUPPORTED = Refused(
    Code.INVALID_ARGUMENT,
    "The identifier system is not supported; use that of NHS, CHI or Health & Care numbers.",
    "SYSTEM_NOT_SUPPORTED",
    metadata={"positions": "1-2"},
    fields=["identifiers[1].system", "identifiers[2].system"],
)
INCOMPLETE = Refused(
    Code.INVALID_ARGUMENT,
    "Each identifier needs a system and a value.",
    "FIELDS_MISSING",
    metadata={"positions": "0-1,3"},
    fields=[
        "identifiers[0].system",
        "identifiers[0].value",
        "identifiers[1].value",
        "identifiers[3].system",
    ],
)
KEY_MALFORMED = Refused(
    Code.INVALID_ARGUMENT,
    "The idempotency_key takes 1 to 255 visible ASCII characters, that of a stream 240.",
    "IDEMPOTENCY_KEY_MALFORMED",
    fields=["idempotency_key"],
)
OTHER_IDENTIFIERS = Refused(
    Code.FAILED_PRECONDITION,
    "The idempotency_key was sent before, with other identifiers. Send a new one.",
    "OTHER_IDENTIFIERS",
)
NOT_READABLE = Refused(
    Code.INVALID_ARGUMENT,
    "There is no message, or it is not one of the type that the method takes.",
    "MESSAGE_NOT_READABLE",
)
TOO_LARGE = Refused(
    Code.RESOURCE_EXHAUSTED,
    "The message is larger than the service takes. Send less at once.",
    "MESSAGE_TOO_LARGE",
)

OF_ANOTHER_SYSTEM = PatientIdentifier(system_uri="https://hospital.test/record-number", value="4711")
OF_A_LATER_VERSION = PatientIdentifier(system_code=99, value="4711")  # type: ignore[arg-type]  # none of ours


def refusal(client: GrpcClient, sent: Metadata, request: GenerateInvitationTokensRequest) -> Refused:
    with pytest.raises(grpc.RpcError) as refused:
        client.generate(request, PATIENCE_SECONDS, sent)
    return refusal_of(refused.value)


def asking_for(*identifiers: PatientIdentifier, key: str | None = None) -> GenerateInvitationTokensRequest:
    return GenerateInvitationTokensRequest(identifiers=identifiers, idempotency_key=key)


@pytest.fixture
def sent(issuer: Issuer) -> Metadata:
    return metadata(issuer.access_token())


def without(sent: Metadata, name: str) -> Metadata:
    return tuple((key, value) for key, value in sent if key != name)


def test_names_a_missing_access_token(client: GrpcClient, sent: Metadata) -> None:
    assert refusal(client, without(sent, "authorization"), asking_for(by_uri(ADULT))) == TOKEN_MISSING


@pytest.mark.parametrize(
    ("claims", "refused"),
    [
        pytest.param({"aud": "another"}, TOKEN_INVALID, id="another-audience"),
        pytest.param({"exp": datetime.now(UTC) - timedelta(minutes=1)}, TOKEN_EXPIRED, id="expired"),
        pytest.param({"scope": "system/Patient.read"}, SCOPE_MISSING, id="scope"),
    ],
)
def test_names_the_scope_that_an_access_token_lacks(
    client: GrpcClient, issuer: Issuer, claims: dict[str, object], refused: Refused
) -> None:
    sent = metadata(issuer.access_token(**claims))

    assert refusal(client, sent, asking_for(by_uri(ADULT))) == refused


@pytest.mark.parametrize(
    ("organisations", "refused"),
    [
        pytest.param([], ORGANISATION_MISSING, id="missing"),
        pytest.param(["hospital"], ORGANISATION_MALFORMED, id="malformed"),
        pytest.param([str(NOT_GRANTED)], ORGANISATION_FORBIDDEN, id="not-granted"),
    ],
)
def test_names_what_is_wrong_with_the_organisation(
    client: GrpcClient, sent: Metadata, organisations: list[str], refused: Refused
) -> None:
    others = tuple(("x-org-public-id", each) for each in organisations)

    assert refusal(client, (*without(sent, "x-org-public-id"), *others), asking_for(by_uri(ADULT))) == refused


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        pytest.param(asking_for(), NO_IDENTIFIER, id="nobody"),
        pytest.param(asking_for(*map(by_uri, [*CROWD, DECEASED])), TOO_MANY, id="501"),
        pytest.param(
            asking_for(by_uri(ADULT), OF_ANOTHER_SYSTEM, OF_A_LATER_VERSION), NOT_SUPPORTED, id="system"
        ),
        pytest.param(
            asking_for(
                PatientIdentifier(),
                PatientIdentifier(system_uri=ADULT.system),
                by_uri(ADULT),
                PatientIdentifier(system_code="IDENTIFIER_SYSTEM_UNSPECIFIED", value=ADULT.value),
            ),
            INCOMPLETE,
            id="incomplete",
        ),
        pytest.param(asking_for(by_uri(ADULT), key=""), KEY_MALFORMED, id="empty-key"),
        pytest.param(asking_for(by_uri(ADULT), key="k" * 256), KEY_MALFORMED, id="long-key"),
    ],
)
def test_names_what_is_wrong_with_a_request(
    client: GrpcClient, sent: Metadata, request_: GenerateInvitationTokensRequest, refused: Refused
) -> None:
    assert refusal(client, sent, request_) == refused


def test_names_a_key_that_was_used_for_others(client: GrpcClient, sent: Metadata) -> None:
    client.generate(asking_for(by_uri(ADULT), key="used-for-others"), PATIENCE_SECONDS, sent)

    assert refusal(client, sent, asking_for(by_uri(DECEASED), key="used-for-others")) == OTHER_IDENTIFIERS


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        pytest.param(b"\xff\xff\xff", NOT_READABLE, id="no-protobuf"),
        pytest.param(b"\x0a\x04\x1a\x02\xff\xff", NOT_READABLE, id="no-utf-8"),
        pytest.param(b"\x0a\x00" * 2_100_000, TOO_LARGE, id="too-large"),
    ],
)
def test_refuses_a_message_that_it_cannot_read(
    client: GrpcClient, sent: Metadata, content: bytes, refused: Refused
) -> None:
    call = client.raw(GENERATE)

    with pytest.raises(grpc.RpcError) as raised:
        call(content, PATIENCE_SECONDS, sent)

    assert refusal_of(raised.value) == refused


def test_refuses_a_call_without_a_message(client: GrpcClient, sent: Metadata) -> None:
    call: grpc.StreamUnaryMultiCallable[bytes, bytes] = client.channel.stream_unary(GENERATE)

    with pytest.raises(grpc.RpcError) as raised:
        call(iter([]), PATIENCE_SECONDS, sent)

    assert refusal_of(raised.value) == NOT_READABLE


def test_does_not_receive_a_message_that_is_far_too_large(client: GrpcClient, sent: Metadata) -> None:
    call = client.raw(GENERATE)

    with pytest.raises(grpc.RpcError) as raised:
        call(bytes(50_000_000), PATIENCE_SECONDS, sent)

    assert raised.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_refuses_a_compressed_message_and_logs_no_line_of_native_code(
    client: GrpcClient, service: Service, sent: Metadata
) -> None:
    """The library refuses it, so it has no details; a client that does not compress is not affected."""
    call = client.raw(GENERATE)

    with pytest.raises(grpc.RpcError) as raised:
        call(bytes(1_000), PATIENCE_SECONDS, sent, compression=grpc.Compression.Gzip)

    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert [line for line in service.log.read_text().splitlines() if "ompress" in line] == []


@pytest.mark.parametrize(
    ("offered", "usable"),
    [("a-caller's", False), ("of-a.caller_1", True), (ADULT.value, False), ("x" * 65, False)],
    ids=["quote", "usable", "patient", "too-long"],
)
def test_takes_a_request_id_that_can_be_one(
    client: GrpcClient, sent: Metadata, offered: str, *, usable: bool
) -> None:
    others = without(sent, "x-request-id")

    _answer, call = client.generate.with_call(
        asking_for(by_code(ADULT)), PATIENCE_SECONDS, (*others, ("x-request-id", offered))
    )

    assert (trailing(call)["x-request-id"] == offered) == usable


def test_repeats_an_identifier_as_it_was_asked_for(client: GrpcClient, sent: Metadata) -> None:
    asked = [by_code(ADULT), by_uri(CROWD[1]), by_uri(ADULT)]

    answer = client.generate(asking_for(*asked), PATIENCE_SECONDS, sent)

    assert [each.identifier for each in answer.invited] == asked[:2]

"""Each refusal of the catalogue as gRPC writes it."""

import pytest
from grpc import StatusCode

from adapters.grpc.status_codes import CODES, Refusal, grpc_refusal
from adapters.serving.refusals import Kind, identifiers_refusal
from domain.identifiers import UnsupportedIdentifierSystems
from tests.unit.adapters.serving.every_refusal import EVERY_REFUSAL

EXPECTED = [
    Refusal(
        StatusCode.UNAUTHENTICATED,
        "ACCESS_TOKEN_MISSING",
        "Send an access token in the metadata authorization, as 'Bearer' and the token.",
    ),
    Refusal(
        StatusCode.UNAUTHENTICATED,
        "ACCESS_TOKEN_INVALID",
        "The access token is not valid for this service. Get a new one from the issuer.",
    ),
    Refusal(
        StatusCode.UNAUTHENTICATED,
        "ACCESS_TOKEN_EXPIRED",
        "The access token has expired. Get a new one.",
    ),
    Refusal(
        StatusCode.PERMISSION_DENIED,
        "SCOPE_MISSING",
        "The access token lacks the scope that this operation needs. Get one that has it.",
        {"scope": "system/Patient.read"},
    ),
    Refusal(
        StatusCode.INVALID_ARGUMENT,
        "ORGANISATION_MISSING",
        "Name the organisation that you act for in the metadata x-org-public-id.",
        fields=["x-org-public-id"],
    ),
    Refusal(
        StatusCode.INVALID_ARGUMENT,
        "ORGANISATION_MALFORMED",
        "The metadata x-org-public-id takes one UUID, and is sent once.",
        fields=["x-org-public-id"],
    ),
    Refusal(
        StatusCode.PERMISSION_DENIED,
        "ORGANISATION_FORBIDDEN",
        "You may not act for the organisation in the metadata x-org-public-id. Ask the operator for a grant.",
    ),
    Refusal(
        StatusCode.RESOURCE_EXHAUSTED,
        "THROTTLED",
        "You have asked for more in a short time than the service gives you. Wait, then try again.",
        retry_after_seconds=7,
    ),
    Refusal(
        StatusCode.INVALID_ARGUMENT,
        "NO_IDENTIFIER",
        "Send at least one identifier.",
        fields=["identifiers"],
    ),
    Refusal(
        StatusCode.INVALID_ARGUMENT,
        "TOO_MANY_IDENTIFIERS",
        "The operation takes at most 500 identifiers in a request.",
        fields=["identifiers"],
    ),
    Refusal(
        StatusCode.INVALID_ARGUMENT,
        "SYSTEM_NOT_SUPPORTED",
        "The identifier system is not supported; use that of NHS, CHI or Health & Care numbers.",
        {"positions": "0,3"},
        ["identifiers[0].system", "identifiers[3].system"],
    ),
    Refusal(
        StatusCode.INVALID_ARGUMENT,
        "IDEMPOTENCY_KEY_MALFORMED",
        "The idempotency_key takes 1 to 255 visible ASCII characters, that of a stream 240.",
        fields=["idempotency_key"],
    ),
    Refusal(
        StatusCode.FAILED_PRECONDITION,
        "OTHER_IDENTIFIERS",
        "The idempotency_key was sent before, with other identifiers. Send a new one.",
    ),
    Refusal(
        StatusCode.FAILED_PRECONDITION,
        "ANSWER_GONE",
        "The first answer cannot be given again, and nothing new was issued. Send a new key.",
    ),
    Refusal(
        StatusCode.ABORTED,
        "REQUEST_IN_PROGRESS",
        "The first request under this idempotency_key is still in progress. Try again later.",
        retry_after_seconds=2,
    ),
    Refusal(
        StatusCode.RESOURCE_EXHAUSTED,
        "MESSAGE_TOO_LARGE",
        "The message is larger than the service takes. Send less at once.",
    ),
    Refusal(
        StatusCode.DEADLINE_EXCEEDED,
        "MESSAGE_NOT_RECEIVED",
        "The message was not received in time. Send it again.",
    ),
    Refusal(
        StatusCode.UNAVAILABLE,
        "UNAVAILABLE",
        "The service cannot answer now. Nothing was lost; try again later.",
        retry_after_seconds=2,
    ),
    Refusal(
        StatusCode.UNAVAILABLE,
        "STOPPING",
        "The service is about to stop, and takes no more batches. Send again what was not answered.",
        retry_after_seconds=2,
    ),
    Refusal(
        StatusCode.DEADLINE_EXCEEDED,
        "ANSWER_NOT_READ",
        "The answer was not read in time. Read answers as they come, and send again what was not answered.",
    ),
    Refusal(
        StatusCode.INTERNAL,
        "UNEXPECTED",
        "An unexpected error occurred. If it persists, report the request id the-request-id.",
        request_id="the-request-id",
    ),
]


def test_every_kind_has_a_status_code() -> None:
    assert CODES.keys() == set(Kind)


def test_every_refusal_is_expected_here() -> None:
    assert [refusal.reason for refusal in EXPECTED] == list(EVERY_REFUSAL)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda refusal: refusal.reason)
def test_a_refusal_is_written_for_grpc(expected: Refusal) -> None:
    refusal = grpc_refusal(EVERY_REFUSAL[expected.reason])

    assert refusal == expected


@pytest.mark.parametrize(
    ("positions", "text"),
    [
        pytest.param((0, 1, 2, 3, 17), "0-3,17", id="runs"),
        pytest.param((5,), "5", id="one"),
        pytest.param((1, 2), "1-2", id="two"),
    ],
)
def test_positions_that_follow_each_other_are_written_as_a_run(positions: tuple[int, ...], text: str) -> None:
    refusal = grpc_refusal(identifiers_refusal(UnsupportedIdentifierSystems(positions)))

    assert refusal.metadata == {"positions": text}

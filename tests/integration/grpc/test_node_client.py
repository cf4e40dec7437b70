"""A client in another language, made from the interface file alone."""

import sysconfig
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from domain.identifiers import RequestedIdentifier
from tests.integration.grpc.support.client import REQUEST_ID, metadata
from tests.integration.http.support.issuer import SCOPE, STATUS_SCOPE, Issuer
from tests.integration.http.support.people import ADULT, BY_CHI_NUMBER, DECEASED
from tests.integration.node.programs import run_node
from tests.integration.service import Service

pytestmark = pytest.mark.full

PROTO = Path(__file__).parents[3] / "proto"


def asked_for(identifier: RequestedIdentifier) -> dict[str, str]:
    return {"system_uri": identifier.system, "value": identifier.value}


@pytest.fixture(scope="module")
def received(service: Service, issuer: Issuer) -> dict[str, Any]:
    """Run a client in JavaScript, and return what it received."""
    settings = {
        "address": f"127.0.0.1:{service.grpc_port}",
        "proto": str(PROTO / "invitations" / "v1" / "invitations.proto"),
        "imports": [str(PROTO), sysconfig.get_path("purelib")],
        "metadata": dict(metadata(issuer.access_token(scope=f"{SCOPE} {STATUS_SCOPE}"))),
        "identifiers": [asked_for(each) for each in (ADULT, DECEASED, BY_CHI_NUMBER)],
    }
    return json.decode(run_node("grpc_client.mjs", json.encode(settings).decode()), type=dict[str, Any])


def test_it_gets_tokens(received: dict[str, Any]) -> None:
    answered = received["answered"]

    invited = answered["answer"]["invited"]
    assert (answered["code"], answered["requestId"]) == ("OK", REQUEST_ID)
    assert [each["identifier"]["value"] for each in invited] == [ADULT.value, BY_CHI_NUMBER.value]
    assert {len(each[secret]) for each in invited for secret in ("code", "token")} == {10}
    assert all(each["expiry"]["seconds"] > 0 for each in invited)


def test_it_learns_who_is_omitted(received: dict[str, Any]) -> None:
    (omitted,) = received["answered"]["answer"]["omitted"]

    assert omitted["identifier"]["value"] == DECEASED.value
    assert omitted["reason"] == "OMISSION_REASON_DECEASED"


def test_it_gets_tokens_by_a_stream(received: dict[str, Any]) -> None:
    (answer,) = received["streamed"]

    assert (answer["batch"], answer["size"], answer["result"]) == (0, 3, "tokens")
    assert len(answer["tokens"]["invited"]) == 2


def test_it_learns_the_reason_of_a_refusal(received: dict[str, Any]) -> None:
    refused = received["refused"]

    assert refused["code"] == "UNAUTHENTICATED"
    assert refused["details"].startswith("Send an access token")
    assert refused["requestId"]

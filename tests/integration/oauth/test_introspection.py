"""An opaque token has the claims that its issuer reports, if it is a token for this service."""

import base64

import pytest
from returns.result import Failure

from adapters.oauth.introspection import IntrospectionAccessTokenVerifier
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from domain.access import Caller
from tests.integration.oauth.introspection import PATH, TOKEN, IntrospectionServer, active
from tests.integration.oauth.tokens import AUDIENCE, SECONDS

INVALID = Failure(AccessTokenInvalid())

NOT_ACTIVE = {
    "not active": {"active": False},
    "not active, and genuine in all else": active(active=False),
    "not active, and nothing else that could be read": {"active": False, "exp": None, "aud": {}},
}
NOT_FOR_US = {
    "another issuer's": active(iss="https://login.example/realm/"),
    "another service's": active(aud="https://other.example/fhir"),
    "several other services'": active(aud=["https://other.example/fhir", AUDIENCE + "/other"]),
    "nobody's in particular": active(aud=None),
    "nobody's at all": active(aud=[]),
    "nobody's, as null": {**active(), "aud": None},
    "somebody's that is a number": active(aud=5),
    "expiry that is a word": active(exp="tomorrow"),
    "expiry that is text": active(exp=str(SECONDS + 240)),
    "type that is a number": active(token_type=5),
    "scope that is a number": active(scope=5),
    "bound to a certificate": active(cnf={"x5t#S256": "abc"}),
    "not valid yet": active(nbf=SECONDS + 31),
    "issued in the future": active(iat=SECONDS + 31),
    "expiry in milliseconds": active(exp=(SECONDS + 240) * 1000),
    "of no client": active(client_id=None, sub=None),
    "of a client in sub alone": active(client_id=None, sub="hospital-a"),
    "of a client with a space": active(client_id="hospital a"),
    "of a client that is a number": active(client_id=1),
    "an ID token": active(nonce="n-0S6_WzA2Mj"),
    "a refresh token": active(token_type="Refresh"),
    "a refresh token by another name": active(token_type="refresh_token"),
    "bound to a key": active(token_type="DPoP"),
    "of a type that is empty": active(token_type=""),
}
NO_TOKENS = {
    "empty": "",
    "a space": " ",
    "with a space in it": "a b",
    "with a line break": "a\n",
    "with a NUL": "a\0",
    "with an ampersand": "a&token=b",
    "with a quote": 'a"b',
    "with an equals sign in it": "a=b",
    "nothing but padding": "==",
    "non-ASCII": "caf\u00e9",
    "a lone surrogate": "a\ud800",
    "full-width digits": "\uff11\uff12",
    "a character over 16 KiB": "A" * 16_385,
    "one megabyte": "A" * 1_048_576,
}


async def test_the_introspection_request_follows_the_standards(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    await introspection.verify(TOKEN)

    [question] = introspection_server.questions
    request_line, *fields = question.head.lower().rstrip().split("\r\n")
    assert request_line == f"post {PATH} http/1.1"
    assert {"accept: application/json", "content-type: application/x-www-form-urlencoded"} <= {*fields}
    assert question.form == {"token": [TOKEN], "token_type_hint": ["access_token"]}


async def test_id_and_secret_are_encoded_in_the_credentials(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    await introspection.verify(TOKEN)

    [question] = introspection_server.questions
    credentials = base64.b64encode(b"invitations+service:a%25b%3Ac+d%2Be%2FXanthippe").decode()
    assert f"Authorization: Basic {credentials}\r\n" in question.head


async def test_the_caller_is_the_client_with_its_scopes(
    introspection: IntrospectionAccessTokenVerifier,
) -> None:
    verified = await introspection.verify(TOKEN)

    scopes = frozenset({"system/Organization.write", "system/Patient.read"})
    assert verified.unwrap() == Caller("hospital-a", scopes)


@pytest.mark.parametrize(
    "said",
    [
        active(iss=None),
        active(exp=None, nbf=None, iat=None),
        active(exp=SECONDS - 29),
        active(nbf=SECONDS + 30, iat=SECONDS + 30),
        active(aud=["https://other.example", AUDIENCE]),
        active(token_type=None),
        active(token_type="bearer"),
        active(client_id=None, azp="hospital-a"),
        {**active(), "iss": None, "exp": None, "nbf": None, "iat": None, "cnf": None, "nonce": None},
        active(username="somebody", jti=1, extension={"a": [1]}),
    ],
    ids=[
        "no issuer",
        "no dates",
        "just until now",
        "from just now",
        "one audience of several",
        "no type",
        "type in small letters",
        "client in azp",
        "null for what is absent",
        "members that do not count",
    ],
)
async def test_an_active_token_for_this_service_is_accepted(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer, said: object
) -> None:
    introspection_server.said[TOKEN] = said

    verified = await introspection.verify(TOKEN)

    assert verified.unwrap().client_id == "hospital-a"


async def test_a_scope_that_is_null_is_no_scope(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.said[TOKEN] = {**active(), "scope": None}

    verified = await introspection.verify(TOKEN)

    assert verified.unwrap() == Caller("hospital-a")


async def test_the_operator_learns_which_member_of_an_answer_is_wrong(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    introspection_server.said[TOKEN] = active(exp="Xanthippe")

    await introspection.verify(TOKEN)

    assert "$.exp" in caplog.text
    assert "Xanthippe" not in caplog.text


@pytest.mark.parametrize(
    "said", [*NOT_ACTIVE.values(), *NOT_FOR_US.values()], ids=[*NOT_ACTIVE.keys(), *NOT_FOR_US.keys()]
)
async def test_refuses(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer, said: object
) -> None:
    introspection_server.said[TOKEN] = said

    verified = await introspection.verify(TOKEN)

    assert verified == INVALID


async def test_an_active_token_past_its_expiry_is_expired(
    introspection: IntrospectionAccessTokenVerifier, introspection_server: IntrospectionServer
) -> None:
    introspection_server.said[TOKEN] = active(exp=SECONDS - 30)

    verified = await introspection.verify(TOKEN)

    assert verified == Failure(AccessTokenExpired())


@pytest.mark.parametrize("presented", NO_TOKENS.values(), ids=NO_TOKENS.keys())
async def test_the_issuer_is_not_asked_about_malformed_tokens(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    presented: str,
) -> None:
    verified = await introspection.verify(presented)

    assert verified == INVALID
    assert introspection_server.requests == []


@pytest.mark.parametrize("presented", ["a", "a-._~+/0Z==", "A" * 16_384], ids=["short", "odd", "16 KiB"])
async def test_any_other_token_is_sent_unchanged(
    introspection: IntrospectionAccessTokenVerifier,
    introspection_server: IntrospectionServer,
    presented: str,
) -> None:
    introspection_server.said[presented] = active()

    verified = await introspection.verify(presented)

    assert verified.unwrap().client_id == "hospital-a"

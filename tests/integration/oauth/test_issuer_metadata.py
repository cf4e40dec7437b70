"""The service finds an issuer's keys through its metadata, and never another issuer's keys."""

import json

import pytest

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.issuer import IssuerMetadata
from tests.integration.oauth.key_server import JWKS_PATH, Answer, KeyServer
from tests.integration.oauth.stopwatch import IMPATIENT, LIMITS, Stopwatch

OAUTH = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"
HANGING = Answer(b" ", endless=True, drip_seconds=0.02)


def describe(server: KeyServer, location: str, issuer: str, **changes: object) -> None:
    server.answer(location, {"issuer": issuer, "jwks_uri": server.jwks_url, "extra": [1], **changes})


async def fetched(issuer: str) -> bytes:
    source = IssuerMetadata(issuer)
    try:
        return await source.fetch()
    finally:
        await source.aclose()


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("", OAUTH),
        ("/", OAUTH),
        ("/realms/nhs", OAUTH + "/realms/nhs"),
        ("/realms/nhs/", OAUTH + "/realms/nhs"),
        ("/a%2Fb", OAUTH + "/a%2Fb"),
    ],
)
async def test_metadata_is_found_before_the_path_of_the_issuer(
    key_server: KeyServer, path: str, location: str
) -> None:
    issuer = key_server.url + path
    describe(key_server, location, issuer)

    document = await fetched(issuer)

    assert document == key_server.answers[JWKS_PATH].body
    assert key_server.requests == [location, JWKS_PATH]


@pytest.mark.parametrize("path", ["", "/", "/realms/nhs", "/realms/nhs/"])
async def test_openid_metadata_is_found_after_the_path_of_the_issuer(
    key_server: KeyServer, path: str
) -> None:
    issuer = key_server.url + path
    describe(key_server, path.rstrip("/") + OPENID, issuer)

    document = await fetched(issuer)

    assert document == key_server.answers[JWKS_PATH].body
    assert key_server.requests == [OAUTH + path.rstrip("/"), path.rstrip("/") + OPENID, JWKS_PATH]


async def test_openid_metadata_is_read_when_the_first_document_is_unusable(
    key_server: KeyServer,
) -> None:
    key_server.answers[OAUTH] = Answer(b"<html>Single-page application</html>")
    describe(key_server, OPENID, key_server.url)

    document = await fetched(key_server.url)

    assert document == key_server.answers[JWKS_PATH].body


@pytest.mark.parametrize("difference", ["/", "/realm", "?", "#", " "])
async def test_metadata_of_another_issuer_is_refused(key_server: KeyServer, difference: str) -> None:
    for location in (OAUTH, OPENID):
        describe(key_server, location, key_server.url + difference)

    with pytest.raises(IssuerUnavailable, match=r"another issuer; .*another issuer"):
        await fetched(key_server.url)

    assert JWKS_PATH not in key_server.requests


@pytest.mark.parametrize(
    "jwks_uri",
    [
        None,
        1,
        "",
        "keys",
        "/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "http://",
        "http://h:99999/",
        "http://h\0",
        "http://login.test.invalid/keys",
    ],
)
async def test_metadata_without_a_usable_key_address_is_refused(
    key_server: KeyServer, jwks_uri: object
) -> None:
    describe(key_server, OAUTH, key_server.url, jwks_uri=jwks_uri)

    with pytest.raises(IssuerUnavailable, match=r"metadata cannot be read; .*status 404"):
        await fetched(key_server.url)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[" * 100_000, b'{"issuer":"\xff"}'])
async def test_unreadable_metadata_is_refused(key_server: KeyServer, body: bytes) -> None:
    key_server.answers[OAUTH] = key_server.answers[OPENID] = Answer(body)

    with pytest.raises(IssuerUnavailable, match="cannot be read"):
        await fetched(key_server.url)


async def test_a_redirect_of_the_metadata_is_refused(key_server: KeyServer) -> None:
    describe(key_server, "/moved", key_server.url)
    key_server.answers[OAUTH] = key_server.answers[OPENID] = Answer(b"", 302, ("Location: /moved",))

    with pytest.raises(IssuerUnavailable, match="302"):
        await fetched(key_server.url)


async def test_metadata_is_found_although_the_first_location_hangs(key_server: KeyServer) -> None:
    key_server.answers[OAUTH] = HANGING
    describe(key_server, OPENID, key_server.url)

    document = await fetched(key_server.url)

    assert document == key_server.answers[JWKS_PATH].body


async def test_the_location_where_metadata_was_found_is_asked_first(key_server: KeyServer) -> None:
    describe(key_server, OPENID, key_server.url)
    source = IssuerMetadata(key_server.url)
    await source.fetch()
    key_server.requests.clear()

    await source.fetch()
    await source.aclose()

    assert key_server.requests == [OPENID, JWKS_PATH]


async def test_an_issuer_that_does_not_answer_is_unavailable(key_server: KeyServer) -> None:
    await key_server.stop()

    with pytest.raises(IssuerUnavailable, match="ConnectError"):
        await fetched(key_server.url)


async def test_metadata_and_keys_are_read_once_in_their_lifetime(
    key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    describe(key_server, OAUTH, key_server.url)
    signing_keys = CachedSigningKeys(IssuerMetadata(key_server.url), stopwatch, LIMITS)

    found = [await signing_keys.find("k1", "RS256") for _ in range(3)]
    await signing_keys.aclose()

    assert all(found)
    assert key_server.requests == [OAUTH, JWKS_PATH]


async def test_an_issuer_that_moves_its_keys_is_followed(key_server: KeyServer, stopwatch: Stopwatch) -> None:
    describe(key_server, OAUTH, key_server.url)
    signing_keys = CachedSigningKeys(IssuerMetadata(key_server.url), stopwatch, LIMITS)
    await signing_keys.find("k1", "RS256")
    describe(key_server, OAUTH, key_server.url, jwks_uri=key_server.url + "/new")
    key_server.answer("/new", json.loads(key_server.answers.pop(JWKS_PATH).body))
    stopwatch.advance(LIMITS.lifetime + LIMITS.stale)

    found = await signing_keys.find("k1", "RS256")
    await signing_keys.aclose()

    assert found


@pytest.mark.full
async def test_an_issuer_that_sends_its_metadata_too_slowly_times_out(
    key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    key_server.answers[OAUTH] = key_server.answers[OPENID] = HANGING
    signing_keys = CachedSigningKeys(IssuerMetadata(key_server.url), stopwatch, IMPATIENT)

    with pytest.raises(IssuerUnavailable):
        await signing_keys.find("k1", "RS256")
    await signing_keys.aclose()

    assert key_server.requests == [OAUTH, OPENID]


@pytest.mark.parametrize(
    "issuer",
    ["", "login.example", "ftp://login.example", "https://", "https://h/?q=1", "https://h/#f", "http://[::1"],
)
def test_a_malformed_issuer_is_refused_at_startup(issuer: str) -> None:
    with pytest.raises(ValueError, match=r"URL|issuer"):
        IssuerMetadata(issuer)

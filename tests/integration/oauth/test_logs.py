"""The log gives the reason of a failed fetch, and holds nothing from any token."""

import logging

import pytest

from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.jwt import JwtAccessTokenVerifier
from tests.integration.oauth import forgeries
from tests.integration.oauth.key_server import KeyServer
from tests.integration.oauth.token_keys import key
from tests.integration.oauth.tokens import claims, token


@pytest.mark.parametrize(
    ("hangs", "reason"), [(False, "the server answers with status 500"), (True, "no answer in time")]
)
async def test_a_failed_fetch_is_logged_with_its_reason(
    impatient_verifier: JwtAccessTokenVerifier,
    key_server: KeyServer,
    caplog: pytest.LogCaptureFixture,
    *,
    hangs: bool,
    reason: str,
) -> None:
    key_server.fail(500)
    if hangs:
        key_server.hang()

    with pytest.raises(IssuerUnavailable):
        await impatient_verifier.verify(token())

    logged = [(record.levelname, record.message) for record in caplog.records if "adapters" in record.name]
    assert logged == [("WARNING", f"signing keys not refreshed: {reason}")]


async def test_no_part_of_a_token_is_logged(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    unknown = token(key("k9"), kid="unheard-of", payload=claims(client_id="victim"))
    key_server.fail()

    for presented in (unknown, token(), token(forgeries.IMPOSTOR)):
        with pytest.raises(Exception, match="no usable signing keys") as refused:
            await verifier.verify(presented)
        assert not any(part in repr(refused.value) for part in presented.split("."))

    words = {"unheard-of", "victim", *unknown.split("."), *token().split(".")}
    assert "signing keys not refreshed" in caplog.text
    assert not {word for word in words if word in caplog.text}

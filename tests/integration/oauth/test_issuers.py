"""The settings that the documentation gives for each issuer fit a token as that issuer makes it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.jwt import JwtAccessTokenVerifier
from domain.access import Caller
from entrypoints.container import Container
from tests.fakes.clock import FixedClock
from tests.integration.entrypoints.a_setup import settings_of
from tests.integration.oauth.stopwatch import Stopwatch
from tests.integration.oauth.tokens import NOW, SECONDS, Members, token

DOCUMENT = Path(__file__).parents[3] / "docs/reference/tokens.md"
SCOPES = ["system/Organization.write", "system/Patient.read"]
TIMES: Members = {"iat": SECONDS, "exp": SECONDS + 300}

TOKENS: Mapping[str, Members] = {
    "Keycloak": {
        "jti": "trrtcc:1b2c",
        "iss": "https://login.example/realms/REALM",
        "aud": ["http://127.0.0.1:8080/fhir", "account"],
        "sub": "0b9e7c1e-7a5e-4b0e-9a8e-0d3c2f7f6b11",
        "typ": "Bearer",
        "azp": "mail-house",
        "acr": "1",
        "realm_access": {"roles": ["offline_access"]},
        "scope": "system/Organization.write system/Patient.read",
        "client_id": "mail-house",
    },
    "Microsoft Entra, tokens of version 2": {
        "iss": "https://login.microsoftonline.com/TENANT/v2.0",
        "aud": "APPLICATION",
        "azp": "mail-house",
        "azpacr": "1",
        "idtyp": "app",
        "oid": "5f0c7d2e",
        "sub": "5f0c7d2e",
        "roles": SCOPES,
        "tid": "TENANT",
        "ver": "2.0",
    },
    "Microsoft Entra, tokens of version 1": {
        "iss": "https://sts.windows.net/TENANT/",
        "aud": "api://APPLICATION",
        "appid": "mail-house",
        "appidacr": "1",
        "oid": "5f0c7d2e",
        "sub": "5f0c7d2e",
        "roles": SCOPES,
        "tid": "TENANT",
        "ver": "1.0",
    },
    "Okta": {
        "ver": 1,
        "jti": "AT.oo1",
        "iss": "https://ORG.okta.com/oauth2/SERVER",
        "aud": "api://default",
        "cid": "mail-house",
        "scp": SCOPES,
        "sub": "mail-house",
    },
    "Auth0": {
        "iss": "https://TENANT.auth0.com/",
        "sub": "mail-house@clients",
        "aud": "https://invitations.example/fhir",
        "azp": "mail-house",
        "scope": "system/Organization.write system/Patient.read",
        "gty": "client-credentials",
    },
    "Auth0, with permissions in the token": {
        "iss": "https://TENANT.auth0.com/",
        "sub": "mail-house@clients",
        "aud": "https://invitations.example/fhir",
        "azp": "mail-house",
        "gty": "client-credentials",
        "scope": "",
        "permissions": SCOPES,
    },
    "Amazon Cognito": {
        "sub": "mail-house",
        "token_use": "access",
        "scope": "system/Organization.write system/Patient.read",
        "auth_time": SECONDS,
        "iss": "https://cognito-idp.REGION.amazonaws.com/POOL",
        "aud": "mail-house",
        "version": 2,
        "jti": "a1",
        "client_id": "mail-house",
    },
    "an NHS API proxy": {
        "iss": "https://PROXY",
        "aud": "http://127.0.0.1:8080/fhir",
        "sub": "mail-house",
        "jti": "a1",
        "client_id": "mail-house",
        "scope": SCOPES,
    },
}


def documented_settings() -> Mapping[str, Mapping[str, str]]:
    """Read the table: the settings for each issuer."""
    rows = re.findall(r"(?m)^\| (.+?) \| (`INVITATIONS_.+?) \|", DOCUMENT.read_text().split("## Settings")[1])
    settings = {issuer: re.findall(r"`(INVITATIONS_\w+)=([^`]+)`", cell) for issuer, cell in rows}
    return {
        issuer: {name: text.replace("CLIENT", "mail-house") for name, text in pairs}
        for issuer, pairs in settings.items()
    }


def test_there_is_a_token_for_each_documented_issuer() -> None:
    assert set(documented_settings()) == set(TOKENS)


@pytest.mark.parametrize("issuer", TOKENS)
async def test_the_token_of_an_issuer_names_client_and_scopes(
    signing_keys: CachedSigningKeys, stopwatch: Stopwatch, issuer: str
) -> None:
    container = Container(settings=settings_of(documented_settings()[issuer]))
    rules = container.security.access_token_rules()
    verifier = JwtAccessTokenVerifier(signing_keys, FixedClock(NOW, NOW.date()), stopwatch, rules)

    verified = await verifier.verify(token(typ="JWT", payload={**TOKENS[issuer], **TIMES}))

    assert verified.unwrap() == Caller("mail-house", frozenset(SCOPES))

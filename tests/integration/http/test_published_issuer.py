"""The service publishes the issuer's own description, and no more."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from dependency_injector import providers

from application.ports.access import AuthorisationServer
from entrypoints.container import Container
from tests.fakes.authorisation_server import FixedAuthorisationServer
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.refused import UNAVAILABLE, refusal_in, refused
from tests.integration.oauth.key_server import running_key_server

SMART = "/fhir/.well-known/smart-configuration"
LOGIN = "https://login.test.invalid"
SCOPES = ["system/Organization.write", "system/Patient.read", "system/Patient.write"]
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
TOKENS_ALONE = AuthorisationServer(token_endpoint=f"{LOGIN}/token")
EVERYTHING = AuthorisationServer(
    token_endpoint=f"{LOGIN}/token",
    authorization_endpoint=f"{LOGIN}/authorise",
    introspection_endpoint=f"{LOGIN}/introspect",
    revocation_endpoint=f"{LOGIN}/revoke",
    token_endpoint_auth_methods=("private_key_jwt", "client_secret_post", "tls_client_auth"),
)
NOT_DESCRIBED = refused(
    404,
    "not-found",
    "No issuer metadata is configured. Ask the operator of the service where to get access tokens.",
)


async def asked(container: Container, path: str, servers: FixedAuthorisationServer) -> httpx.Response:
    container.security.authorisation_servers.override(providers.Object(servers))
    async with client_of(container.http.app()) as client:
        return await client.get(path, headers={"X-Request-Id": "the-tests-own-id"})


async def security(container: Container, servers: FixedAuthorisationServer) -> dict[str, Any]:
    response = await asked(container, "/fhir/metadata", servers)
    read: dict[str, Any] = response.raise_for_status().json()["rest"][0]["security"]
    return read


@pytest.mark.parametrize(
    ("server", "uris"),
    [
        pytest.param(TOKENS_ALONE, {"token": f"{LOGIN}/token"}, id="token_alone"),
        pytest.param(
            EVERYTHING,
            {
                "token": f"{LOGIN}/token",
                "authorize": f"{LOGIN}/authorise",
                "introspect": f"{LOGIN}/introspect",
                "revoke": f"{LOGIN}/revoke",
            },
            id="everything",
        ),
    ],
)
async def test_the_capability_statement_holds_the_endpoints_of_the_issuer(
    container_in_memory: Container, server: AuthorisationServer, uris: Mapping[str, str]
) -> None:
    [extension] = (await security(container_in_memory, FixedAuthorisationServer(server)))["extension"]

    assert extension["url"] == OAUTH_URIS
    assert {each["url"]: each["valueUri"] for each in extension["extension"]} == uris


async def test_the_capability_statement_omits_an_issuer_that_does_not_answer(
    container_in_memory: Container,
) -> None:
    servers = FixedAuthorisationServer(EVERYTHING)
    servers.is_away = True

    assert "extension" not in await security(container_in_memory, servers)


async def test_the_capability_statement_omits_an_issuer_without_metadata(
    container_in_memory: Container,
) -> None:
    assert "extension" not in await security(container_in_memory, FixedAuthorisationServer(None))


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        pytest.param(
            TOKENS_ALONE,
            {
                "token_endpoint": f"{LOGIN}/token",
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "grant_types_supported": ["client_credentials"],
                "scopes_supported": [
                    "system/Organization.write",
                    "system/Patient.read",
                    "system/Patient.write",
                ],
                "capabilities": ["client-confidential-symmetric"],
            },
            id="token_alone",
        ),
        pytest.param(
            EVERYTHING,
            {
                "authorization_endpoint": f"{LOGIN}/authorise",
                "token_endpoint": f"{LOGIN}/token",
                "token_endpoint_auth_methods_supported": [
                    "private_key_jwt",
                    "client_secret_post",
                    "tls_client_auth",
                ],
                "introspection_endpoint": f"{LOGIN}/introspect",
                "revocation_endpoint": f"{LOGIN}/revoke",
                "grant_types_supported": ["client_credentials"],
                "scopes_supported": [
                    "system/Organization.write",
                    "system/Patient.read",
                    "system/Patient.write",
                ],
                "capabilities": ["client-confidential-asymmetric", "client-confidential-symmetric"],
            },
            id="everything",
        ),
    ],
)
async def test_the_smart_configuration_agrees_with_the_metadata_of_the_issuer(
    container_in_memory: Container, server: AuthorisationServer, expected: Mapping[str, object]
) -> None:
    response = await asked(container_in_memory, SMART, FixedAuthorisationServer(server))

    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert response.json() == expected
    assert response.headers["ETag"]


async def test_the_smart_configuration_asks_callers_to_retry_while_the_issuer_is_down(
    container_in_memory: Container,
) -> None:
    servers = FixedAuthorisationServer(EVERYTHING)
    servers.is_away = True

    assert refusal_in(await asked(container_in_memory, SMART, servers)) == UNAVAILABLE


async def test_there_is_no_smart_configuration_without_issuer_metadata(
    container_in_memory: Container,
) -> None:
    response = await asked(container_in_memory, SMART, FixedAuthorisationServer(None))

    assert refusal_in(response) == NOT_DESCRIBED


async def test_the_metadata_is_read_at_the_address_of_the_issuer(lost_environment: Mapping[str, str]) -> None:
    async with running_key_server() as issuer:
        issuer.answer(
            "/.well-known/oauth-authorization-server",
            {"issuer": issuer.url, "token_endpoint": f"{issuer.url}/token"},
        )
        environment = {**lost_environment, "INVITATIONS_ISSUER": issuer.url, "INVITATIONS_JWKS": ""}
        async with open_container(environment) as container, client_of(container.http.app()) as client:
            answers = [(await client.get(path)).json() for path in (SMART, "/fhir/metadata", SMART)]

    [extension] = answers[1]["rest"][0]["security"]["extension"]
    assert answers[0]["token_endpoint"] == f"{issuer.url}/token"
    assert extension["extension"] == [{"url": "token", "valueUri": f"{issuer.url}/token"}]
    assert len(issuer.requests) == 1

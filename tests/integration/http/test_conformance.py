"""The service publishes its description to every caller, with or without a database."""

from collections.abc import AsyncIterator, Mapping
from importlib.metadata import version
from typing import Any

import httpx
import pytest

from tests.integration.http.support.call import FHIR_JSON
from tests.integration.http.support.in_process import client_of, open_container

FHIR_XML = "application/fhir+xml; charset=UTF-8"
BASE_URL = "https://invitations.test.invalid/fhir"
GENERATE = "Organization-t-generate-invitation-tokens"
STATUS = "Patient-t-status-query"
CLAIM = "Patient-t-claim-invitation"
CONFIRM = "Patient-t-confirm-registration"
EVERYTHING = (
    "/fhir/metadata",
    "/fhir/OperationDefinition",
    f"/fhir/OperationDefinition/{GENERATE}",
    f"/fhir/OperationDefinition/{STATUS}",
    f"/fhir/OperationDefinition/{CLAIM}",
    f"/fhir/OperationDefinition/{CONFIRM}",
    "/fhir/CodeSystem",
    "/fhir/CodeSystem/response-code",
    "/fhir/CodeSystem/omission-reason",
)


@pytest.fixture(scope="module")
async def anybody(lost_environment: Mapping[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client without access token, of a service whose database cannot be reached."""
    environment = {**lost_environment, "INVITATIONS_BASE_URL": f"{BASE_URL}/"}
    async with open_container(environment) as container, client_of(container.http.app()) as client:
        yield client


async def statement(client: httpx.AsyncClient, query: str = "") -> dict[str, Any]:
    response = await client.get(f"/fhir/metadata{query}")
    read: dict[str, Any] = response.raise_for_status().json()
    return read


@pytest.mark.parametrize("path", EVERYTHING)
async def test_it_is_public_fhir_json(anybody: httpx.AsyncClient, path: str) -> None:
    response = await anybody.get(path)

    assert (response.status_code, response.headers["Content-Type"]) == (200, FHIR_JSON)


@pytest.mark.parametrize("path", EVERYTHING)
async def test_it_is_public_fhir_xml(anybody: httpx.AsyncClient, path: str) -> None:
    by_header = await anybody.get(path, headers={"Accept": "application/fhir+xml"})
    by_parameter = await anybody.get(path, params={"_format": "xml"})

    assert by_header.headers["Content-Type"] == by_parameter.headers["Content-Type"] == FHIR_XML
    assert by_header.headers["ETag"] != (await anybody.get(path)).headers["ETag"]


@pytest.mark.parametrize("path", EVERYTHING)
async def test_it_comes_in_no_other_format(anybody: httpx.AsyncClient, path: str) -> None:
    by_header = await anybody.get(path, headers={"Accept": "text/html"})
    by_parameter = await anybody.get(path, params={"_format": "html"})

    assert (by_header.status_code, by_parameter.status_code) == (406, 406)


async def test_the_statement_has_release_and_address(anybody: httpx.AsyncClient) -> None:
    read = await statement(anybody)

    assert (read["fhirVersion"], read["kind"], read["acceptUnknown"]) == ("3.0.2", "instance", "no")
    assert read["software"] == {
        "name": "invitation-tokens",
        "version": version("invitation-tokens"),
        "releaseDate": read["date"],
    }
    assert read["implementation"]["url"] == BASE_URL


async def test_the_statement_names_every_operation_and_their_definitions(
    anybody: httpx.AsyncClient,
) -> None:
    [rest] = (await statement(anybody))["rest"]

    definitions = {each["name"]: each["definition"]["reference"] for each in rest["operation"]}
    assert definitions == {
        "generate-invitation-tokens": f"OperationDefinition/{GENERATE}",
        "status-query": f"OperationDefinition/{STATUS}",
        "invitation-status": "OperationDefinition/Patient-t-invitation-status",
        "revoke-invitations": "OperationDefinition/Patient-t-revoke-invitations",
        "claim-invitation": f"OperationDefinition/{CLAIM}",
        "confirm-registration": f"OperationDefinition/{CONFIRM}",
    }


async def test_every_definition_that_the_statement_refers_to_can_be_read(anybody: httpx.AsyncClient) -> None:
    [rest] = (await statement(anybody))["rest"]

    for operation in rest["operation"]:
        reference = operation["definition"]["reference"]
        definition = (await anybody.get(f"/fhir/{reference}")).raise_for_status().json()

        assert f"{definition['resourceType']}/{definition['id']}" == reference
        assert definition["code"] == operation["name"]


async def test_a_strict_search_accepts_every_parameter_of_the_statement(
    anybody: httpx.AsyncClient,
) -> None:
    [rest] = (await statement(anybody))["rest"]

    for resource in rest["resource"]:
        query = {each["name"]: "no-such-thing" for each in resource["searchParam"]}
        response = await anybody.get(
            f"/fhir/{resource['type']}", params=query, headers={"Prefer": "handling=strict"}
        )

        assert (response.status_code, response.json()["total"]) == (200, 0)


async def test_the_statement_describes_how_to_get_access(anybody: httpx.AsyncClient) -> None:
    [rest] = (await statement(anybody))["rest"]

    codes = [service["coding"][0]["code"] for service in rest["security"]["service"]]
    assert codes == ["OAuth", "SMART-on-FHIR"]
    assert (
        "Scopes: system/Organization.write, system/Patient.read, system/Patient.write."
        in rest["security"]["description"]
    )


async def test_the_statement_names_no_scope_where_none_is_needed(lost_environment: Mapping[str, str]) -> None:
    operations = ("GENERATE", "STATUS", "INVITATION_STATUS", "REVOKE", "REDEEM")
    no_scopes = {f"INVITATIONS_{operation}_SCOPE": "" for operation in operations}
    environment = {**lost_environment, **no_scopes}
    async with open_container(environment) as container, client_of(container.http.app()) as client:
        [rest] = (await statement(client))["rest"]

    assert "Scopes" not in rest["security"]["description"]


@pytest.mark.parametrize("query", ["?mode=full", "?mode=normative", "?mode=terminology", "?mode="])
async def test_the_statement_is_the_same_for_every_mode(anybody: httpx.AsyncClient, query: str) -> None:
    assert await statement(anybody, query) == await statement(anybody)


@pytest.mark.parametrize("code", ["generate-invitation-tokens", "status-query"])
async def test_a_definition_is_found_by_its_canonical_url(anybody: httpx.AsyncClient, code: str) -> None:
    url = f"http://fhir.patientsknowbest.com/operation/{code}"

    bundle = (await anybody.get("/fhir/OperationDefinition", params={"url": url})).json()

    [entry] = bundle["entry"]
    assert (bundle["total"], entry["resource"]["url"], entry["resource"]["code"]) == (1, url, code)
    assert entry["fullUrl"] == f"{BASE_URL}/OperationDefinition/{entry['resource']['id']}"


async def test_every_full_url_can_be_read(anybody: httpx.AsyncClient) -> None:
    for path in ("/fhir/OperationDefinition", "/fhir/CodeSystem"):
        for entry in (await anybody.get(path)).json()["entry"]:
            response = await anybody.get(entry["fullUrl"].replace(BASE_URL, "/fhir"))

            assert response.json() == entry["resource"]


@pytest.mark.parametrize(
    ("query", "prefer", "diagnostics"),
    [
        pytest.param(
            "url:below=http%3A%2F%2Ffhir.test",
            "",
            "The search takes no modifiers. Its parameters are: _id, url, code.",
            id="modifier",
        ),
        pytest.param(
            "name=9992000007",
            "return=minimal, Handling=strict",
            "The search has no parameter of this name. Its parameters are: _id, url, code.",
            id="unknown_in_strict_search",
        ),
    ],
)
async def test_a_search_that_cannot_be_carried_out_is_refused(
    anybody: httpx.AsyncClient, query: str, prefer: str, diagnostics: str
) -> None:
    response = await anybody.get(f"/fhir/OperationDefinition?{query}", headers={"Prefer": prefer})

    [issue] = response.json()["issue"]
    assert (response.status_code, issue["code"], issue["diagnostics"]) == (400, "not-supported", diagnostics)


@pytest.mark.parametrize("prefer", ["", "handling=lenient", "respond-async"])
async def test_an_unknown_search_parameter_is_ignored_unless_strictness_is_asked_for(
    anybody: httpx.AsyncClient, prefer: str
) -> None:
    response = await anybody.get("/fhir/CodeSystem?name=9992000007", headers={"Prefer": prefer})

    assert response.json()["link"] == [{"relation": "self", "url": f"{BASE_URL}/CodeSystem"}]


async def test_the_code_system_of_omission_reasons_has_the_address_where_it_is_published(
    anybody: httpx.AsyncClient,
) -> None:
    response = await anybody.get("/fhir/CodeSystem/omission-reason")

    assert response.json()["url"] == f"{BASE_URL}/CodeSystem/omission-reason"


@pytest.mark.parametrize("host", ["a:b", "::1", "a:65536"])
async def test_it_can_be_read_under_any_host_name(anybody: httpx.AsyncClient, host: str) -> None:
    response = await anybody.get("/fhir/metadata", headers={"Host": host})

    assert response.status_code == 200

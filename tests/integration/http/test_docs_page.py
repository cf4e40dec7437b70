"""The page about the interface."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from time import process_time
from typing import Any

import httpx
import pytest

from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.redemption_operations import CLAIM_INVITATION, CONFIRM_REGISTRATION
from adapters.http.docs.routes import openapi_document
from entrypoints.container import Container
from tests.integration.fhir_judges import judge, judge_xml
from tests.integration.http.support.in_process import client_of
from tests.integration.service import Service


def examples(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the media type and the example of every body in the document."""
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    bodies = [each["requestBody"] for each in operations if "requestBody" in each]
    answers = [answer for each in operations for answer in each["responses"].values()]
    for body in (*bodies, *answers, *document["components"]["responses"].values()):
        for media_type, described in body.get("content", {}).items():
            if "example" in described:
                yield media_type, described["example"]


def content_of(document: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Give the content of a body, which may stand among the components."""
    shared = body.get("$ref", "").rpartition("/")[2]
    content: dict[str, Any] = (document["components"]["responses"][shared] if shared else body)["content"]
    return content


def test_the_page_loads_nothing_from_elsewhere(service: Service) -> None:
    page = httpx.get(f"{service.url}/docs").text

    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert loaded == ["data:,", "docs/swagger-ui/swagger-ui.css", "docs/swagger-ui/swagger-ui-bundle.js"]


@pytest.mark.parametrize(
    ("file", "media_type"),
    [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript")],
)
def test_every_file_of_the_page_exists(service: Service, file: str, media_type: str) -> None:
    response = httpx.get(f"{service.url}/docs/swagger-ui/{file}")

    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, media_type)


def test_the_document_describes_the_operation(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()

    operation = document["paths"]["/fhir/Organization/$generate-invitation-tokens"]["post"]
    assert {*operation["responses"]} >= {"200", "400", "401", "403", "413", "409", "415", "422", "429", "503"}
    assert [each["$ref"].rpartition("/")[2] for each in operation["parameters"]] == [
        "Organisation",
        "RequestId",
        "Format",
        "IdempotencyKey",
        "Prefer",
    ]


def test_the_document_has_the_version_of_the_release(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()

    assert document["info"]["version"] == version("invitation-tokens")


def test_the_document_names_both_formats_of_every_body(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()

    operation = document["paths"]["/fhir/Organization/$generate-invitation-tokens"]["post"]
    bodies = [operation["requestBody"], *operation["responses"].values()]
    assert {tuple(content_of(document, body)) for body in bodies} == {
        ("application/fhir+json", "application/fhir+xml")
    }


@pytest.mark.parametrize(
    ("public_root", "server", "path"),
    [
        ("/fhir", "/", "/fhir/Patient/$status-query"),
        ("/api/fhir", "/api", "/fhir/Patient/$status-query"),
        ("/invitations", "/invitations", "/Patient/$status-query"),
        ("", "/", "/Patient/$status-query"),
    ],
)
def test_server_and_path_in_the_document_lead_to_the_operation(
    public_root: str, server: str, path: str
) -> None:
    document = json.loads(openapi_document("1", public_root))

    assert document["servers"] == [{"url": server}]
    assert path in document["paths"]


def test_every_example_in_the_document_is_legal(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()

    found = [*examples(document)]
    assert len(found) > 20
    for media_type, example in found:
        if media_type == "application/fhir+xml":
            judge_xml(example.encode())
        elif media_type == "application/fhir+json":
            judge(json.dumps(example).encode())


def test_the_document_agrees_with_the_definition(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()
    definition = httpx.get(
        f"{service.url}/fhir/OperationDefinition/Organization-t-generate-invitation-tokens"
    ).json()

    operation = document["paths"]["/fhir/Organization/$generate-invitation-tokens"]["post"]
    taken, given = definition["parameter"]
    assert definition["description"] in operation["description"]
    assert operation["requestBody"]["description"] == (
        f"{taken['min']} to {taken['max']} parameters `{taken['name']}`. {taken['documentation']}"
    )
    assert operation["responses"]["200"]["description"] == given["documentation"]
    assert f"more than {taken['max']} identifiers" in operation["responses"]["422"]["description"]


@pytest.mark.parametrize("operation", [CLAIM_INVITATION, CONFIRM_REGISTRATION], ids=["claim", "confirm"])
def test_the_document_agrees_with_the_declaration_of_redemption(
    service: Service, operation: OperationDeclaration
) -> None:
    described = httpx.get(f"{service.url}/docs/openapi.json").json()["paths"][operation.path]["post"]

    assert described["description"] == f"{operation.description}\n\n{operation.comment}"
    sent, answered = described["requestBody"], described["responses"]["200"]
    for body, parameters in ((sent, operation.takes), (answered, operation.gives)):
        example = body["content"]["application/fhir+json"]["example"]
        assert [each["name"] for each in example["parameter"]] == [each.name for each in parameters]


def test_the_document_describes_the_conformance_routes(service: Service) -> None:
    paths = httpx.get(f"{service.url}/docs/openapi.json").json()["paths"]

    described = {
        path for path, methods in paths.items() if path.startswith("/fhir") and {*methods} == {"get"}
    }
    assert described == {
        "/fhir/metadata",
        "/fhir/OperationDefinition",
        "/fhir/OperationDefinition/{resource_id}",
        "/fhir/CodeSystem",
        "/fhir/CodeSystem/{resource_id}",
        "/fhir/.well-known/smart-configuration",
    }
    searched = paths["/fhir/OperationDefinition"]["get"]["parameters"]
    assert [each.get("name") for each in searched] == [None, "_id", "url", "code"]


def test_every_operation_in_the_document_has_a_name_of_its_own(service: Service) -> None:
    paths = httpx.get(f"{service.url}/schema").json()["paths"]

    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len({*names}) == len(names)


def test_generators_of_clients_find_the_document_at_schema_too(service: Service) -> None:
    document, same = (httpx.get(f"{service.url}{path}") for path in ("/docs/openapi.json", "/schema"))

    assert same.content == document.content
    assert same.headers["Content-Type"] == document.headers["Content-Type"]
    assert same.json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("%00", id="nul"),
        pytest.param("a" * 300, id="too-long"),
        pytest.param("README.md/x", id="below-a-file"),
        pytest.param("../routes.py", id="above"),
        pytest.param("..%2froutes.py", id="above-encoded"),
    ],
)
def test_a_file_that_cannot_be_there_is_not_found(service: Service, file: str) -> None:
    assert httpx.get(f"{service.url}/docs/swagger-ui/{file}").status_code == 404


async def test_the_document_is_made_once(container_in_memory: Container) -> None:
    async with client_of(container_in_memory.http.app()) as client:
        started = process_time()
        await client.get("/schema")
        made = process_time()
        for _ in range(100):
            await client.get("/schema")
        given = process_time()

    assert given - made < 10 * (made - started)

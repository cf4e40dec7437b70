"""The page about the interface."""

import json
import re
from time import process_time
from typing import Any

import httpx
import pytest

from entrypoints.container import Container
from tests.integration.fhir_judges import judge, judge_xml
from tests.integration.http.support.in_process import client_of
from tests.integration.service import Service


def refusals_of(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        answer
        for status, answer in operation["responses"].items()
        if int(status) >= 400 and "application/fhir+xml" in answer["content"]
    ]


def json_example(described: dict[str, Any]) -> bytes:
    """Give the one example, which stands alone or among others."""
    [example] = [each["value"] for each in described.get("examples", {}).values()] or [described["example"]]
    return json.dumps(example).encode()


def test_the_page_loads_nothing_from_elsewhere(service: Service) -> None:
    page = httpx.get(f"{service.url}/docs").text

    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert loaded == ["data:,", "/docs/swagger-ui/swagger-ui.css", "/docs/swagger-ui/swagger-ui-bundle.js"]


@pytest.mark.parametrize(
    ("file", "media_type"),
    [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript")],
)
def test_what_the_page_loads_is_there(service: Service, file: str, media_type: str) -> None:
    response = httpx.get(f"{service.url}/docs/swagger-ui/{file}")

    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, media_type)


def test_the_document_describes_the_operation(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()

    operation = document["paths"]["/fhir/Organization/$generate-invitation-tokens"]["post"]
    assert {*operation["responses"]} >= {"200", "400", "401", "403", "413", "409", "415", "422", "429", "503"}
    assert [each["name"] for each in operation["parameters"]] == [
        "X-Org-Public-Id",
        "X-Request-Id",
        "_format",
        "Idempotency-Key",
        "Prefer",
    ]


def test_the_document_names_both_formats_of_every_body(service: Service) -> None:
    document = httpx.get(f"{service.url}/docs/openapi.json").json()

    operation = document["paths"]["/fhir/Organization/$generate-invitation-tokens"]["post"]
    bodies = [operation["requestBody"], *operation["responses"].values()]
    assert {tuple(body["content"]) for body in bodies} == {("application/fhir+json", "application/fhir+xml")}


def test_every_answer_in_the_document_has_examples_that_are_legal(service: Service) -> None:
    paths = httpx.get(f"{service.url}/docs/openapi.json").json()["paths"]

    called = [each["post"] for each in paths.values() if "post" in each]
    refusals = [answer for each in paths.values() if "get" in each for answer in refusals_of(each["get"])]
    bodies = [body for each in called for body in (each["requestBody"], *each["responses"].values())]
    examples = [each["content"] for each in (*bodies, *refusals)]
    assert examples
    for example in examples:
        judge(json_example(example["application/fhir+json"]))
        judge_xml(example["application/fhir+xml"]["example"].encode())


def test_the_document_says_what_the_definition_does(service: Service) -> None:
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


def test_the_document_describes_what_is_published(service: Service) -> None:
    paths = httpx.get(f"{service.url}/docs/openapi.json").json()["paths"]

    described = {path for path, methods in paths.items() if {"get", "head"} <= methods.keys()}
    assert described == {
        "/fhir/metadata",
        "/fhir/OperationDefinition",
        "/fhir/OperationDefinition/{resource_id}",
        "/fhir/CodeSystem",
        "/fhir/CodeSystem/{resource_id}",
        "/fhir/.well-known/smart-configuration",
    }
    searched = [each["name"] for each in paths["/fhir/OperationDefinition"]["get"]["parameters"]]
    assert searched == ["_format", "_id", "url", "code"]


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
        pytest.param("../access_refusals.py", id="above"),
        pytest.param("..%2faccess_refusals.py", id="above-encoded"),
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

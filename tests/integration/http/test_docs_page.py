"""The page about the interface."""

import re

import httpx
import pytest

from tests.integration.service import Service


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
    assert {*operation["responses"]} >= {"200", "400", "401", "403", "413", "415", "422", "503"}
    assert [each["name"] for each in operation["parameters"]] == ["X-Org-Public-Id"]
    assert [*operation["requestBody"]["content"]] == ["application/fhir+json"]


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

"""Judges every answer under /fhir."""

from typing import Any

import httpx

from tests.integration.fhir_judges import judge, judge_xml
from tests.integration.http.support.resource_in import resource_in


def judge_response(response: httpx.Response) -> None:
    """Judge an answer, if it is FHIR or should be."""
    response.read()
    _judge_read(response)


async def judge_response_in_process(response: httpx.Response) -> None:
    await response.aread()
    _judge_read(response)


def _judge_read(response: httpx.Response) -> None:
    is_fhir = "fhir" in response.headers.get("Content-Type", "")
    # the one document under /fhir that is not FHIR
    is_described = response.is_success and response.url.path.endswith("/.well-known/smart-configuration")
    if response.content and (is_fhir or (response.url.path.startswith("/fhir") and not is_described)):
        is_xml = "xml" in response.headers.get("Content-Type", "")
        (judge_xml if is_xml else judge)(response.content)
        _judge_what_is_said(resource_in(response))


def _judge_what_is_said(resource: dict[str, Any]) -> None:
    """Judge what the standard does not require: a refusal says what is wrong, and what to do."""
    for issue in resource.get("issue", ()):
        assert issue["details"]["text"], resource
        assert issue["diagnostics"].endswith("."), resource

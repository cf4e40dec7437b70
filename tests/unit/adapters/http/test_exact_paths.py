"""Outside /fhir, a path has one spelling, so that a proxy can keep it from the public."""

from logging import getLogger

import pytest

from adapters.http.bodies import Message, Receive, Scope, Send
from adapters.http.exact_paths import ExactPaths
from adapters.http.request_log import RequestLog


async def _answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _status(raw_path: bytes, path: str) -> int:
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": raw_path,
        "query_string": b"",
        "headers": [],
    }
    app = RequestLog(ExactPaths(_answer), getLogger("test"), lambda *_line: None)
    await app(scope, _nothing, send)
    [status] = statuses
    return status


@pytest.mark.parametrize(
    ("raw_path", "path"),
    [
        (b"/metrics/", "/metrics/"),
        (b"//metrics", "//metrics"),
        (b"/%6detrics", "/metrics"),
        (b"/metrics%2f", "/metrics/"),
        (b"//health/ready", "//health/ready"),
        (b"/health//ready", "/health//ready"),
        (b"/health/./ready", "/health/./ready"),
        (b"/fhir/../metrics"[5:], "/../metrics"),
        (b"/docs/", "/docs/"),
        (b"//fhir/metadata", "//fhir/metadata"),
        (b"/%66hir/metadata", "/fhir/metadata"),
        (b"", ""),
    ],
)
async def test_another_spelling_is_not_found(raw_path: bytes, path: str) -> None:
    assert await _status(raw_path, path) == 404


@pytest.mark.parametrize(
    ("raw_path", "path"),
    [
        (b"/metrics", "/metrics"),
        (b"/health/ready", "/health/ready"),
        (b"/docs/swagger-ui/swagger-ui.css", "/docs/swagger-ui/swagger-ui.css"),
        (b"/", "/"),
        (
            b"/fhir/Organization/%24generate-invitation-tokens",
            "/fhir/Organization/$generate-invitation-tokens",
        ),
        (b"/fhir/metadata/", "/fhir/metadata/"),
    ],
)
async def test_the_exact_path_and_any_under_fhir_are_passed_on(raw_path: bytes, path: str) -> None:
    assert await _status(raw_path, path) == 200

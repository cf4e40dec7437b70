"""Conformance resources may be cached and revalidated.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

import httpx
import pytest

PATHS = (
    "/fhir/metadata",
    "/fhir/OperationDefinition?code=status-query",
    "/fhir/OperationDefinition/Patient-t-status-query",
    "/fhir/CodeSystem/response-code",
)
PATH = "/fhir/metadata"


@pytest.fixture
def entity_tag(client: httpx.Client) -> str:
    return str(client.get(PATH).headers["ETag"])


def answered(client: httpx.Client, if_none_match: str, method: str = "GET") -> tuple[int, bytes]:
    response = client.request(method, PATH, headers={"If-None-Match": if_none_match})
    return response.status_code, response.content


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_a_strong_tag_and_a_lifetime(client: httpx.Client, path: str) -> None:
    response = client.get(path)

    assert response.headers["ETag"].strip('"').isalnum()
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Vary"] == "Accept"


def test_each_answer_has_a_tag_of_its_own(client: httpx.Client) -> None:
    tags = [[client.get(path).headers["ETag"] for path in PATHS] for _ in range(2)]

    assert tags[0] == tags[1]
    assert len(set(tags[0])) == len(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_with_the_headers_of_get(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)

    ours = ("ETag", "Cache-Control", "Vary", "Content-Type", "Content-Length")
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers[name] for name in ours} == {name: get.headers[name] for name in ours}
    assert int(head.headers["Content-Length"]) == len(get.content)


@pytest.mark.parametrize(
    "path",
    [
        *("/health/live", "/health/ready", "/metrics", "/docs", "/docs/openapi.json", "/schema"),
        *(
            "/docs/swagger-ui/swagger-ui.css",
            "/fhir/.well-known/smart-configuration",
            "/fhir/CodeSystem/none",
        ),
    ],
)
def test_head_is_answered_wherever_get_is(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "if_none_match",
    ["{}", "W/{}", '"other", {}', '"other",W/{} , "more"', '"with, comma", {}', "*"],
)
def test_a_caller_with_the_current_tag_gets_304(
    client: httpx.Client, entity_tag: str, if_none_match: str, method: str
) -> None:
    response = client.request(
        method, PATH, headers={"If-None-Match": if_none_match.replace("{}", entity_tag)}
    )

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == entity_tag
    assert response.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("if_none_match", ['"other"', 'W/"other"', "", "nonsense", '"*"', '"unclosed'])
def test_a_caller_with_another_tag_gets_the_answer(client: httpx.Client, if_none_match: str) -> None:
    status, content = answered(client, if_none_match)

    assert (status, content) == (200, client.get(PATH).content)


def test_a_tag_without_quotation_marks_is_ignored(client: httpx.Client, entity_tag: str) -> None:
    status, _content = answered(client, entity_tag.strip('"'))

    assert status == 200


def test_tags_in_headers_sent_apart_are_read_as_one_list(client: httpx.Client, entity_tag: str) -> None:
    headers = [("If-None-Match", '"other"'), ("If-None-Match", entity_tag)]

    response = client.get(PATH, headers=headers)

    assert response.status_code == 304


def test_refusals_are_not_cached(client: httpx.Client) -> None:
    response = client.get("/fhir/CodeSystem/none", headers={"If-None-Match": "*"})

    assert (response.status_code, response.headers["Cache-Control"]) == (404, "no-store")
    assert "ETag" not in response.headers

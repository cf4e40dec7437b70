"""Search among the definitions, by the rules of http://hl7.org/fhir/STU3/search.html ."""

import pytest
from msgspec import UNSET
from returns.result import Failure

from adapters.fhir.conformance.definitions import definitions
from adapters.fhir.conformance.search import ModifierUnsupported, SearchParameterUnknown, search

BASE_URL = "https://invitations.test.invalid/fhir"
CODE_SYSTEMS, OPERATION_DEFINITIONS = definitions(BASE_URL)
GENERATE = "Organization-t-generate-invitation-tokens"
STATUS = "Patient-t-status-query"
EVERYTHING = [GENERATE, STATUS, "Patient-t-claim-invitation", "Patient-t-confirm-registration"]
GENERATE_URL = "http://fhir.patientsknowbest.com/operation/generate-invitation-tokens"
STATUS_URL = "http://fhir.patientsknowbest.com/operation/status-query"


def found(*query: tuple[str, str], strict: bool = False) -> list[str]:
    bundle = search(OPERATION_DEFINITIONS, query, strict=strict).unwrap()
    return [entry.resource.id for entry in bundle.entry or ()]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param([], EVERYTHING, id="everything"),
        pytest.param([("url", STATUS_URL)], [STATUS], id="url"),
        pytest.param([("url", f"{STATUS_URL},{GENERATE_URL}")], [GENERATE, STATUS], id="either_url"),
        pytest.param([("url", STATUS_URL), ("url", GENERATE_URL)], [], id="both_urls"),
        pytest.param([("url", STATUS_URL.upper())], [], id="url_in_another_case"),
        pytest.param([("url", "http://fhir.patientsknowbest.com")], [], id="beginning_of_urls"),
        pytest.param([("code", "status-query")], [STATUS], id="code"),
        pytest.param([("code", "|status-query")], [STATUS], id="code_without_system"),
        pytest.param([("code", "http://a.test|status-query")], [], id="code_of_a_system"),
        pytest.param([("code", "$status-query")], [], id="code_with_dollar"),
        pytest.param([("_id", GENERATE)], [GENERATE], id="id"),
        pytest.param([("code", "status-query"), ("url", GENERATE_URL)], [], id="code_and_another_url"),
        pytest.param([("code", "")], EVERYTHING, id="no_value"),
        pytest.param([("name", "status-query")], EVERYTHING, id="unknown_parameter"),
        pytest.param([("_format", "json")], EVERYTHING, id="format"),
    ],
)
def test_finds_the_resources_that_match_every_parameter(query: list[tuple[str, str]], ids: list[str]) -> None:
    assert found(*query) == ids


def test_lists_the_used_parameters_in_its_link() -> None:
    query = [("code", "status-query"), ("name", "x"), ("url", STATUS_URL), ("_format", "json")]

    bundle = search(OPERATION_DEFINITIONS, query, strict=False).unwrap()

    encoded = "http%3A%2F%2Ffhir.patientsknowbest.com%2Foperation%2Fstatus-query"
    assert [link.url for link in bundle.link] == [
        f"{BASE_URL}/OperationDefinition?code=status-query&url={encoded}"
    ]


def test_gives_each_resource_the_address_where_it_can_be_read() -> None:
    bundle = search(CODE_SYSTEMS, [], strict=False).unwrap()

    assert [entry.full_url for entry in bundle.entry or ()] == [
        f"{BASE_URL}/CodeSystem/response-code",
        f"{BASE_URL}/CodeSystem/omission-reason",
    ]


def test_has_no_entries_where_nothing_matches() -> None:
    bundle = search(CODE_SYSTEMS, [("url", "urn:none")], strict=False).unwrap()

    assert (bundle.total, bundle.entry) == (0, UNSET)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", ["url:below", "url:", "_id:missing"])
def test_refuses_a_modifier_always(name: str, *, strict: bool) -> None:
    refused = search(CODE_SYSTEMS, [(name, STATUS_URL)], strict=strict)

    assert refused == Failure(ModifierUnsupported(("_id", "url")))


@pytest.mark.parametrize("name", ["code", "URL", "name:exact", "_pretty"])
def test_refuses_an_unknown_parameter_when_strict(name: str) -> None:
    refused = search(CODE_SYSTEMS, [("url", "x"), (name, "y")], strict=True)

    assert refused == Failure(SearchParameterUnknown(("_id", "url")))


def test_accepts_every_known_parameter_when_strict() -> None:
    query = [("code", "status-query"), ("url", STATUS_URL), ("_id", STATUS), ("_format", "json")]

    assert found(*query, strict=True) == [STATUS]

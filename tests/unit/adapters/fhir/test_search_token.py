"""Identifiers written as search tokens: http://hl7.org/fhir/STU3/search.html#token"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.fhir.identifiers import read_search_token


@pytest.mark.parametrize(
    ("token", "system", "value"),
    [
        pytest.param("urn:x|1", "urn:x", "1", id="both"),
        pytest.param("|1", "", "1", id="without_system"),
        pytest.param("urn:x|", "urn:x", "", id="without_value"),
        pytest.param("|", "", "", id="bar_alone"),
        pytest.param("1", "", "1", id="value_alone"),
        pytest.param("", "", "", id="empty"),
        pytest.param(r"a\|b|1", "a|b", "1", id="escaped_bar_in_system"),
        pytest.param(r"urn:x|1\|2", "urn:x", "1|2", id="escaped_bar_in_value"),
        pytest.param(r"a\,b|1\$2", "a,b", "1$2", id="comma_and_dollar"),
        pytest.param(r"a\\|1\\", "a\\", "1\\", id="escaped_backslash"),
        pytest.param(r"a\\\|b|1", "a\\|b", "1", id="backslash_and_bar"),
        pytest.param(r"a\b|1", r"a\b", "1", id="backslash_before_something_else"),
        pytest.param(" urn:x | 1 ", " urn:x ", " 1 ", id="spaces_stay"),
        pytest.param("a|1\n2", "a", "1\n2", id="line_break"),
    ],
)
def test_reads_system_and_value(token: str, system: str, value: str) -> None:
    identifier = read_search_token(token)

    assert (identifier.system, identifier.value) == (system, value)


@pytest.mark.parametrize("token", ["a|b|c", "|a|b", "a||b", "a|b|", "\\", "a\\|", "a|b\\"])
def test_reads_a_malformed_token_as_a_value(token: str) -> None:
    identifier = read_search_token(token)

    assert identifier.system == ""


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\|,$" else character for character in text)


# st.text would build a table of all characters first, which takes longer than all the tests
texts = st.lists(st.sampled_from("\\|,$ab1\n é😀")).map("".join)


@given(texts, texts)
def test_reads_back_whatever_was_escaped(system: str, value: str) -> None:
    identifier = read_search_token(f"{_escaped(system)}|{_escaped(value)}")

    assert (identifier.system, identifier.value) == (system, value)

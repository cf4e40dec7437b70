"""Rules about the source code that no linter checks."""

import re
import sys

import pytest

from tests.integration.architecture.source import (
    SOURCE,
    TESTS,
    code_lines,
    function_lengths,
    imported,
    modules,
)

_ALLOWED_IN_CORE = {*sys.stdlib_module_names, "returns", "typing_extensions", "msgspec", "domain"}

# the source of a rule, and the name of the NHS number's system
_URL = re.compile(r"https?://\S+")
_FOREIGN_WORDS = re.compile(r"\b(fhir|http|https|sql|json|litestar|sqlalchemy|status code)\b", re.IGNORECASE)


@pytest.mark.parametrize("call", ["now(", "uuid4(", "secrets.", "os.environ"])
def test_time_randomness_and_environment_stay_outside_the_core(call: str) -> None:
    found = [module for module in modules("domain", "application") if call in module.read_text()]

    assert found == []


def test_the_core_names_no_technology() -> None:
    found = {
        module.name: words
        for module in modules("domain", "application")
        if (words := _FOREIGN_WORDS.findall(_URL.sub("", module.read_text())))
    }

    assert found == {}


def test_the_domain_imports_nothing_but_the_standard_library_and_value_types() -> None:
    found = {name for module in modules("domain") for name in imported(module)}

    assert found <= _ALLOWED_IN_CORE


def test_the_application_imports_nothing_more() -> None:
    found = {name for module in modules("application") for name in imported(module)}

    assert found <= {*_ALLOWED_IN_CORE, "application"}


def test_modules_are_small() -> None:
    assert {module.name for module in modules() if code_lines(module) > 300} == set()


def test_functions_have_at_most_40_lines() -> None:
    lengths = sorted(length for module in modules() for length in function_lengths(module))

    assert lengths[-1] <= 40
    assert lengths[int(len(lengths) * 0.9)] <= 20


def test_test_files_are_small_too() -> None:
    assert {path.name for path in TESTS.rglob("*.py") if code_lines(path) > 300} == set()


def test_no_module_has_an_empty_name() -> None:
    found = [
        path for path in SOURCE.rglob("*.py") if re.search(r"util|helper|manager|(^|_)base(_|$)", path.stem)
    ]

    assert found == []

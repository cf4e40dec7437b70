"""The import contracts cover every library and every adapter, and the core does no I/O."""

import re
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from tests.integration.architecture.source import ROOT, SOURCE, TESTS, imported, modules

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
ALLOWED_IN_CORE = {"returns", "msgspec"}
WITHOUT_CODE = {"tzdata"}
REACHES_OUT = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "urllib",
    "zoneinfo",
}

_SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)\b")
_EXPLAINED = re.compile(r"[#] noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \w|[#] type: ignore\[[a-z, -]+\]  # \w")


def _normalised(distribution: str) -> str:
    return re.split(r"[\[>=<~!; ]", distribution)[0].lower().replace("_", "-")


def test_every_library_that_the_product_depends_on_is_forbidden_to_the_core() -> None:
    dependencies = {*map(_normalised, PYPROJECT["project"]["dependencies"])} - ALLOWED_IN_CORE - WITHOUT_CODE
    packages = {
        package
        for package, distributions in packages_distributions().items()
        if dependencies & {*map(_normalised, distributions)} and not package.startswith("_")
    }

    assert packages - {*CONTRACTS["pure-core"]["forbidden_modules"]} == set()


def test_every_adapter_has_its_layer() -> None:
    adapters = {path.stem for path in (SOURCE / "adapters").iterdir() if path.stem[0] != "_"}

    layers = {name for layer in CONTRACTS["adapters"]["layers"] for name in layer.split(" | ")}

    assert layers == adapters


def test_no_contract_ignores_an_import() -> None:
    assert [each for contract in CONTRACTS.values() for each in contract.get("ignore_imports", [])] == []


def test_the_core_imports_nothing_that_reaches_out() -> None:
    core = {
        name for layer in ("domain", "application") for module in modules(layer) for name in imported(module)
    }

    assert core & REACHES_OUT == set()


def test_every_suppression_carries_its_code_and_a_reason() -> None:
    unexplained = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in (SOURCE, TESTS, ROOT / "examples")
        for path in folder.rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if _SUPPRESSION.search(line) and not _EXPLAINED.search(line)
    ]

    assert unexplained == []

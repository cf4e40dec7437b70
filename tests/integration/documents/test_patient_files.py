"""The documents about patient files say what the import says, and prove it by tests that there are."""

import re

from entrypoints.import_report import RULES
from tests.integration.architecture.source import ROOT
from tests.integration.documents.tables import code_in, rows

COMMANDS = ROOT / "docs" / "reference" / "commands.md"
HAZARDS = ROOT / "docs" / "hazards.md"


def test_each_rule_is_documented_with_its_sentence() -> None:
    rules = {rule.value: sentence for rule, sentence in RULES.items()}

    documented = {row[0].strip("`"): row[1] for row in rows(COMMANDS) if row[0].strip("`") in rules}

    assert documented == rules


def test_the_evidence_of_a_hazard_is_a_test() -> None:
    defined = {
        name
        for file in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }

    named = [
        name for row in rows(HAZARDS) for cell in row for name in code_in(cell) if name.startswith("test_")
    ]

    assert named
    assert [name for name in named if name not in defined] == []


def test_each_hazard_has_a_control_or_says_that_it_is_open() -> None:
    hazards = HAZARDS.read_text(encoding="utf-8").split("\n## H")[1:]

    incomplete = [
        hazard.splitlines()[0]
        for hazard in hazards
        if not all(f"| {part} |" in hazard for part in ("Hazard", "Cause", "Effect"))
        or ("| Open |" not in hazard and not ("| Control |" in hazard and "| Evidence |" in hazard))
    ]

    assert incomplete == []

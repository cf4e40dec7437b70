"""The page about extending shows code that is there."""

import pytest

from tests.integration.architecture.source import ROOT
from tests.integration.documented_examples import Example, examples_in

EXAMPLES = examples_in((ROOT / "docs/extending.md").read_text())
EXCERPTS = [each for each in EXAMPLES if each.language == "python"]
CHANGES = [each for each in EXAMPLES if each.language == "diff"]


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda each: each.heading)
def test_every_excerpt_stands_in_the_file_that_it_names(excerpt: Example) -> None:
    comment, _, code = excerpt.text.partition("\n")

    assert code in (ROOT / comment.removeprefix("# ")).read_text()


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.heading)
def test_every_line_that_is_to_be_replaced_is_there(change: Example) -> None:
    replaced = [line[1:] for line in change.text.splitlines() if line.startswith("-")]

    assert replaced
    assert {*replaced} <= {*(ROOT / "src/entrypoints/ports.py").read_text().splitlines()}


def test_the_page_has_excerpts_and_a_change() -> None:
    assert (len(EXCERPTS) > 0, len(CHANGES)) == (True, 1)

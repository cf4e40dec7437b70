"""The README fits on three screens."""

from tests.integration.architecture.source import ROOT


def test_the_readme_has_at_most_150_lines() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 150


def test_the_picture_of_a_letter_loads_fast() -> None:
    picture = ROOT / "docs" / "images" / "letter.png"

    assert picture.stat().st_size < 120_000

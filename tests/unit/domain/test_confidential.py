from rich.pretty import pretty_repr

from domain.confidential import Confidential


class Diagnosis(Confidential, frozen=True):
    text: str


def test_a_repr_shows_the_type_alone() -> None:
    assert repr(Diagnosis("measles")) == "Diagnosis(<hidden>)"


def test_a_pretty_printer_shows_no_more() -> None:
    assert pretty_repr([Diagnosis("measles")]) == "[Diagnosis()]"

"""Templates of letters, and the faults that they may have."""

import pytest
from returns.result import Failure, Success

from adapters.letters.body import fits_its_page
from adapters.letters.pdf_letters import PdfLetters
from adapters.letters.template import Sender, TemplateProblem, default_template, read_template
from tests.integration.letters.pages import scanned, texts
from tests.letter_builders import a_join_url, a_letter

ENOUGH = "{qr}\n{code} {token} {expiry}"


def _printed(template: str) -> str:
    printer = PdfLetters(read_template(template).unwrap())
    printer.add(a_letter(name="Ann Brown", address=("3 High Street",))).unwrap()
    (text,) = texts(printer.content())
    return text


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        pytest.param("{nhs_number}", "there is no placeholder {nhs_number}", id="number"),
        pytest.param("Born {date_of_birth}", "there is no placeholder {date_of_birth}", id="birth"),
        pytest.param("{Name}", "there is no placeholder {Name}", id="capital"),
        pytest.param("{ name}", "there is no placeholder { name}", id="space"),
        pytest.param("{}", "there is no placeholder {}", id="empty"),
        pytest.param("{name.__class__}", "there is no placeholder {name.__class__}", id="python"),
        pytest.param("{name", "a brace has no partner", id="open"),
        pytest.param("name}", "a brace has no partner", id="closed"),
        pytest.param("{{name}}", "a brace has no partner", id="doubled"),
        pytest.param("See {qr}", "{qr} needs a line of its own", id="qr-in-text"),
        pytest.param("Zdravo 你好", "the typeface lacks a character of the line", id="chinese"),
    ],
)
def test_a_line_that_cannot_be_printed_is_reported(template: str, problem: str) -> None:
    read = read_template(f"Dear {{name}}\n{template}\n{ENOUGH}")

    assert read == Failure([TemplateProblem(2, problem)])


@pytest.mark.parametrize(
    ("sender", "problem"),
    [
        (Sender(contact="020 7946 0000"), "{organisation} needs --organisation-name"),
        (Sender("你好"), "the typeface lacks a character of --organisation-name"),
    ],
)
def test_a_sender_that_cannot_be_printed_is_reported(sender: Sender, problem: str) -> None:
    read = read_template(f"Dear {{name}}\n{{organisation}}\n{ENOUGH}", sender)

    assert read == Failure([TemplateProblem(2, problem)])


def test_a_template_without_a_sender_needs_none() -> None:
    assert isinstance(read_template(ENOUGH), Success)


def test_all_problems_are_reported_at_once() -> None:
    read = read_template("{a} {b}\n\n{c}")

    assert [problem.line for problem in read.failure()] == [1, 1, 3]


@pytest.mark.parametrize("missing", ["code", "token", "expiry", "qr"])
def test_a_letter_without_what_patients_need_is_refused(missing: str) -> None:
    read = read_template(ENOUGH.replace(f"{{{missing}}}", ""))

    assert read == Failure([TemplateProblem(0, f"{{{missing}}} is missing")])


def test_one_qr_code_is_enough() -> None:
    read = read_template(f"{ENOUGH}\n{{qr}}")

    assert read == Failure([TemplateProblem(0, "{qr} occurs twice")])


def test_every_placeholder_is_filled_in() -> None:
    text = _printed(f"{ENOUGH}\n{{name}}, {{date}}: {{website}}")

    address, secrets = "Ann Brown 3 High Street", "7Q2M9 KXR4D C5H8W Z1N6T 1 January 2027"
    assert text == f"{address} {secrets} Ann Brown, 2 December 2026: joinpkb.com"


def test_the_name_of_a_patient_is_never_a_placeholder() -> None:
    printer = PdfLetters(read_template(f"{ENOUGH}\n{{name}}").unwrap())

    printer.add(a_letter(name="Ann {token} # Brown")).unwrap()

    assert texts(printer.content())[0].endswith("1 January 2027 Ann {token} # Brown")


def test_headings_items_and_signs_beside_a_placeholder_are_set() -> None:
    text = _printed(f"# How\n1. Go to ({{website}}).\n- Wait\n{ENOUGH}.")

    assert "How 1. Go to (joinpkb.com). - Wait" in text
    assert text.endswith("1 January 2027.")


def test_a_template_from_a_windows_editor_is_read() -> None:
    windows = "\ufeffDear {name},\r\n\r\n{qr}\r\nCode:\t{code} {token} {expiry}"

    assert "Dear Ann Brown, Code: 7Q2M9 KXR4D" in _printed(windows)


def test_beside_the_qr_code_lines_are_shorter() -> None:
    printer = PdfLetters(read_template("{qr}\n" + "word " * 80 + "{code} {token} {expiry}").unwrap())

    printer.add(a_letter())

    assert scanned(printer.content()) == [a_join_url()]


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        pytest.param(
            Sender("St Elsewhere Hospital", "records@hospital.test.invalid"),
            "\nSt Elsewhere Hospital, 020 7946 0000",
            id="more-words",
        ),
        pytest.param(
            Sender(
                "Royal National Orthopaedic and Rheumatology Hospital NHS Foundation Trust",
                "the records team, 0113 496 0000 or records@hospital.test.invalid, Monday to Friday",
            ),
            "",
            id="long-names",
        ),
    ],
)
def test_the_default_leaves_room_for_a_hospitals_own_words(sender: Sender, more: str) -> None:
    template = read_template(default_template() + more, sender)

    assert fits_its_page(template.unwrap())


@pytest.mark.parametrize("more", ["More\n" * 40, "x" * 100])
def test_text_that_fits_on_no_page_is_reported(more: str) -> None:
    assert not fits_its_page(read_template(f"{ENOUGH}\n{more}").unwrap())

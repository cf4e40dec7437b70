"""What a person has typed into the form."""

from datetime import date

import pytest

from adapters.http.join.form import Answers, Problem, Typed, checked, typed_in_form, typed_in_link

TODAY = date(2026, 11, 29)
RIGHT = Typed("7Q2M9KXR4D", "C5H8WZ1N6T", "29", "2", "1984")


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(b"t1=7Q2M9KXR4D&t2=C5H8WZ1N6T", id="as-it-is-printed"),
        pytest.param(b"t2=C5H8WZ1N6T&t1=7Q2M9KXR4D", id="the-other-way-round"),
        pytest.param(b"t1=7Q2M9KXR4D&t2=C5H8WZ1N6T&" + b"&".join([b"utm_id=1"] * 30), id="tracked"),
        pytest.param(b"t1=7Q2M9KXR4D&t2=C5H8WZ1N6T?utm_source=x", id="tracked-with-another-mark"),
        pytest.param(b"t1=7Q2M9KXR4D&amp;t2=C5H8WZ1N6T", id="as-in-html"),
        pytest.param(b"t1=7Q2M9KXR4D%26t2=C5H8WZ1N6T", id="ampersand-escaped"),
        pytest.param(b"t1%3D7Q2M9KXR4D%26t2%3DC5H8WZ1N6T", id="escaped"),
        pytest.param(b"t1%253D7Q2M9KXR4D%2526t2%253DC5H8WZ1N6T", id="escaped-twice"),
        pytest.param(b"t1=7Q2M9KXR4D;t2=C5H8WZ1N6T", id="semicolon"),
        pytest.param(b"T1=7Q2M9KXR4D&T2=C5H8WZ1N6T", id="capitals"),
        pytest.param(b"t1=7Q2M9KXR4D&t2=%0D%0AC5H8WZ1N6T+", id="broken-line"),
    ],
)
def test_the_link_fills_in_code_and_token_whatever_a_program_has_made_of_it(query: bytes) -> None:
    assert typed_in_link(query) == Typed("7Q2M9KXR4D", "C5H8WZ1N6T")


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"t1&t2=", id="no-values"),
        pytest.param(b"t1=" + b"A" * 41, id="too-long"),
        pytest.param(b"xt1=A&t10=B", id="other-names"),
        pytest.param(b"code=A&token=B&day=1", id="fields-of-the-form"),
    ],
)
def test_a_link_that_says_nothing_fills_in_nothing(query: bytes) -> None:
    assert typed_in_link(query) == Typed()


def test_reads_the_fields_of_the_form_without_spaces_around_them() -> None:
    body = b"code=+7q2m9+kxr4d%0A&token=C5H8WZ1N6T&day=29&month=2&year=1984&more=1"

    assert typed_in_form(body) == Typed("7q2m9 kxr4d", "C5H8WZ1N6T", "29", "2", "1984")


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff=\xfe", b"%FF=%FF"])
def test_a_body_that_is_no_form_has_no_fields(body: bytes) -> None:
    assert typed_in_form(body) == Typed()


@pytest.mark.parametrize("code", ["7Q2M9KXR4D", "7q2m9 kxr4d", "7Q2M9-KXR4D", "7Q2M9KXR4D."])
def test_takes_a_code_as_people_type_it(code: str) -> None:
    typed = Typed(code, "C5H8WZ1N6T", "29", "2", "1984")

    assert checked(typed, TODAY).unwrap() == Answers(code, "C5H8WZ1N6T", date(1984, 2, 29))


def test_names_everything_that_is_missing() -> None:
    assert checked(Typed(), TODAY).failure() == [
        Problem("Enter the code from your letter or message", ["code"]),
        Problem("Enter the token from your letter or message", ["token"]),
        Problem("Enter your date of birth", ["day", "month", "year"]),
    ]


@pytest.mark.parametrize("text", ["7Q2M9KXR4", "7Q2M9KXR4DD", "7Q2M9KXR4U", "7Q2M9KXR4/"])
def test_a_code_or_a_token_of_another_form_is_wrong(text: str) -> None:
    typed = Typed(text, text, "29", "2", "1984")

    assert checked(typed, TODAY).failure() == [
        Problem("The code must have 10 letters and numbers. Check your letter or message", ["code"]),
        Problem("The token must have 10 letters and numbers. Check your letter or message", ["token"]),
    ]


def test_what_was_typed_reaches_no_log() -> None:
    assert repr(RIGHT) == "Typed(<hidden>)"
    assert repr(checked(RIGHT, TODAY).unwrap()) == "Answers(<hidden>)"

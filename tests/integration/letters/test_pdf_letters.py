"""The PDF of letters."""

import tracemalloc
from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace
from PIL import ImageChops, ImageOps
from returns.result import Failure, Success

from adapters.letters.pdf_letters import PdfLetters
from adapters.letters.template import Sender, default_template, read_template
from domain.mailing.letters import Letter, NoLetterReason
from tests.contracts.letter_printer_contract import LetterPrinterContract
from tests.integration.letters.pages import fonts, metadata, picture, scanned, text_between, texts
from tests.letter_builders import ADDRESS, NAME, a_join_url, a_letter

SENDER = Sender("St Elsewhere Hospital", "020 7946 0000")
DEFAULT = read_template(default_template(), SENDER).unwrap()
GAPS = "\n" * 20
FIVE_LINES = tuple(f"{number} Long Meadow Lane" for number in range(1, 6))


def _printed(*letters: Letter) -> bytes:
    printer = PdfLetters(DEFAULT)
    for letter in letters:
        printer.add(letter).unwrap()
    return printer.content()


def test_all_fonts_are_embedded() -> None:
    used = fonts(_printed(a_letter(), a_letter()))

    assert {name.partition("+")[2] for name in used} == {
        "NotoSans-Regular",
        "NotoSans-Bold",
        "AtkinsonHyperlegibleMono-Bold",
    }
    assert all(used.values())


def test_the_default_letter_names_who_invites_and_whom_to_ask() -> None:
    (text,) = texts(_printed(a_letter()))

    assert "St Elsewhere Hospital invites you to see your record" in text
    assert "please ask 020 7946 0000." in text


class TestPdfLetters(LetterPrinterContract):
    @pytest.fixture
    def printer(self) -> PdfLetters:
        return PdfLetters(read_template("Dear {name}\n\n{qr}\n{code} {token} {expiry}").unwrap())

    @pytest.fixture
    def printed_names(self, printer: PdfLetters) -> Callable[[], Sequence[str]]:
        return lambda: [
            text.partition("Dear ")[2].partition(" 7Q2M9")[0] for text in texts(printer.content())
        ]


def test_a_letter_holds_the_name_the_secrets_and_the_expiry() -> None:
    (text,) = texts(_printed(a_letter()))

    for said in (
        f"Dear {NAME},",
        "7Q2M9 KXR4D",
        "C5H8W Z1N6T",
        "before 1 January 2027.",
        "go to joinpkb.com",
    ):
        assert said in text


@pytest.mark.parametrize(
    "join_url",
    [a_join_url(), "https://join.example.org/a/long/way?hospital=st-elsewhere&t1=7Q2M9KXR4D&t2=C5H8WZ1N6T"],
)
def test_the_qr_code_is_the_join_url(join_url: str) -> None:
    assert scanned(_printed(a_letter(join_url=join_url))) == [join_url]


def test_a_page_belongs_to_one_patient() -> None:
    other = a_join_url("0123456789", "ABCDEFGHJK")

    content = _printed(a_letter(name="Ann Brown"), a_letter(name="Zoë Adams", join_url=other))

    assert [scanned(content, page) for page in (0, 1)] == [[a_join_url()], [other]]
    assert ["Ann Brown" in text for text in texts(content)] == [True, False]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((NAME, *ADDRESS), id="ordinary"),
        pytest.param((NAME, *FIVE_LINES, "LL30 3AB"), id="seven-lines"),
    ],
)
def test_the_window_of_the_envelope_shows_name_and_address_and_nothing_else(lines: Sequence[str]) -> None:
    content = _printed(a_letter(name=lines[0], address=(*lines[1:],)))

    window = {"left": 20, "right": 110}
    assert text_between(content, top=46, bottom=92, **window) == [*lines]
    assert text_between(content, top=50, bottom=81, left=25, right=105) == [*lines]
    assert text_between(content, top=46, bottom=92, left=110, right=210) == []


def test_a_line_that_is_wider_than_the_window_goes_on_in_the_next() -> None:
    content = _printed(a_letter(name="Mr Bartholomew Aloysius Featherstonehaugh-Cholmondeley"))

    assert text_between(content, top=50, bottom=81, left=25, right=105) == [
        "Mr Bartholomew Aloysius",
        "Featherstonehaugh-Cholmondeley",
        *ADDRESS,
    ]


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        pytest.param(
            a_letter(address=(*FIVE_LINES, "Anglesey", "LL30 3AB")),
            NoLetterReason.ADDRESS_TOO_LARGE,
            id="high",
        ),
        pytest.param(a_letter(address=("x" * 60,)), NoLetterReason.ADDRESS_TOO_LARGE, id="wide"),
        pytest.param(
            a_letter(join_url=a_join_url() + "&x=" + "x" * 600),
            NoLetterReason.JOIN_URL_TOO_LONG,
            id="fine-dots",
        ),
        pytest.param(
            a_letter(join_url=a_join_url() + "&x=" + "x" * 9_000),
            NoLetterReason.JOIN_URL_TOO_LONG,
            id="no-code",
        ),
        pytest.param(
            a_letter(name="A\u0308\u0323gnes"), NoLetterReason.CHARACTERS_MISSING, id="accents-apart"
        ),
        pytest.param(a_letter(name="Ann\u202eBrown"), NoLetterReason.CHARACTERS_MISSING, id="turned-round"),
        pytest.param(a_letter(address=("מגדל",)), NoLetterReason.CHARACTERS_MISSING, id="hebrew"),
        pytest.param(a_letter(name="Ann 😀"), NoLetterReason.CHARACTERS_MISSING, id="emoji"),
    ],
)
def test_a_letter_that_does_not_fit_is_not_printed(letter: Letter, why: NoLetterReason) -> None:
    assert PdfLetters(DEFAULT).add(letter) == Failure(why)


def test_a_text_that_does_not_fit_is_not_cut() -> None:
    template = default_template() + "\n{name}"
    printer = PdfLetters(read_template(template, SENDER).unwrap())

    added = [printer.add(a_letter(name=name)) for name in ("Ann", "Ann " * 15)]

    assert added == [Success(None), Failure(NoLetterReason.PAGE_TOO_SMALL)]


@pytest.mark.parametrize(
    ("line", "widest"),
    [
        pytest.param("{website}", 41, id="text"),
        pytest.param("1. {website}", 39, id="item"),
        pytest.param("# {website}", 31, id="heading"),
    ],
)
def test_a_word_that_is_wider_than_the_page_is_not_cut(line: str, widest: int) -> None:
    printer = PdfLetters(read_template(f"{{qr}}\n{{code}} {{token}} {{expiry}}\n{GAPS}{line}").unwrap())

    added = [printer.add(replace(a_letter(), website="w" * length)) for length in (widest, widest + 1)]

    assert added == [Success(None), Failure(NoLetterReason.PAGE_TOO_SMALL)]


def test_lines_beside_the_qr_code_are_shorter_and_those_below_are_not() -> None:
    words = " ".join(["word"] * 150)
    printer = PdfLetters(read_template(f"{{qr}}\n{words}\n{{code}} {{token}} {{expiry}}").unwrap())

    printer.add(a_letter()).unwrap()

    content = printer.content()
    assert text_between(content, top=95, bottom=141, left=133, right=185) == []
    assert len(text_between(content, top=142, bottom=180, left=133, right=185)) > 3
    assert scanned(content) == [a_join_url()]


def test_signs_of_markup_are_printed_as_they_are() -> None:
    (text,) = texts(_printed(a_letter(name="Ann <b>&amp; {code}", address=("1 <br/> St", "</para>"))))

    assert text.startswith("Ann <b>&amp; {code} 1 <br/> St </para>")
    assert "Dear Ann <b>&amp; {code}," in text


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Łucja Święcicka-Żółć", id="polish"),
        pytest.param("Ŷŵ Môn", id="welsh"),
        pytest.param("Seán Ó Ceallaigh", id="irish"),
        pytest.param("Ștefan Țepeș Đorđe Škoda", id="balkan"),
        pytest.param("Nguyễn Thị Hường", id="vietnamese"),
        pytest.param("Çağlar Işık İnan", id="turkish"),  # noqa: RUF001 - as it is written
        pytest.param("Олена Ґалаґан", id="ukrainian"),
        pytest.param("Αθηνά Παπαδοπούλου", id="greek"),
        pytest.param("Ngọc O’Brien – Smith", id="punctuation"),  # noqa: RUF001 - as Word writes
    ],
)
def test_names_are_printed_with_all_their_letters(name: str) -> None:
    assert texts(_printed(a_letter(name=name)))[0].startswith(name)


def test_no_two_letters_of_a_code_look_the_same() -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    template = read_template("{qr}\n{code}\n{token} {expiry}").unwrap()

    pictures = []
    for each in alphabet:
        printer = PdfLetters(template)
        printer.add(Letter("", (), "", each * 5, "", "", "", a_join_url()))
        drawn = picture(printer.content()).convert("L").crop((0, 530, 330, 620))
        pictures.append(drawn.crop(ImageOps.invert(drawn).getbbox()))

    alike = [
        (one, other)
        for number, one in enumerate(pictures)
        for other in pictures[number + 1 :]
        if one.size == other.size and not ImageChops.difference(one, other).getbbox()
    ]
    assert alike == []


def test_the_metadata_of_the_file_name_no_patient() -> None:
    content = _printed(a_letter())

    found = metadata(content)
    assert found["Title"] == "Letters of invitation"
    assert not [word for word in (*NAME.split(), "7Q2M9", "C5H8W", *ADDRESS) if word in f"{found}"]
    assert b"/Lang (en-GB)" in content


@pytest.mark.full
def test_memory_grows_by_some_kilobytes_a_letter() -> None:
    few, many = map(_peak_of_memory, (10, 60))

    assert (many - few) / 50 < 25_000


def _peak_of_memory(letters: int) -> int:
    printer = PdfLetters(DEFAULT)
    printer.add(a_letter())
    tracemalloc.start()
    try:
        for _ in range(letters):
            printer.add(a_letter())
        printer.content()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

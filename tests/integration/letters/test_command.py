"""The command `letters`, as a mail house runs it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from adapters.client.answer_files import AnswerLines, OutputForm, token_columns
from adapters.letters.template import default_template
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationToken
from entrypoints.cli import invitations
from tests.builders import CHI, an_identifier, an_nhs_number
from tests.integration.commands.shell import Outcome
from tests.integration.commands.shell import invitations as invitations_process
from tests.integration.letters.pages import scanned, texts

ONE, TWO, THREE = map(an_identifier, (1, 2, 3))
HEADER = "nhs_number,chi_number,name,address_1,postcode,date_of_birth"
TOMORROW = datetime.now(UTC) + timedelta(2)
SECRETS = ("0123456789", "ABCDEFGHJK", "MNPQRSTVWX")

FILES = ("--tokens", "tokens.csv", "--patients", "patients.csv", "--output", "letters.pdf")
SENDER = ("--organisation-name", "St Elsewhere Hospital", "--contact", "020 7946 0000")

Letters: TypeAlias = Callable[..., Outcome]


def _tokens(form: OutputForm, *identifiers: PatientIdentifier, expires_at: datetime = TOMORROW) -> bytes:
    lines = AnswerLines(token_columns("http://joinpkb.com/"), form)
    given = zip(identifiers, SECRETS, strict=False)
    return lines.header + lines.lines(
        {each: InvitationToken(code, code[::-1], expires_at) for each, code in given}
    )


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Letters:
    """Make a runner of the command on these lines of patients, with ONE and TWO invited."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tokens.csv").write_bytes(_tokens("csv", ONE, TWO))

    def run(*lines: str, options: tuple[str, ...] = ()) -> Outcome:
        (tmp_path / "patients.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        result = CliRunner().invoke(invitations, ["letters", *FILES, *SENDER, *options])
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


def test_every_invited_patient_gets_a_letter(letters: Letters, tmp_path: Path) -> None:
    outcome = letters(
        f"{TWO.value},,Zoë Adams,3 High Street,LS1 1AA,1980-04-01",
        f"{THREE.value},,Eve White,5 High Street,LS1 1AA,1981-05-02",
        f"{ONE.value},,Ann Brown,4 High Street,LS1 1AA,1982-06-03",
    )

    content = (tmp_path / "letters.pdf").read_bytes()
    pages = texts(content)
    assert (outcome.code, outcome.error) == (0, "")
    assert outcome.output == (
        "2 letters are in letters.pdf. 1 patients are not invited; 0 invitations have no letter.\n"
    )
    assert [page.partition(" LS1")[0] for page in pages] == [
        "Zoë Adams 3 High Street",
        "Ann Brown 4 High Street",
    ]
    assert [code for page in (0, 1) for code in scanned(content, page)] == [
        f"http://joinpkb.com/?t1={code}&t2={code[::-1]}" for code in (SECRETS[1], SECRETS[0])
    ]
    assert "01234 56789" in pages[1]
    assert "98765 43210" in pages[1]


def test_neither_number_nor_date_of_birth_is_in_the_letters(letters: Letters, tmp_path: Path) -> None:
    letters(f"{ONE.value},,Ann Brown,4 High Street,LS1 1AA,1982-06-03")

    (page,) = texts((tmp_path / "letters.pdf").read_bytes())
    assert not [each for each in (ONE.value, "1982", "June") if each in page.replace(" ", "")]


def test_lines_without_a_letter_are_reported_and_all_others_get_theirs(
    letters: Letters, tmp_path: Path
) -> None:
    outcome = letters(
        f"{ONE.value},,Ann Brown,,,",
        "9990000019,,Eve White,5 High Street,,",
        f"{TWO.value},,Zoë Adams,3 High Street,LS1 1AA,",
        f"{TWO.value},,Zoë Adams,3 High Street,LS1 1AA,",
    )

    assert outcome.code == 1
    assert outcome.error.splitlines() == [
        "patients.csv line 2: there is no address. Add it.",
        "patients.csv line 3: nhs_number is not ten digits with a right check digit",
        "patients.csv line 5: repeats line 4, which has the letter",
        "Error: 2 lines had problems and have no letter",
    ]
    assert [text[:9] for text in texts((tmp_path / "letters.pdf").read_bytes())] == ["Zoë Adams"]


def test_a_line_with_the_numbers_of_two_invitations_gets_no_letter(letters: Letters, tmp_path: Path) -> None:
    scottish = an_identifier(2, CHI)
    (tmp_path / "tokens.csv").write_bytes(_tokens("csv", ONE, scottish, THREE))

    outcome = letters(
        f"{ONE.value},{scottish.value},Ann Brown,4 High Street,LS1 1AA,",
        f"{THREE.value},,Eve White,5 High Street,LS1 1AA,",
    )

    assert outcome == Outcome(
        1,
        "1 letters are in letters.pdf. 0 patients are not invited; 2 invitations have no letter.\n",
        "patients.csv line 2: the numbers lead to different invitations, so one is another patient's. "
        "Correct the numbers.\n"
        "Error: 1 lines had problems and have no letter\n",
    )
    assert [text[:9] for text in texts((tmp_path / "letters.pdf").read_bytes())] == ["Eve White"]


def test_lines_that_give_one_invitation_to_two_people_get_no_letter(letters: Letters, tmp_path: Path) -> None:
    outcome = letters(
        f"{ONE.value},,Ann Brown,4 High Street,LS1 1AA,", f"{ONE.value},,Bob Green,4 High Street,LS1 1AA,"
    )

    problem = "has the same invitation, with another name or address. Correct or delete the wrong line."
    assert outcome == Outcome(
        1,
        "There are no letters to print. 0 patients are not invited; 2 invitations have no letter.\n",
        f"patients.csv line 2: line 3 {problem}\n"
        f"patients.csv line 3: line 2 {problem}\n"
        "Error: 2 lines had problems and have no letter\n",
    )
    assert not (tmp_path / "letters.pdf").exists()


def test_a_truncated_line_of_tokens_is_reported(letters: Letters, tmp_path: Path) -> None:
    (tmp_path / "tokens.csv").write_bytes(_tokens("csv", ONE, TWO)[:-50])

    outcome = letters(f"{ONE.value},,Ann Brown,4 High Street,LS1 1AA,")

    assert (outcome.code, outcome.error.partition("\n")[0]) == (
        1,
        "tokens.csv line 3: the line has 5 of 6 fields",
    )
    assert outcome.output.startswith("1 letters are in letters.pdf.")


def test_two_numbers_of_a_patient_bring_one_letter_from_ndjson(letters: Letters, tmp_path: Path) -> None:
    scottish = an_identifier(1, CHI)
    tokens = _tokens("ndjson", ONE) + _tokens("ndjson", scottish)
    (tmp_path / "tokens.ndjson").write_bytes(tokens)

    outcome = letters(
        f"{ONE.value},{scottish.value},Ann Brown,4 High Street,LS1 1AA,",
        options=("--tokens", "tokens.ndjson"),
    )

    assert outcome.code == 0
    assert len(texts((tmp_path / "letters.pdf").read_bytes())) == 1


def test_an_invitation_that_has_expired_makes_no_letter_and_no_file(letters: Letters, tmp_path: Path) -> None:
    (tmp_path / "tokens.csv").write_bytes(_tokens("csv", ONE, expires_at=datetime(2026, 1, 1, tzinfo=UTC)))

    outcome = letters(f"{ONE.value},,Ann Brown,4 High Street,LS1 1AA,")

    assert outcome.code == 1
    assert "patients.csv line 2: the invitation has expired, or expires today" in outcome.error
    assert outcome.output.startswith("There are no letters to print.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["patients.csv", "tokens.csv"]


def test_a_hospitals_own_words_are_printed(letters: Letters, tmp_path: Path) -> None:
    words = "Annwyl {name},\n\n{qr}\n{code}\n{token}\n\nCyn {expiry}."
    (tmp_path / "letter.txt").write_text(words, encoding="utf-8")

    outcome = letters(f"{ONE.value},,Siân Ŵyn,4 Ffordd y Môr,LL30 3AB,", options=("--template", "letter.txt"))

    assert outcome.code == 0
    assert "Annwyl Siân Ŵyn," in texts((tmp_path / "letters.pdf").read_bytes())[0]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        pytest.param(b"{nhs_number}", "line 1: there is no placeholder {nhs_number}", id="number"),
        pytest.param(b"{name}", "{code} is missing", id="no-code"),
        pytest.param(b"Zo\xeb", "is not UTF-8", id="other-encoding"),
        pytest.param(
            b"{qr}\n{code} {token} {expiry}" + b"\nMore" * 40, "is too long for its page", id="long"
        ),
    ],
)
def test_a_template_that_cannot_be_used_makes_no_letters(
    letters: Letters, tmp_path: Path, template: bytes, said: str
) -> None:
    (tmp_path / "letter.txt").write_bytes(template)

    outcome = letters(f"{ONE.value},,Ann,A,B,", options=("--template", "letter.txt"))

    assert (outcome.code, said in outcome.error) == (1, True)
    assert not (tmp_path / "letters.pdf").exists()


def test_a_name_that_a_spreadsheet_could_not_find_gets_no_letter(letters: Letters) -> None:
    outcome = letters(f"{ONE.value},,#N/A,4 High Street,LS1 1AA,", f"{TWO.value},,Ann,NULL,LS1 1AA,")

    problem = "name or address has a placeholder such as #N/A or NULL. Write what is meant."
    assert outcome.error.splitlines()[:2] == [
        f"patients.csv line 2: {problem}",
        f"patients.csv line 3: {problem}",
    ]


def test_a_spreadsheet_is_named_as_what_it_is(letters: Letters, tmp_path: Path) -> None:
    (tmp_path / "patients.xlsx").write_bytes(b"PK\x03\x04...")

    outcome = letters(options=("--patients", "patients.xlsx"))

    assert "patients.xlsx: the file is a spreadsheet (such as .xlsx), not CSV." in outcome.error


def test_existing_files_are_not_changed(letters: Letters, tmp_path: Path) -> None:
    (tmp_path / "letters.pdf").write_text("something else")

    outcome = letters(f"{ONE.value},,Ann Brown,4 High Street,LS1 1AA,")

    assert (outcome.code, outcome.error) == (
        1,
        "Error: letters.pdf already exists; choose another --output or delete it\n",
    )
    assert (tmp_path / "letters.pdf").read_text() == "something else"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param(
            ("--tokens", "patients.csv"), 1, "patients.csv: the first line does not name", id="tokens"
        ),
        pytest.param(
            ("--patients", "tokens.csv"), 1, "tokens.csv: the first line does not name", id="patients"
        ),
        pytest.param(
            ("--tokens", "other.txt"), 2, "other.txt ends neither in .csv nor in .ndjson", id="ending"
        ),
        pytest.param(("--output", "l.doc"), 2, "--output l.doc does not end in .pdf", id="no-pdf"),
        pytest.param(("--contact", ""), 1, "{contact} needs --contact", id="contact"),
        pytest.param(
            ("--output", "away/l.pdf"), 1, "the directory of away/l.pdf does not exist", id="directory"
        ),
    ],
)
def test_files_that_do_not_fit_are_reported(
    letters: Letters, tmp_path: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "other.txt").write_text(an_nhs_number())

    outcome = letters(options=options)

    assert (outcome.code, said in outcome.error) == (code, True)


def test_the_default_template_can_be_printed(letters: Letters) -> None:
    outcome = letters(options=("--show-template",))

    assert (outcome.code, outcome.output) == (0, default_template())


def test_letters_need_no_setting_and_no_database(tmp_path: Path) -> None:
    (tmp_path / "tokens.csv").write_bytes(_tokens("csv", ONE))
    (tmp_path / "patients.csv").write_text(f"{HEADER}\n{ONE.value},,Ann Brown,4 High Street,LS1 1AA,\n")

    outcome = invitations_process(tmp_path, "letters", *FILES, *SENDER)

    assert (outcome.code, outcome.error) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters.pdf", "patients.csv", "tokens.csv"]
    assert (tmp_path / "letters.pdf").stat().st_mode & 0o777 == 0o600

"""The command `patients import`."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.csv.rows import NOT_UTF_8
from adapters.sql.tables import care_relationship, patient, patient_identifier
from tests.builders import CHI, HOSPITAL, NHS, OTHER_HOSPITAL, an_nhs_number
from tests.integration.commands.shell import Outcome
from tests.integration.sql.rows import row_counts, rows

HEADER = "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered"
ONE, TWO, THREE = map(an_nhs_number, (1, 2, 3))
FIRST_LINE = f"p.csv: the first line must name columns of {HEADER}, each once and one of the numbers"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def import_(command: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Make a function that imports lines from a file of this name."""

    def run(name: str, *lines: str | bytes, organisation: str = str(HOSPITAL)) -> Outcome:
        file = tmp_path / name
        encoded = [line if isinstance(line, bytes) else line.encode() for line in lines]
        file.write_bytes(b"".join(line + b"\n" for line in encoded))
        return command("patients", "import", str(file), "--organisation", organisation)

    return run


def _content(url: str) -> list[Sequence[tuple[object, ...]]]:
    """Read everything that an import writes."""

    async def read() -> list[Sequence[tuple[object, ...]]]:
        tables = (patient, patient_identifier, care_relationship)
        return [sorted(map(tuple, await rows(url, select(table))), key=repr) for table in tables]

    return asyncio.run(read())


def _patient(**elements: object) -> str:
    return json.dumps({"resourceType": "Patient", "identifier": [{"system": NHS, "value": ONE}], **elements})


def test_patients_come_from_csv(import_: Callable[..., Outcome], ready_url: str) -> None:
    outcome = import_("p.csv", HEADER, f"{ONE},{TWO},,1984-02-29,true,", f"{THREE},,,,,true")

    counts = asyncio.run(row_counts(ready_url))
    assert outcome == Outcome(0, "Imported 2 of 2 rows; 0 said nothing new.\n", "")
    assert counts == {"organisation": 2, "patient": 2, "patient_identifier": 3, "care_relationship": 2}


def test_patients_come_from_fhir(import_: Callable[..., Outcome], ready_url: str) -> None:
    other = {"identifier": [{"system": CHI, "value": TWO}], "deceasedBoolean": True}

    outcome = import_("p.ndjson", _patient(birthDate="1984-02-29"), _patient(**other))

    counts = asyncio.run(row_counts(ready_url))
    assert outcome == Outcome(0, "Imported 2 of 2 rows; 0 said nothing new.\n", "")
    assert counts == {"organisation": 2, "patient": 2, "patient_identifier": 2, "care_relationship": 2}


@pytest.mark.parametrize("name", ["P.CSV", "p.Csv"])
def test_the_ending_of_a_file_may_be_in_capitals(import_: Callable[..., Outcome], name: str) -> None:
    assert import_(name, HEADER, f"{ONE},,,,,").code == 0


@pytest.mark.parametrize(
    ("name", "lines", "problems"),
    [
        pytest.param(
            "p.csv",
            [HEADER, f"{ONE},,,,,", "1,,,,,", "", f"{TWO},,,1984,,", f"{THREE},,,,,"],
            [
                "line 3: nhs_number is not ten digits with a right check digit",
                "line 5: date_of_birth is not a date in the form YYYY-MM-DD, unknown or empty",
            ],
            id="csv",
        ),
        pytest.param(
            "p.ndjson",
            [_patient(), "{", "", "[" * 100_000, _patient(birthDate="1984")],
            [
                "line 2: the line is not a FHIR Patient in JSON",
                "line 4: the line is not a FHIR Patient in JSON",
            ],
            id="ndjson",
        ),
        pytest.param(
            "p.csv",
            [
                HEADER,
                f"{ONE},,,,,",
                b"\xff\xfe" + TWO.encode() + b",,,,,",
                f"{THREE},,,caf\xe9,,".encode("latin-1"),
                f"{TWO},,,,,",
            ],
            [
                f"line 3: {NOT_UTF_8}",
                f"line 4: {NOT_UTF_8}",
            ],
            id="not-utf-8",
        ),
        pytest.param(
            "p.csv",
            [HEADER, f'{ONE},,,,,"', f'"{TWO},,,,,', f"{ONE},,,,,", f"{THREE},,,,,"],
            ["line 2: the line is not CSV", "line 3: the line is not CSV"],
            id="unclosed-quotes",
        ),
        pytest.param(
            "p.csv",
            [HEADER, f"{ONE},,,,,", f"{TWO},,,,,", f"{THREE},,{TWO},,,", f",{ONE},,,,"],
            [],
            id="nothing-wrong",
        ),
    ],
)
def test_bad_rows_are_reported_by_line_and_the_others_imported(
    import_: Callable[..., Outcome],
    name: str,
    lines: Sequence[str | bytes],
    problems: Sequence[str],
) -> None:
    outcome = import_(name, *lines)

    last = [f"invitations: {len(problems)} rows were not imported"] if problems else []
    assert outcome.error.splitlines() == [*problems, *last]
    assert outcome.output.startswith(f"Imported {4 - len(problems)} of ") or len(lines) != 5
    assert outcome.code == (1 if problems else 0)


@pytest.mark.parametrize(
    ("name", "lines", "error"),
    [
        pytest.param(
            "p.csv",
            ["nhs_number,name", f"{ONE},X"],
            FIRST_LINE,
            id="header",
        ),
        pytest.param("p.csv", [], "p.csv: the file is empty", id="empty-file"),
        pytest.param("p.xlsx", [HEADER], "p.xlsx ends neither in .csv nor in .ndjson", id="other-format"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_line(
    import_: Callable[..., Outcome], ready_url: str, name: str, lines: Sequence[str], error: str
) -> None:
    outcome = import_(name, *lines)

    assert (outcome.code, outcome.output) == (1, "")
    assert outcome.error.splitlines() == [f"invitations: {error}"]
    assert asyncio.run(row_counts(ready_url)) == {"organisation": 2}


def test_patients_of_an_unknown_organisation_are_not_imported(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    outcome = import_("p.csv", HEADER, f"{ONE},,,,,", organisation=UNKNOWN)

    assert outcome == Outcome(1, "", f"invitations: there is no organisation {UNKNOWN}; add it first\n")
    assert asyncio.run(row_counts(ready_url)) == {"organisation": 2}


def test_an_import_done_again_changes_nothing(import_: Callable[..., Outcome], ready_url: str) -> None:
    lines = [HEADER, f"{ONE},{TWO},,1984-02-29,true,", f"{THREE},,,,,true"]
    import_("p.csv", *lines)
    before = _content(ready_url)

    outcome = import_("p.csv", *lines)

    assert outcome == Outcome(0, "Imported 0 of 2 rows; 2 said nothing new.\n", "")
    assert _content(ready_url) == before


def test_a_fhir_patient_does_not_end_the_registration_that_a_row_reported(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    import_("p.csv", HEADER, f"{ONE},,,,,true")
    before = _content(ready_url)

    import_("p.ndjson", _patient())

    assert _content(ready_url) == before


def test_a_second_organisation_gets_a_care_relationship_with_the_same_patients(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    import_("p.csv", HEADER, f"{ONE},,,,,")

    import_("p.csv", HEADER, f"{ONE},,,,,", organisation=str(OTHER_HOSPITAL))

    counts = asyncio.run(row_counts(ready_url))
    assert counts == {"organisation": 2, "patient": 1, "patient_identifier": 1, "care_relationship": 2}

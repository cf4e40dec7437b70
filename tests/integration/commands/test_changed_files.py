"""Files of patients that change while a command reads them."""

from pathlib import Path

import click
import pytest

from entrypoints.commands.patient_files import OpenedPatients
from tests.builders import TODAY, an_nhs_number

ONE, TWO = map(an_nhs_number, (1, 2))
REFUSED = "was changed while it was read. Run the command again with the file as it is now."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "patients.csv"
    written.write_text(f"nhs_number\n{ONE}\n", encoding="utf-8")
    return written


def test_a_file_that_stays_is_read_again_and_again(file: Path) -> None:
    patients = OpenedPatients(file).patients(TODAY)

    assert [*patients.names()] == [*patients.names()]


def test_a_file_that_is_replaced_between_two_readings_is_refused(file: Path, tmp_path: Path) -> None:
    patients = OpenedPatients(file).patients(TODAY)
    numbers = [*patients.names()]
    other = tmp_path / "other.csv"
    other.write_text(f"nhs_number\n{TWO}\n", encoding="utf-8")
    other.replace(file)

    with pytest.raises(click.ClickException, match=REFUSED):
        list(patients.rows())

    assert len(numbers) == 1


def test_a_file_that_grows_while_it_is_read_is_refused(file: Path) -> None:
    rows = OpenedPatients(file).patients(TODAY).rows()
    next(rows)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"{TWO}\n")

    with pytest.raises(click.ClickException, match=REFUSED):
        list(rows)

"""Runs the command `patients import` as a process."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import anyio
from msgspec import Struct
from sqlalchemy import and_, select

from adapters.csv.patients import HEADER
from adapters.sql.tables import care_relationship, patient, patient_identifier
from tests.builders import ADULT, an_nhs_number
from tests.integration.http.support.people import HOSPITAL
from tests.integration.sql.rows import rows

_PATIENCE_SECONDS = 60


def write_csv(file: Path, numbers: Iterable[int]) -> Path:
    """Write a patient a line, in the order of the numbers."""
    lines = [f"{an_nhs_number(number)},,,{ADULT},," for number in numbers]
    file.write_text("\n".join([",".join(HEADER), *lines, ""]))
    return file


class Ended(Struct, frozen=True):
    """The exit code and the output of a process."""

    code: int
    output: str


class Import:
    """A running import."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def kill(self) -> None:
        self._process.kill()

    async def end(self) -> Ended:
        """Wait until it has ended."""
        output, _ = await anyio.to_thread.run_sync(self._process.communicate, None, _PATIENCE_SECONDS)
        return Ended(self._process.returncode, output)


@contextmanager
def importing(file: Path, environment: Mapping[str, str]) -> Iterator[Import]:
    """Import a file for the hospital. The process ends with the block."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INVITATIONS_")}
    command = [sys.executable, "-m", "entrypoints", "patients", "import", f"{file}"]
    process = subprocess.Popen(
        [*command, "--organisation", f"{HOSPITAL}"],
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield Import(process)
        finally:
            process.kill()


async def known_among(environment: Mapping[str, str], numbers: Iterable[int]) -> list[int]:
    """Give those of the numbers whose patients are known, with all that belongs to them."""
    by_value = {an_nhs_number(number): number for number in numbers}
    complete = (
        select(patient_identifier.c.value)
        .join(patient, patient.c.id == patient_identifier.c.patient_id)
        .join(
            care_relationship,
            and_(
                care_relationship.c.patient_id == patient.c.id,
                care_relationship.c.organisation_id == HOSPITAL.value,
            ),
        )
    )
    values = [value for [value] in await rows(environment["INVITATIONS_DATABASE_URL"], complete)]
    return sorted(by_value[value] for value in values if value in by_value)

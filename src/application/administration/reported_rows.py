"""The rows of a file of patients, in which those that name one patient are found and taken as one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import islice
from typing import TypeAlias

from msgspec import Struct

from application.administration.seen_names import SeenNames
from application.ports.patient_files import BadRow, Name, PatientFile, PatientRow
from application.ports.patients import PatientReportRepository
from domain.identifiers import PatientIdentifier
from domain.patient_reports import BadReport, Contradiction, PatientReport, checked, linked, together
from domain.results import failed


class RefusedRow(Struct, frozen=True):
    """A line that is not imported because of a rule."""

    line: int
    rule: BadReport | Contradiction


class Reported(Struct, frozen=True):
    """One patient as a file reports them, in one row or, where several name the patient, in all of those."""

    lines: Sequence[int]
    report: PatientReport
    rows: Sequence[PatientReport]


Row: TypeAlias = Reported | BadRow | RefusedRow


class ReportedRows:
    """Reads the rows of a file as reports, a row or several rows each.

    Rows that name one patient are one report, whatever their order, and whether they name the patient by one
    identifier or by several that are known already. If they contradict each other, all of them are refused.
    """

    def __init__(
        self,
        file: PatientFile,
        patients: PatientReportRepository,
        today: date,
        at_once: int,
        *,
        replace_numbers: bool,
    ) -> None:
        """Look up at most so many rows `at_once` in `patients`.

        `replace_numbers` is whether a row replaces the number that a patient has of a system.
        """
        self._file = file
        self._patients = patients
        self._today = today
        self._at_once = at_once
        self._replace_numbers = replace_numbers

    async def read(self) -> Iterator[Row]:
        """Give the rows, lazily; those that name one patient come first, and as one. Raises `Unavailable`."""
        return self._rows(await self._groups())

    def _rows(self, groups: Sequence[Sequence[PatientRow]]) -> Iterator[Row]:
        for group in groups:
            yield from _as_one(group)
        grouped = {row.line for group in groups for row in group}
        for read in self._file.rows():
            if failed(read):
                yield read.failure()
            elif (row := read.unwrap()).line not in grouped:
                good = checked(row.report, self._today)
                if failed(good):
                    yield RefusedRow(row.line, good.failure())
                else:
                    yield Reported((row.line,), row.report, ())

    async def _groups(self) -> Sequence[Sequence[PatientRow]]:
        """Find the rows that name one patient, in groups of two rows or more."""
        seen = SeenNames()
        repeated: set[Name] = set()
        systems = Counter[tuple[str, ...]]()
        for names in self._file.names():
            systems[tuple([system for system, _value in names])] += 1
            for name in names:
                if seen.add(name):
                    repeated.add(name)
        known = await self._known_by_several(seen, systems)
        repeated.update((each.system, each.value) for identifiers in known for each in identifiers)
        rows = self._naming(repeated) if repeated else []
        groups = linked([*(row.report.identifiers for row in rows), *known])
        of_rows = ([rows[position] for position in group if position < len(rows)] for group in groups)
        return [group for group in of_rows if len(group) > 1]

    async def _known_by_several(
        self, seen: SeenNames, systems: Counter[tuple[str, ...]]
    ) -> Sequence[AbstractSet[PatientIdentifier]]:
        """Find the known patients that rows may name by different identifiers.

        Two rows with numbers of the same systems cannot do so, unless a new number replaces the old one: one
        of them would bring a second number of a system. So the rows of the commonest systems need not be
        looked up, which are all in most files.
        """
        commonest = max(systems, key=lambda each: (systems[each], each), default=())
        passed_over = set() if self._replace_numbers else {commonest}
        others = (
            names
            for names in self._file.names()
            if tuple([system for system, _value in names]) not in passed_over
        )
        known: list[AbstractSet[PatientIdentifier]] = []
        while systems.keys() > passed_over and (some := list(islice(others, self._at_once))):
            read = (PatientIdentifier.parse(*name) for names in some for name in names)
            stored = await self._patients.find([each.unwrap() for each in read if not failed(each)])
            owners = {
                (each.system, each.value): patient.known.identifiers for each, patient in stored.items()
            }
            for names in some:
                for identifiers in {owners[name] for name in names if name in owners}:
                    elsewhere = {(each.system, each.value) for each in identifiers}.difference(names)
                    if any(name in seen for name in elsewhere):
                        known.append(identifiers)
        return known

    def _naming(self, names: AbstractSet[Name]) -> Sequence[PatientRow]:
        """Read the good rows that have an identifier of these names."""
        good = (read.unwrap() for read in self._file.rows_naming(names) if not failed(read))
        return [row for row in good if not failed(checked(row.report, self._today))]


def _as_one(rows: Sequence[PatientRow]) -> Iterator[Row]:
    reports = [row.report for row in rows]
    combined = together(reports)
    if failed(combined):
        yield from (RefusedRow(row.line, combined.failure()) for row in rows)
    else:
        yield Reported([row.line for row in rows], combined.unwrap(), reports)

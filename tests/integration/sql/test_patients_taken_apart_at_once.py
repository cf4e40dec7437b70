"""A patient is forgotten, or loses a number, after a report was decided on and before it is stored.

On PostgreSQL alone: SQLite lets nobody else write from the first statement of a report on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import make_url, select

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patient_records import SqlPatientRecordRepository
from adapters.sql.report_effects import ReportEffects
from adapters.sql.tables import care_relationship, patient
from application.ports.patients import PatientChanges, StoredPatient
from domain.administration import Attribution, Command
from domain.identifiers import PatientIdentifier
from domain.patient_reports import KnownPatient
from tests.builders import (
    CHI,
    HOSPITAL,
    NHS,
    NOW,
    a_known_patient,
    a_patient_id,
    a_report,
    an_identifier,
    an_organisation,
    reported,
)
from tests.integration.sql.rows import rows

pytestmark = pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")

NHS_1, NHS_2 = (an_identifier(number, NHS) for number in (1, 2))
CHI_1 = an_identifier(1, CHI)
UNLINKING = Attribution(Command.UNLINK_IDENTIFIER, None, NOW)

Stored = Mapping[PatientIdentifier, StoredPatient]
Meanwhile = Callable[[Database], Awaitable[object]]


class InterruptedDecision:
    """Decides what is known of the patient of a number; another process does something meanwhile.

    `interrupted` is the decision in which it does so: the second one is made on a patient who is locked.
    """

    def __init__(
        self,
        url: str,
        meanwhile: Meanwhile,
        after: KnownPatient,
        number: PatientIdentifier = NHS_1,
        interrupted: int = 1,
    ) -> None:
        self.decided_on: list[Stored] = []
        self._url = url
        self._meanwhile = meanwhile
        self._after = after
        self._number = number
        self._interrupted = interrupted

    def __call__(self, stored: Stored) -> tuple[PatientChanges, None]:
        self.decided_on.append(dict(stored))
        if len(self.decided_on) == self._interrupted:
            with ThreadPoolExecutor(1) as other:
                other.submit(asyncio.run, self._elsewhere()).result()
        return self._changes(stored.get(self._number)), None

    def _changes(self, found: StoredPatient | None) -> PatientChanges:
        if found is None:
            new = a_patient_id(9)
            return PatientChanges({new: a_known_patient(self._number)}, {}, [new])
        return PatientChanges({}, {found.id: (found.known, self._after)}, [found.id])

    async def _elsewhere(self) -> None:
        database = connect(make_url(self._url))
        await self._meanwhile(database)
        await database.close()


@pytest.fixture(autouse=True)
async def _the_organisation_is_there(organisation_repository: SqlOrganisationRepository) -> None:
    await organisation_repository.add(an_organisation())


async def _care(url: str) -> Sequence[object]:
    return [each for [each] in await rows(url, select(care_relationship.c.patient_id))]


async def _forget(database: Database) -> None:
    await SqlPatientRecordRepository(database).forget([a_patient_id(1)])


async def test_a_patient_who_was_forgotten_meanwhile_is_known_anew(
    url: str, patient_report_repository: SqlPatientReportRepository
) -> None:
    await reported(patient_report_repository, a_report(NHS_1))
    decision = InterruptedDecision(url, _forget, a_known_patient(NHS_1, deceased=True))

    await patient_report_repository.change(HOSPITAL, NOW, [NHS_1], decision)

    assert decision.decided_on[1:] == [{}]
    assert await rows(url, select(patient.c.id)) == [(a_patient_id(9),)]
    assert await _care(url) == [a_patient_id(9)]


async def test_a_number_that_went_to_another_patient_meanwhile_stays_theirs(
    url: str, patient_report_repository: SqlPatientReportRepository
) -> None:
    await reported(patient_report_repository, a_report(NHS_1, CHI_1))

    async def unlink_and_report(database: Database) -> None:
        await SqlPatientRecordRepository(database).unlink(NHS_1, UNLINKING)
        await SqlPatientReportRepository(database).change(
            HOSPITAL,
            NOW,
            [NHS_1],
            lambda _stored: (PatientChanges({a_patient_id(2): a_known_patient(NHS_1)}, {}, ()), None),
        )

    decision = InterruptedDecision(
        url, unlink_and_report, a_known_patient(CHI_1, NHS_2), CHI_1, interrupted=2
    )

    await patient_report_repository.change(HOSPITAL, NOW, [CHI_1], decision)

    found = await patient_report_repository.find([NHS_1, NHS_2, CHI_1])
    assert {each: stored.id for each, stored in found.items()} == {
        NHS_1: a_patient_id(2),
        NHS_2: a_patient_id(1),
        CHI_1: a_patient_id(1),
    }


async def test_a_correction_takes_a_number_off_its_own_patient_alone(
    database: Database, patient_report_repository: SqlPatientReportRepository
) -> None:
    await reported(patient_report_repository, a_report(NHS_1), a_report(CHI_1))
    # as it was decided when the number was still the other one's
    changes = PatientChanges(
        {}, {a_patient_id(2): (a_known_patient(CHI_1, NHS_1), a_known_patient(CHI_1))}, ()
    )

    await database.write(
        lambda connection: ReportEffects(database).store(
            connection, changes, Attribution(Command.CORRECT_PATIENTS, HOSPITAL, NOW)
        )
    )

    found = await patient_report_repository.find([NHS_1])
    assert found[NHS_1].id == a_patient_id(1)

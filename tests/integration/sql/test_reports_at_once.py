"""Two imports at the same time: the database decides, and the rules hold whichever comes first."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from threading import Barrier
from typing import TypeAlias, TypeVar

import anyio
import pytest
from anyio.to_thread import run_sync
from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import OrderedPatientIds, SqlPatientReportRepository
from adapters.system import AsyncioConcurrency
from application.administration.patients import ImportPatients
from application.ports.patients import Decide, PatientChanges, PatientReportRepository, StoredPatient
from domain.administration import Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import Contradiction, KnownPatient, PatientReport
from tests.builders import (
    ADULT,
    CHI,
    HCN,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    TODAY,
    a_known_patient,
    a_report,
    an_identifier,
    an_organisation,
    reported,
)
from tests.fakes.clock import FixedClock
from tests.fakes.patient_file import InMemoryPatientFile

T = TypeVar("T")

NHS_1 = an_identifier(1, NHS)
CHI_1, CHI_2 = an_identifier(1, CHI), an_identifier(2, CHI)
HCN_1 = an_identifier(1, HCN)
OTHER_DAY = date(1981, 5, 2)
PATIENCE_SECONDS = 30

Refused: TypeAlias = Sequence[Contradiction]
AtOnce: TypeAlias = Callable[..., Awaitable[Refused]]


class MeetingRepository(PatientReportRepository):
    """When a change is first decided, waits until the other import has decided too, and stores then."""

    def __init__(self, repository: PatientReportRepository, meet: Callable[[], object]) -> None:
        self._repository = repository
        self._meet = meet
        self._has_met = False

    async def find(
        self, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        return await self._repository.find(identifiers)

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        def decide_together(stored: Mapping[PatientIdentifier, StoredPatient]) -> tuple[PatientChanges, T]:
            decided = decide(stored)
            if not self._has_met:
                self._has_met = True
                self._meet()
            return decided

        return await self._repository.change(
            organisation_id, recorded_at, identifiers, decide_together, command
        )


@pytest.fixture(autouse=True)
async def _the_organisations_are_there(organisation_repository: SqlOrganisationRepository) -> None:
    await organisation_repository.add(an_organisation(HOSPITAL))
    await organisation_repository.add(an_organisation(OTHER_HOSPITAL))


@pytest.fixture
def meet(url: str) -> Callable[[], object]:
    """Give what waits for the other import; SQLite lets one decide only when the other has stored."""
    if make_url(url).get_backend_name() == "sqlite":
        return lambda: None
    return Barrier(2, timeout=PATIENCE_SECONDS).wait


@pytest.fixture
def at_once(url: str, meet: Callable[[], object]) -> AtOnce:
    """Give what imports two files at once, on a thread and with connections of its own each."""

    async def run(*files: Sequence[PatientReport]) -> Refused:
        refused: list[Contradiction] = []

        async def one(organisation_id: OrganisationId, file: Sequence[PatientReport]) -> None:
            refused.extend(await run_sync(lambda: asyncio.run(_import(url, meet, organisation_id, file))))

        async with anyio.create_task_group() as importing:
            for organisation_id, file in zip((HOSPITAL, OTHER_HOSPITAL), files, strict=True):
                importing.start_soon(one, organisation_id, file)
        return refused

    return run


async def _import(
    url: str, meet: Callable[[], object], organisation_id: OrganisationId, file: Sequence[PatientReport]
) -> Refused:
    database = connect(make_url(url))
    repository = MeetingRepository(SqlPatientReportRepository(database), meet)
    refused: list[Contradiction] = []
    import_patients = ImportPatients(
        SqlOrganisationRepository(database),
        repository,
        OrderedPatientIds(),
        FixedClock(NOW, TODAY),
        AsyncioConcurrency(),
    )
    await import_patients(
        organisation_id,
        InMemoryPatientFile.of(file),
        lambda chunk: refused.extend(Contradiction(each.rule) for each in chunk.refused_rows),
    )
    await database.close()
    return refused


async def _known(
    repository: SqlPatientReportRepository, *identifiers: PatientIdentifier
) -> list[KnownPatient]:
    """Give what is known of the patients that the identifiers name, one by one."""
    found = await repository.find(identifiers)
    return list({stored.id: stored.known for stored in found.values()}.values())


async def test_of_two_numbers_of_one_system_for_one_patient_one_joins(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    await reported(patient_report_repository, a_report(NHS_1))

    refused = await at_once([a_report(NHS_1, CHI_1)], [a_report(NHS_1, CHI_2)])

    [known] = await _known(patient_report_repository, NHS_1, CHI_1, CHI_2)
    assert known in (a_known_patient(NHS_1, CHI_1), a_known_patient(NHS_1, CHI_2))
    assert refused == [Contradiction.SECOND_NUMBER]


async def test_of_two_first_dates_of_birth_one_becomes_known(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    await reported(patient_report_repository, a_report(NHS_1, date_of_birth=None))

    refused = await at_once([a_report(NHS_1)], [a_report(NHS_1, date_of_birth=OTHER_DAY)])

    [known] = await _known(patient_report_repository, NHS_1)
    assert known.date_of_birth in {ADULT, OTHER_DAY}
    assert refused == [Contradiction.OTHER_DATE_OF_BIRTH]


async def test_a_number_that_is_new_to_both_makes_one_patient(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    refused = await at_once([a_report(NHS_1, deceased=True)], [a_report(NHS_1, CHI_1, registered=True)])

    known = await _known(patient_report_repository, NHS_1, CHI_1)
    assert known == [a_known_patient(NHS_1, CHI_1, deceased=True, registered=True)]
    assert refused == []


async def test_a_number_that_is_new_to_both_keeps_one_date_of_birth(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    refused = await at_once([a_report(NHS_1, CHI_1)], [a_report(CHI_1, HCN_1, date_of_birth=OTHER_DAY)])

    [known] = await _known(patient_report_repository, NHS_1, CHI_1, HCN_1)
    assert known in (
        a_known_patient(NHS_1, CHI_1),
        a_known_patient(CHI_1, HCN_1, date_of_birth=OTHER_DAY),
    )
    assert refused == [Contradiction.OTHER_DATE_OF_BIRTH]


async def test_a_death_and_a_registration_that_are_reported_at_once_both_stand(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    await reported(patient_report_repository, a_report(NHS_1, CHI_1))

    await at_once([a_report(NHS_1, deceased=True)], [a_report(CHI_1, registered=True)])

    known = await _known(patient_report_repository, NHS_1)
    assert known == [a_known_patient(NHS_1, CHI_1, deceased=True, registered=True)]


async def test_a_number_that_one_joins_while_the_other_makes_a_patient_of_it_names_one_patient(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    await reported(patient_report_repository, a_report(NHS_1))

    refused = await at_once([a_report(NHS_1, CHI_1)], [a_report(CHI_1)])

    found = await patient_report_repository.find([NHS_1, CHI_1])
    assert refused in ([], [Contradiction.SEVERAL_PATIENTS])
    assert (found[NHS_1].id == found[CHI_1].id) == (refused == [])


async def test_hundreds_of_rows_in_opposite_orders_make_each_patient_once(
    patient_report_repository: SqlPatientReportRepository, at_once: AtOnce
) -> None:
    reports = [a_report(an_identifier(number, NHS), an_identifier(number, CHI)) for number in range(500)]

    refused = await at_once(reports, reports[::-1])

    named = [each for report in reports for each in report.identifiers]
    assert len(await _known(patient_report_repository, *named)) == 500
    assert refused == []

"""The rows of registrations."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.tables import patient
from tests.builders import HOSPITAL, NOW, a_chunk, a_patient, a_record, an_identifier, an_organisation
from tests.integration.sql.rows import rows

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
async def _the_organisation_is_there(organisation_repository: SqlOrganisationRepository) -> None:
    await organisation_repository.add(an_organisation())


async def test_a_new_patient_of_whose_registration_nothing_is_said_is_not_registered(
    patient_report_repository: SqlPatientReportRepository, patient_repository: SqlPatientRepository
) -> None:
    await patient_report_repository.merge(a_chunk(a_record(registered=None)))

    found = await patient_repository.find(HOSPITAL, [an_identifier()])

    assert dict(found) == {an_identifier(): a_patient(registered=False)}


async def test_a_chunk_may_say_something_of_one_registration_and_nothing_of_another(
    patient_report_repository: SqlPatientReportRepository, patient_repository: SqlPatientRepository
) -> None:
    named = [an_identifier(number) for number in (1, 2, 3)]
    await patient_report_repository.merge(a_chunk(*(a_record(each, registered=True) for each in named)))

    said: Iterable[bool | None] = (True, None, False)
    await patient_report_repository.merge(
        a_chunk(
            *(a_record(each, registered=registered) for each, registered in zip(named, said, strict=True))
        )
    )

    found = await patient_repository.find(HOSPITAL, named)
    assert [found[each].registered for each in named] == [True, True, False]


@pytest.mark.parametrize(
    ("reports", "registered_at"),
    [
        pytest.param([True], NOW, id="reported"),
        pytest.param([True, True], NOW, id="reported-again"),
        pytest.param([True, None], NOW, id="not-spoken-of-again"),
        pytest.param([None, True], NOW + timedelta(days=1), id="reported-later"),
        pytest.param([True, False], None, id="ended"),
        pytest.param([True, False, True], NOW + timedelta(days=2), id="ended-and-reported-anew"),
    ],
)
async def test_a_registration_keeps_the_moment_when_it_was_first_reported(
    url: str,
    patient_report_repository: SqlPatientReportRepository,
    reports: Iterable[bool | None],
    registered_at: object,
) -> None:
    for day, registered in enumerate(reports):
        chunk = a_chunk(a_record(registered=registered))
        await patient_report_repository.merge(replace(chunk, recorded_at=NOW + timedelta(days=day)))

    assert await rows(url, select(patient.c.registered_at)) == [(registered_at,)]

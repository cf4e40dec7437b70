"""What the database keeps of registrations, beyond whether there is one."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.tables import patient
from tests.builders import NOW, a_report, an_organisation, reported
from tests.integration.sql.rows import rows


@pytest.fixture(autouse=True)
async def _the_organisation_is_there(organisation_repository: SqlOrganisationRepository) -> None:
    await organisation_repository.add(an_organisation())


@pytest.mark.parametrize(
    ("reports", "registered_at"),
    [
        pytest.param([None], None, id="not-reported"),
        pytest.param([True], NOW, id="reported"),
        pytest.param([True, True], NOW, id="reported-again"),
        pytest.param([None, True], NOW + timedelta(days=1), id="reported-later"),
        pytest.param([None, True, True], NOW + timedelta(days=1), id="reported-later-and-again"),
    ],
)
async def test_a_registration_keeps_the_moment_when_it_was_first_reported(
    url: str,
    patient_report_repository: SqlPatientReportRepository,
    reports: Iterable[bool | None],
    registered_at: object,
) -> None:
    for day, registered in enumerate(reports):
        await reported(
            patient_report_repository,
            a_report(registered=registered),
            recorded_at=NOW + timedelta(days=day),
        )

    assert await rows(url, select(patient.c.registered_at)) == [(registered_at,)]

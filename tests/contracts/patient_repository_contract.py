"""What every repository of patients does.

The consumer supplies the fixtures `organisation_repository` and `patient_report_repository`, both empty, and
`patient_repository`, which finds what is in them.
"""

import pytest

from application.ports.access import OrganisationRepository
from application.ports.patients import PatientReportRepository, PatientRepository
from domain.reports import PatientReport
from tests.builders import (
    CHI,
    HCN,
    HOSPITAL,
    NHS,
    OTHER_HOSPITAL,
    a_patient,
    a_patient_id,
    a_report,
    an_identifier,
    an_organisation,
    reported,
)


class PatientRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _organisations_are_there(self, organisation_repository: OrganisationRepository) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))

    @pytest.mark.parametrize(
        ("record", "patient"),
        [
            pytest.param(a_report(), a_patient(), id="ordinary"),
            pytest.param(a_report(date_of_birth=None), a_patient(date_of_birth=None), id="no-date-of-birth"),
            pytest.param(a_report(deceased=True), a_patient(deceased=True), id="deceased"),
            pytest.param(a_report(registered=True), a_patient(registered=True), id="registered"),
            pytest.param(a_report(registered=None), a_patient(), id="nothing-said-of-registration"),
        ],
    )
    async def test_a_patient_is_found_as_reported(
        self,
        patient_report_repository: PatientReportRepository,
        patient_repository: PatientRepository,
        record: PatientReport,
        patient: object,
    ) -> None:
        await reported(patient_report_repository, record)

        found = await patient_repository.find(HOSPITAL, [an_identifier()])

        assert dict(found) == {an_identifier(): patient}

    async def test_another_organisation_finds_the_patient_without_a_care_relationship(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report())

        found = await patient_repository.find(OTHER_HOSPITAL, [an_identifier()])

        assert dict(found) == {an_identifier(): a_patient(care_relationship=False)}

    async def test_a_patient_may_have_care_relationships_with_two_organisations(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(), organisation_id=HOSPITAL)
        await reported(patient_report_repository, a_report(), organisation_id=OTHER_HOSPITAL)

        found = [
            await patient_repository.find(each, [an_identifier()]) for each in (HOSPITAL, OTHER_HOSPITAL)
        ]

        assert [dict(each) for each in found] == [{an_identifier(): a_patient()}] * 2

    async def test_an_identifier_that_names_nobody_is_absent(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(an_identifier(1)))

        found = await patient_repository.find(HOSPITAL, [an_identifier(2)])

        assert dict(found) == {}

    async def test_no_identifiers_find_nobody(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report())

        assert dict(await patient_repository.find(HOSPITAL, [])) == {}

    async def test_the_same_number_names_another_patient_in_each_system(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(1, system) for system in (NHS, CHI, HCN)]
        await reported(patient_report_repository, *(a_report(identifier) for identifier in named))

        found = await patient_repository.find(HOSPITAL, named)

        assert dict(found) == {named[0]: a_patient(1), named[1]: a_patient(2), named[2]: a_patient(3)}

    async def test_a_number_names_nobody_in_a_system_it_was_not_reported_in(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(an_identifier(1, NHS)))

        found = await patient_repository.find(HOSPITAL, [an_identifier(1, CHI), an_identifier(1, HCN)])

        assert dict(found) == {}

    async def test_pairs_of_system_and_number_are_not_mixed_up_within_a_batch(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(
            patient_report_repository, a_report(an_identifier(1, NHS)), a_report(an_identifier(2, CHI))
        )

        found = await patient_repository.find(HOSPITAL, [an_identifier(1, CHI), an_identifier(2, NHS)])

        assert dict(found) == {}

    async def test_each_identifier_of_a_patient_finds_the_patient(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(1, NHS), an_identifier(2, CHI)]
        await reported(patient_report_repository, a_report(*named))

        found = await patient_repository.find(HOSPITAL, named)

        assert dict(found) == dict.fromkeys(named, a_patient(1))

    async def test_5_000_identifiers_are_found_at_once(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(number) for number in range(5_000)]
        await reported(patient_report_repository, *(a_report(identifier) for identifier in named[::2]))

        found = await patient_repository.find(HOSPITAL, named)

        assert {each: patient.id for each, patient in found.items()} == {
            identifier: a_patient_id(number) for number, identifier in enumerate(named[::2], start=1)
        }

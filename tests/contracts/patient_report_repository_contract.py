"""The contract of `PatientReportRepository`.

The consumer supplies the fixtures `organisation_repository` and `patient_report_repository`, both empty, and
`patient_repository`, which finds what is in them.
"""

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from application.ports.access import OrganisationRepository
from application.ports.patients import IdentifiersTaken, PatientReportRepository, PatientRepository
from domain.patients import PatientRecord
from tests.builders import (
    CHI,
    HCN,
    HOSPITAL,
    NHS,
    OTHER_HOSPITAL,
    a_chunk,
    a_patient,
    a_patient_id,
    a_record,
    an_identifier,
    an_organisation,
)


class PatientReportRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _organisations_are_there(self, organisation_repository: OrganisationRepository) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))

    async def test_unreported_identifiers_have_no_owner(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        assert dict(await patient_report_repository.owners([an_identifier()])) == {}

    async def test_no_identifiers_have_no_owners(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await patient_report_repository.merge(a_chunk(a_record()))

        assert dict(await patient_report_repository.owners([])) == {}

    async def test_identifiers_name_the_patient_who_was_reported_under_them(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        named = [an_identifier(1, NHS), an_identifier(2, CHI)]

        merged = await patient_report_repository.merge(a_chunk(a_record(*named), a_record(an_identifier(3))))

        assert merged == Success(None)
        assert dict(await patient_report_repository.owners([*named, an_identifier(4)])) == dict.fromkeys(
            named, a_patient_id(1)
        )

    async def test_the_same_number_has_another_owner_in_each_system(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await patient_report_repository.merge(
            a_chunk(a_record(an_identifier(1, NHS)), a_record(an_identifier(1, CHI)))
        )

        owners = await patient_report_repository.owners(
            [an_identifier(1, system) for system in (NHS, CHI, HCN)]
        )

        assert dict(owners) == {
            an_identifier(1, NHS): a_patient_id(1),
            an_identifier(1, CHI): a_patient_id(2),
        }

    async def test_5_000_patients_are_merged_at_once(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        chunk = a_chunk(*(a_record(an_identifier(number)) for number in range(5_000)))

        merged = await patient_report_repository.merge(chunk)

        assert merged == Success(None)
        assert dict(await patient_report_repository.owners(list(chunk.owners))) == chunk.owners

    async def test_an_empty_chunk_changes_nothing(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        assert await patient_report_repository.merge(a_chunk()) == Success(None)

    @pytest.mark.parametrize(
        ("earlier", "later", "patient"),
        [
            pytest.param(
                a_record(date_of_birth=None), a_record(), a_patient(), id="date-of-birth-becomes-known"
            ),
            pytest.param(
                a_record(),
                a_record(date_of_birth=None),
                a_patient(date_of_birth=None),
                id="date-of-birth-becomes-unknown",
            ),
            pytest.param(a_record(), a_record(deceased=True), a_patient(deceased=True), id="death"),
            pytest.param(a_record(deceased=True), a_record(), a_patient(), id="death-reported-in-error"),
            pytest.param(
                a_record(), a_record(registered=True), a_patient(registered=True), id="registration"
            ),
            pytest.param(a_record(registered=True), a_record(), a_patient(), id="end-of-registration"),
            pytest.param(
                a_record(registered=True),
                a_record(registered=True),
                a_patient(registered=True),
                id="registration-reported-twice",
            ),
            pytest.param(
                a_record(registered=True),
                a_record(registered=None, deceased=True),
                a_patient(registered=True, deceased=True),
                id="nothing-said-of-a-registration",
            ),
            pytest.param(
                a_record(registered=False),
                a_record(registered=None, date_of_birth=None),
                a_patient(registered=False, date_of_birth=None),
                id="nothing-said-where-there-is-no-registration",
            ),
            pytest.param(
                a_record(registered=None),
                a_record(registered=True),
                a_patient(registered=True),
                id="registration-of-whom-nothing-was-said",
            ),
        ],
    )
    async def test_a_later_report_replaces_the_record(
        self,
        patient_report_repository: PatientReportRepository,
        patient_repository: PatientRepository,
        earlier: PatientRecord,
        later: PatientRecord,
        patient: object,
    ) -> None:
        await patient_report_repository.merge(a_chunk(earlier))

        await patient_report_repository.merge(a_chunk(later))

        assert dict(await patient_repository.find(HOSPITAL, [an_identifier()])) == {an_identifier(): patient}

    async def test_a_report_of_a_second_organisation_replaces_the_record_for_the_first_too(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await patient_report_repository.merge(a_chunk(a_record(), organisation_id=HOSPITAL))

        await patient_report_repository.merge(
            a_chunk(a_record(deceased=True), organisation_id=OTHER_HOSPITAL)
        )

        found = await patient_repository.find(HOSPITAL, [an_identifier()])
        assert dict(found) == {an_identifier(): a_patient(deceased=True)}

    async def test_identifiers_that_are_not_reported_again_stay(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await patient_report_repository.merge(a_chunk(a_record(an_identifier(1))))

        await patient_report_repository.merge(a_chunk(a_record(an_identifier(2))))

        named = [an_identifier(1), an_identifier(2)]
        assert dict(await patient_report_repository.owners(named)) == dict.fromkeys(named, a_patient_id(1))

    async def test_a_chunk_merged_twice_changes_nothing(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        chunk = a_chunk(a_record(an_identifier(1)), a_record(an_identifier(2), registered=True))
        await patient_report_repository.merge(chunk)
        before = await patient_repository.find(HOSPITAL, list(chunk.owners))

        merged = await patient_report_repository.merge(chunk)

        assert merged == Success(None)
        assert await patient_repository.find(HOSPITAL, list(chunk.owners)) == before

    async def test_naming_a_known_patient_who_is_not_in_the_chunk_gives_no_care_relationship(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await patient_report_repository.merge(a_chunk(a_record(), organisation_id=HOSPITAL))

        merged = await patient_report_repository.merge(
            replace(a_chunk(organisation_id=OTHER_HOSPITAL), owners={an_identifier(): a_patient_id(1)})
        )

        assert merged == Success(None)
        found = await patient_repository.find(OTHER_HOSPITAL, [an_identifier()])
        assert not found[an_identifier()].care_relationship

    async def test_an_identifier_of_another_patient_is_taken(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await patient_report_repository.merge(a_chunk(a_record(an_identifier(1)), a_record(an_identifier(2))))

        merged = await patient_report_repository.merge(a_chunk(a_record(an_identifier(2))))

        assert merged == Failure(IdentifiersTaken())

    async def test_nothing_of_a_chunk_with_a_taken_identifier_is_stored(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        known = a_chunk(a_record(an_identifier(1)), a_record(an_identifier(2)))
        await patient_report_repository.merge(known)
        taking = a_chunk(
            a_record(an_identifier(1), an_identifier(3), deceased=True),
            a_record(an_identifier(2)),
            a_record(an_identifier(4), an_identifier(2, CHI)),
            a_record(an_identifier(5)),
            organisation_id=OTHER_HOSPITAL,
        )
        owners = {**taking.owners, an_identifier(2): a_patient_id(3)}

        merged = await patient_report_repository.merge(replace(taking, owners=owners))

        assert merged == Failure(IdentifiersTaken())
        assert dict(await patient_repository.find(OTHER_HOSPITAL, list(owners))) == {
            an_identifier(1): a_patient(1, care_relationship=False),
            an_identifier(2): a_patient(2, care_relationship=False),
        }

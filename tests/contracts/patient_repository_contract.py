"""What every patient repository does, whether its patients are in a table or on another server.

- A patient's id is the implementation's own, a UUID: the same in every call and under each identifier of
  the patient, another one for every other patient. Codes and tokens are derived from it.
- An identifier is a system and a number. An unknown one is absent from the answer.
- Two patients may claim one identifier. Either the source refuses the second claim, or the identifier
  counts as not found. A guess would open a stranger's record.
- Patients are as the source has them now, and as the organisation may see them.
- As many identifiers as the largest operation takes are found at once, in any order.
- A source that does not answer is `Unavailable`: never another exception, never a part of the answer, and
  without an identifier in what is logged of it.

The consumer supplies the fixtures `organisation_repository` and `patient_report_repository`, both empty;
`patient_repository`, which finds what is in them; and `patient_repository_without_source`, whose source
does not answer. A source that does not belong to the service, such as another server, needs a stand-in for
`patient_report_repository` that fills it: of the port, `change` is called.
"""

from collections.abc import Mapping
from contextlib import suppress
from traceback import format_exception

import pytest
from msgspec.structs import replace

from application.ports.access import OrganisationRepository
from application.ports.patients import PatientChanges, PatientReportRepository, PatientRepository
from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from domain.patient_reports import PatientReport
from domain.patients import Patient
from tests.builders import (
    CHI,
    HCN,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    a_known_patient,
    a_patient,
    a_patient_id,
    a_report,
    an_identifier,
    an_organisation,
    reported,
)


def _facts(found: Mapping[PatientIdentifier, Patient]) -> dict[PatientIdentifier, Patient]:
    """Give what was found, each patient under the id of `a_patient()` instead of the implementation's own."""
    return {identifier: replace(patient, id=a_patient_id()) for identifier, patient in found.items()}


class PatientRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _organisations_are_there(self, organisation_repository: OrganisationRepository) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))

    @pytest.mark.parametrize(
        ("report", "patient"),
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
        report: PatientReport,
        patient: Patient,
    ) -> None:
        await reported(patient_report_repository, report)

        found = await patient_repository.find(HOSPITAL, [an_identifier()])

        assert _facts(found) == {an_identifier(): patient}

    async def test_another_organisation_finds_the_patient_without_a_care_relationship(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report())

        found = await patient_repository.find(OTHER_HOSPITAL, [an_identifier()])

        assert _facts(found) == {an_identifier(): a_patient(care_relationship=False)}

    async def test_a_patient_may_have_care_relationships_with_two_organisations(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(), organisation_id=HOSPITAL)
        await reported(patient_report_repository, a_report(), organisation_id=OTHER_HOSPITAL)

        found = [
            await patient_repository.find(each, [an_identifier()]) for each in (HOSPITAL, OTHER_HOSPITAL)
        ]

        assert [_facts(each) for each in found] == [{an_identifier(): a_patient()}] * 2

    async def test_an_unknown_identifier_is_absent(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(an_identifier(1)))

        found = await patient_repository.find(HOSPITAL, [an_identifier(2)])

        assert dict(found) == {}

    async def test_no_identifiers_find_no_patients(
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

        assert {*found} == {*named}
        assert len({patient.id for patient in found.values()}) == 3

    async def test_a_number_finds_no_patient_in_another_system(
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

    async def test_each_identifier_of_a_patient_finds_the_patient_under_one_id(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(1, NHS), an_identifier(2, CHI)]
        await reported(patient_report_repository, a_report(*named))

        found = await patient_repository.find(HOSPITAL, named)

        assert _facts(found) == dict.fromkeys(named, a_patient())
        assert len({patient.id for patient in found.values()}) == 1

    async def test_a_patient_has_the_same_id_in_every_call_and_for_every_organisation(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(1, NHS), an_identifier(2, CHI)]
        await reported(patient_report_repository, a_report(*named))

        calls = [(HOSPITAL, named[:1]), (HOSPITAL, named[1:]), (OTHER_HOSPITAL, named), (HOSPITAL, named)]
        ids = {
            patient.id
            for organisation_id, identifiers in calls
            for patient in (await patient_repository.find(organisation_id, identifiers)).values()
        }

        assert len(ids) == 1

    async def test_a_patient_keeps_the_id_when_what_is_known_changes(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report())
        earlier = await patient_repository.find(HOSPITAL, [an_identifier()])
        await reported(patient_report_repository, a_report(deceased=True))

        later = await patient_repository.find(HOSPITAL, [an_identifier()])

        assert _facts(later) == {an_identifier(): a_patient(deceased=True)}
        assert later[an_identifier()].id == earlier[an_identifier()].id

    async def test_an_identifier_that_two_patients_claim_is_never_a_guess(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(1), an_identifier(2)]
        await reported(patient_report_repository, a_report(named[0]))
        claims = {
            a_patient_id(2): a_known_patient(named[1]),
            a_patient_id(3): a_known_patient(named[0], deceased=True),
        }

        with suppress(Unavailable):
            await patient_report_repository.change(
                HOSPITAL, NOW, [], lambda _stored: (PatientChanges(claims, {}, [*claims]), None)
            )

        # a source that refuses the second claim stores nothing of the change
        found = await patient_repository.find(HOSPITAL, named)
        assert _facts(found) in ({named[0]: a_patient()}, {named[1]: a_patient()})

    async def test_the_order_of_the_identifiers_does_not_matter(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(number) for number in range(10)]
        await reported(patient_report_repository, *(a_report(identifier) for identifier in named[::2]))

        found = await patient_repository.find(HOSPITAL, named)

        assert {*found} == {*named[::2]}
        assert dict(await patient_repository.find(HOSPITAL, named[::-1])) == dict(found)

    async def test_5_000_identifiers_are_found_at_once(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        named = [an_identifier(number) for number in range(5_000)]
        await reported(patient_report_repository, *(a_report(identifier) for identifier in named[::2]))

        found = await patient_repository.find(HOSPITAL, named)

        assert _facts(found) == dict.fromkeys(named[::2], a_patient())
        assert len({patient.id for patient in found.values()}) == 2_500

    async def test_a_source_that_does_not_answer_is_unavailable(
        self, patient_repository_without_source: PatientRepository
    ) -> None:
        with pytest.raises(Unavailable) as raised:
            await patient_repository_without_source.find(HOSPITAL, [an_identifier()])

        assert an_identifier().value not in "".join(format_exception(raised.value))

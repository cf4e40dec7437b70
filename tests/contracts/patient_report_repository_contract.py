"""What every repository of reported patients does.

The consumer supplies the fixtures `organisation_repository` and `patient_report_repository`, both empty, and
`patient_repository`, which finds what is in them.
"""

from collections.abc import Mapping, Sequence

import pytest

from application.ports.access import OrganisationRepository
from application.ports.patients import (
    PatientChanges,
    PatientReportRepository,
    PatientRepository,
    StoredPatient,
)
from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from domain.patient_reports import KnownPatient, PatientReport
from domain.patients import PatientId
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

NHS_1, NHS_2, NHS_3 = (an_identifier(number, NHS) for number in (1, 2, 3))
CHI_1 = an_identifier(1, CHI)
HCN_1 = an_identifier(1, HCN)


class Decision:
    """Decides the changes, and keeps what each decision was made on."""

    def __init__(
        self,
        new: Mapping[PatientId, KnownPatient] | None = None,
        changed: Mapping[PatientId, KnownPatient] | None = None,
        reported: Sequence[PatientId] = (),
    ) -> None:
        self.stored: list[Mapping[PatientIdentifier, StoredPatient]] = []
        self._new = new or {}
        self._changed = changed or {}
        self._reported = reported

    def __call__(self, stored: Mapping[PatientIdentifier, StoredPatient]) -> tuple[PatientChanges, str]:
        self.stored.append(dict(stored))
        before = {each.id: each.known for each in stored.values()}
        changed = {each: (before[each], after) for each, after in self._changed.items()}
        return PatientChanges(self._new, changed, self._reported), f"decision {len(self.stored)}"


class PatientReportRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _organisations_are_there(self, organisation_repository: OrganisationRepository) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))

    async def test_identifiers_that_were_never_reported_name_no_patient(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        decision = Decision()

        await patient_report_repository.change(HOSPITAL, NOW, [NHS_1], decision)

        assert decision.stored == [{}]
        assert dict(await patient_report_repository.find([NHS_1])) == {}

    async def test_no_identifiers_name_no_patient(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await reported(patient_report_repository, a_report())
        decision = Decision()

        await patient_report_repository.change(HOSPITAL, NOW, [], decision)

        assert decision.stored == [{}]
        assert dict(await patient_report_repository.find([])) == {}

    async def test_what_was_decided_is_answered(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        assert await patient_report_repository.change(HOSPITAL, NOW, [NHS_1], Decision()) == "decision 1"

    async def test_a_decision_is_made_on_the_patients_that_the_identifiers_name(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1, CHI_1), a_report(NHS_2, deceased=True))
        decision = Decision()

        await patient_report_repository.change(HOSPITAL, NOW, [CHI_1, NHS_2, NHS_1, NHS_3], decision)

        first = StoredPatient(a_patient_id(1), a_known_patient(NHS_1, CHI_1))
        second = StoredPatient(a_patient_id(2), a_known_patient(NHS_2, deceased=True))
        assert decision.stored == [{NHS_1: first, CHI_1: first, NHS_2: second}]

    async def test_a_patient_is_found_with_all_identifiers_by_any_of_them(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1, CHI_1, HCN_1), a_report(NHS_2))

        found = await patient_report_repository.find([CHI_1, NHS_2, NHS_3])

        assert dict(found) == {
            CHI_1: StoredPatient(a_patient_id(1), a_known_patient(NHS_1, CHI_1, HCN_1)),
            NHS_2: StoredPatient(a_patient_id(2), a_known_patient(NHS_2)),
        }

    async def test_the_same_number_names_another_patient_in_each_system(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1), a_report(CHI_1))

        found = await patient_report_repository.find([NHS_1, CHI_1, HCN_1])

        assert {each: stored.id for each, stored in found.items()} == {
            NHS_1: a_patient_id(1),
            CHI_1: a_patient_id(2),
        }

    async def test_a_patient_to_be_changed_comes_with_all_identifiers_once_that_was_decided(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1, CHI_1, HCN_1))
        after = a_known_patient(NHS_1, CHI_1, HCN_1, deceased=True)
        decision = Decision(changed={a_patient_id(1): after})

        await patient_report_repository.change(HOSPITAL, NOW, [NHS_1], decision)

        known = a_known_patient(NHS_1, CHI_1, HCN_1)
        assert decision.stored[-1][NHS_1] == StoredPatient(a_patient_id(1), known)
        assert (await patient_report_repository.find([NHS_1]))[NHS_1].known == after

    async def test_nothing_decided_changes_nothing(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(registered=True))

        await patient_report_repository.change(OTHER_HOSPITAL, NOW, [NHS_1], Decision())

        found = await patient_repository.find(OTHER_HOSPITAL, [NHS_1])
        assert dict(found) == {NHS_1: a_patient(registered=True, care_relationship=False)}

    async def test_5_000_patients_are_stored_and_changed_at_once(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        reports = [a_report(an_identifier(number)) for number in range(5_000)]
        named = [each.identifiers[0] for each in reports]

        await reported(patient_report_repository, *reports)
        await reported(
            patient_report_repository,
            *(a_report(an_identifier(number), deceased=True) for number in range(5_000)),
        )

        found = await patient_report_repository.find(named)
        assert {each: (stored.id, stored.known) for each, stored in found.items()} == {
            each: (a_patient_id(number), a_known_patient(each, deceased=True))
            for number, each in enumerate(named, start=1)
        }

    @pytest.mark.parametrize(
        ("report", "patient"),
        [
            pytest.param(a_report(), a_patient(), id="nothing-more"),
            pytest.param(a_report(deceased=True), a_patient(deceased=True), id="death"),
            pytest.param(a_report(registered=True), a_patient(registered=True), id="registration"),
            pytest.param(
                a_report(date_of_birth=None), a_patient(date_of_birth=None), id="date-of-birth-taken-back"
            ),
        ],
    )
    async def test_what_is_decided_is_what_every_organisation_finds(
        self,
        patient_report_repository: PatientReportRepository,
        patient_repository: PatientRepository,
        report: PatientReport,
        patient: object,
    ) -> None:
        await reported(patient_report_repository, a_report(), organisation_id=HOSPITAL)

        await reported(patient_report_repository, report, organisation_id=OTHER_HOSPITAL)

        found = [await patient_repository.find(each, [NHS_1]) for each in (HOSPITAL, OTHER_HOSPITAL)]
        assert [dict(each) for each in found] == [{NHS_1: patient}] * 2

    async def test_an_identifier_that_joins_a_patient_names_the_patient(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1))

        await reported(patient_report_repository, a_report(NHS_1, CHI_1))

        found = await patient_repository.find(HOSPITAL, [NHS_1, CHI_1])
        assert dict(found) == dict.fromkeys([NHS_1, CHI_1], a_patient(1))

    async def test_the_organisation_has_a_care_relationship_with_those_reported_alone(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1), a_report(NHS_2), organisation_id=HOSPITAL)
        decision = Decision(
            new={a_patient_id(3): a_known_patient(NHS_3)},
            changed={a_patient_id(1): a_known_patient(NHS_1, deceased=True)},
            reported=[a_patient_id(2), a_patient_id(3), a_patient_id(2)],
        )

        await patient_report_repository.change(OTHER_HOSPITAL, NOW, [NHS_1, NHS_2, NHS_3], decision)

        found = await patient_repository.find(OTHER_HOSPITAL, [NHS_1, NHS_2, NHS_3])
        assert dict(found) == {
            NHS_1: a_patient(1, deceased=True, care_relationship=False),
            NHS_2: a_patient(2),
            NHS_3: a_patient(3),
        }

    async def test_a_new_patient_with_an_identifier_of_another_is_not_stored(
        self, patient_report_repository: PatientReportRepository
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1))
        decision = Decision(new={a_patient_id(2): a_known_patient(CHI_1, NHS_1)}, reported=[a_patient_id(2)])

        with pytest.raises(Unavailable):
            await patient_report_repository.change(HOSPITAL, NOW, [], decision)

        found = await patient_report_repository.find([NHS_1, CHI_1])
        assert dict(found) == {NHS_1: StoredPatient(a_patient_id(1), a_known_patient(NHS_1))}

    async def test_if_the_decision_fails_nothing_is_stored(
        self, patient_report_repository: PatientReportRepository, patient_repository: PatientRepository
    ) -> None:
        def decide(_: Mapping[PatientIdentifier, StoredPatient]) -> tuple[PatientChanges, None]:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await patient_report_repository.change(HOSPITAL, NOW, [NHS_1], decide)

        assert dict(await patient_repository.find(HOSPITAL, [NHS_1])) == {}

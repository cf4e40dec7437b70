"""What every repository of patients' whole records does.

The consumer supplies the fixtures `organisation_repository`, `patient_report_repository`,
`invitation_repository`, `care_repository` and `patient_record_repository`, which work on the same data, empty
at first.
"""

import pytest

from application.ports.access import OrganisationRepository
from application.ports.invitations import InvitationRepository
from application.ports.patients import (
    CareRepository,
    PatientRecord,
    PatientRecordRepository,
    PatientReportRepository,
    StoredPatient,
)
from domain.administration import Attribution, Command
from domain.holds import Hold, HoldReason
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationState
from tests.builders import (
    ADULT,
    CHI,
    HOSPITAL,
    NHS,
    NOW,
    TODAY,
    a_known_patient,
    a_patient_id,
    a_report,
    a_request_id,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)

NHS_1, NHS_2 = (an_identifier(number, NHS) for number in (1, 2))
CHI_1 = an_identifier(1, CHI)
PATIENT = a_patient_id(1)
HOLD = Hold(None, HoldReason.DECLINED, TODAY)
UNLINKED = Attribution(Command.UNLINK_IDENTIFIER, None, NOW)


class PatientRecordRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _two_patients_are_invited(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
        invitation_repository: InvitationRepository,
        care_repository: CareRepository,
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await reported(patient_report_repository, a_report(NHS_1, CHI_1), a_report(NHS_2))
        await care_repository.place_hold([PATIENT], HOLD, Attribution(Command.HOLD_PATIENTS, None, NOW))
        await invitation_repository.add(
            [an_invitation("AAAAAAAAAA", patient=1), an_invitation("BBBBBBBBBB", patient=2)],
            an_audit_event(),
        )

    async def test_a_record_shows_all_that_is_kept_of_the_patient(
        self, patient_record_repository: PatientRecordRepository
    ) -> None:
        record = await _record(patient_record_repository, CHI_1)

        assert record.patient == StoredPatient(PATIENT, a_known_patient(NHS_1, CHI_1))
        assert record.first_reported == (NOW, HOSPITAL)
        assert record.care == [HOSPITAL]
        assert record.holds == [HOLD]
        assert [each.value.element for each in record.changes] == ["hold"]
        assert [(each.organisation_id, each.request_id) for each in record.invitations] == [
            (HOSPITAL, a_request_id(1))
        ]
        assert [each.life.state(NOW) for each in record.invitations] == [InvitationState.PENDING]

    async def test_a_changed_value_is_in_the_history_with_the_old_and_the_new(
        self,
        patient_report_repository: PatientReportRepository,
        patient_record_repository: PatientRecordRepository,
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_2, date_of_birth=None, deceased=True))

        changes = (await _record(patient_record_repository, NHS_2)).changes
        assert [each.attribution for each in changes] == [
            Attribution(Command.IMPORT_PATIENTS, HOSPITAL, NOW)
        ] * 2
        assert [(each.value.element, each.value.old, each.value.new) for each in changes] == [
            ("date-of-birth", ADULT.isoformat(), None),
            ("deceased", "false", "true"),
        ]

    async def test_an_unknown_identifier_has_no_record(
        self, patient_record_repository: PatientRecordRepository
    ) -> None:
        assert await patient_record_repository.show(an_identifier(3)) is None

    async def test_an_unlinked_identifier_names_nobody_and_the_others_stay(
        self, patient_record_repository: PatientRecordRepository
    ) -> None:
        owner = await patient_record_repository.unlink(NHS_1, UNLINKED)

        assert owner == PATIENT
        assert await patient_record_repository.show(NHS_1) is None
        record = await _record(patient_record_repository, CHI_1)
        assert record.patient.known.identifiers == {CHI_1}
        assert record.changes[-1].attribution == UNLINKED

    async def test_unlinking_revokes_the_open_invitations_of_the_patient_alone(
        self, patient_record_repository: PatientRecordRepository
    ) -> None:
        await patient_record_repository.unlink(NHS_1, UNLINKED)

        states = [
            [each.life.state(NOW) for each in (await _record(patient_record_repository, named)).invitations]
            for named in (CHI_1, NHS_2)
        ]
        assert states == [[InvitationState.REVOKED], [InvitationState.PENDING]]

    async def test_an_identifier_that_names_nobody_is_not_unlinked(
        self, patient_record_repository: PatientRecordRepository
    ) -> None:
        assert await patient_record_repository.unlink(an_identifier(3), UNLINKED) is None

    async def test_nothing_is_left_of_a_patient_who_is_forgotten_and_others_stay(
        self,
        patient_report_repository: PatientReportRepository,
        patient_record_repository: PatientRecordRepository,
    ) -> None:
        other = await _record(patient_record_repository, NHS_2)

        forgotten = await patient_record_repository.forget([PATIENT, a_patient_id(99)])

        assert [*forgotten] == [PATIENT]
        assert dict(await patient_report_repository.find([NHS_1, CHI_1])) == {}
        assert await _record(patient_record_repository, NHS_2) == other

    async def test_a_patient_who_was_forgotten_is_known_anew_without_the_past(
        self,
        patient_report_repository: PatientReportRepository,
        patient_record_repository: PatientRecordRepository,
    ) -> None:
        await patient_record_repository.forget([PATIENT])

        await reported(patient_report_repository, a_report(NHS_1))

        record = await _record(patient_record_repository, NHS_1)
        assert (record.holds, record.changes, record.invitations) == ([], [], [])


async def _record(records: PatientRecordRepository, identifier: PatientIdentifier) -> PatientRecord:
    record = await records.show(identifier)
    assert record is not None
    return record

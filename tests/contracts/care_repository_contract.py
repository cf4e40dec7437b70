"""What every repository of holds and care relationships does.

The consumer supplies the fixtures `organisation_repository`, `patient_report_repository`,
`invitation_repository`, `care_repository`, `patient_record_repository` and `patient_repository`. They work
on the same data, which is empty at first.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from application.ports.access import OrganisationRepository
from application.ports.invitations import InvitationRepository
from application.ports.patients import (
    CareRepository,
    PatientRecord,
    PatientRecordRepository,
    PatientReportRepository,
    PatientRepository,
)
from domain.administration import Attribution, Command
from domain.holds import Hold, HoldReason
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationState
from domain.organisations import OrganisationId
from tests.builders import (
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    TODAY,
    a_patient_id,
    a_report,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)

NHS_1, NHS_2 = (an_identifier(number, NHS) for number in (1, 2))
PATIENT_1, PATIENT_2 = a_patient_id(1), a_patient_id(2)
STRANGER = a_patient_id(99)
SAFEGUARDING = Hold(HOSPITAL, HoldReason.SAFEGUARDING, TODAY)
FOR_ALL = Hold(None, HoldReason.SAFEGUARDING, TODAY)
NEXT_WEEK = TODAY + timedelta(days=7)


def by(command: Command, organisation_id: OrganisationId | None = HOSPITAL) -> Attribution:
    return Attribution(command, organisation_id, NOW)


HELD = by(Command.HOLD_PATIENTS)
RELEASED = by(Command.RELEASE_PATIENTS)
ENDED = by(Command.END_CARE)


class CareRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _two_patients_are_invited(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
        invitation_repository: InvitationRepository,
    ) -> None:
        for organisation_id in (HOSPITAL, OTHER_HOSPITAL):
            await organisation_repository.add(an_organisation(organisation_id))
        await reported(patient_report_repository, a_report(NHS_1), a_report(NHS_2))
        await invitation_repository.add(
            [an_invitation("AAAAAAAAAA", patient=1), an_invitation("BBBBBBBBBB", patient=2)],
            an_audit_event(),
        )

    async def test_a_held_patient_is_held_until_the_last_day_and_others_are_not(
        self, care_repository: CareRepository, patient_repository: PatientRepository
    ) -> None:
        hold = Hold(HOSPITAL, HoldReason.DECLINED, TODAY, NEXT_WEEK)

        held = await care_repository.place_hold([PATIENT_1], hold, HELD)

        assert [*held] == [PATIENT_1]
        assert await _held_until(patient_repository, HOSPITAL) == [NEXT_WEEK, None]

    async def test_a_hold_without_an_end_lasts_for_ever(
        self, care_repository: CareRepository, patient_repository: PatientRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], SAFEGUARDING, HELD)

        assert await _held_until(patient_repository, HOSPITAL) == [date.max, None]

    async def test_a_hold_of_one_organisation_does_not_count_for_another(
        self, care_repository: CareRepository, patient_repository: PatientRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], SAFEGUARDING, HELD)

        assert await _held_until(patient_repository, OTHER_HOSPITAL) == [None, None]

    async def test_a_hold_for_all_organisations_counts_for_each(
        self, care_repository: CareRepository, patient_repository: PatientRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], FOR_ALL, by(Command.HOLD_PATIENTS, None))

        for organisation_id in (HOSPITAL, OTHER_HOSPITAL):
            assert await _held_until(patient_repository, organisation_id) == [date.max, None]

    async def test_of_several_holds_the_longest_counts(
        self, care_repository: CareRepository, patient_repository: PatientRepository
    ) -> None:
        for reason, ends_on in ((HoldReason.DECLINED, TODAY), (HoldReason.IN_CUSTODY, NEXT_WEEK)):
            await care_repository.place_hold([PATIENT_1], Hold(HOSPITAL, reason, TODAY, ends_on), HELD)

        assert await _held_until(patient_repository, HOSPITAL) == [NEXT_WEEK, None]

    async def test_a_hold_that_is_placed_again_changes_nothing(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1, PATIENT_2], SAFEGUARDING, HELD)

        again = await care_repository.place_hold([PATIENT_1, PATIENT_2], SAFEGUARDING, HELD)

        assert [*again] == []
        record = await _record(patient_record_repository)
        assert record.holds == [SAFEGUARDING]
        assert [each.value.element for each in record.changes] == ["hold"]

    async def test_a_hold_takes_a_new_last_day_and_keeps_its_first(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], SAFEGUARDING, HELD)
        later = Hold(HOSPITAL, HoldReason.SAFEGUARDING, NEXT_WEEK, NEXT_WEEK)

        changed = await care_repository.place_hold([PATIENT_1], later, HELD)

        assert [*changed] == [PATIENT_1]
        record = await _record(patient_record_repository)
        assert record.holds == [Hold(HOSPITAL, HoldReason.SAFEGUARDING, TODAY, NEXT_WEEK)]

    async def test_a_hold_revokes_the_open_invitations_of_the_patient_and_no_others(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], SAFEGUARDING, HELD)

        assert await _states(patient_record_repository, NHS_1) == [InvitationState.REVOKED]
        assert await _states(patient_record_repository, NHS_2) == [InvitationState.PENDING]

    async def test_a_hold_of_another_organisation_leaves_the_invitation_open(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        hold = Hold(OTHER_HOSPITAL, HoldReason.SAFEGUARDING, TODAY)

        await care_repository.place_hold([PATIENT_1], hold, by(Command.HOLD_PATIENTS, OTHER_HOSPITAL))

        assert await _states(patient_record_repository, NHS_1) == [InvitationState.PENDING]

    async def test_an_invitation_that_has_expired_is_not_revoked(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        await care_repository.place_hold(
            [PATIENT_1], SAFEGUARDING, Attribution(Command.HOLD_PATIENTS, HOSPITAL, EXPIRY)
        )

        record = await _record(patient_record_repository)
        assert [each.life.state(EXPIRY) for each in record.invitations] == [InvitationState.EXPIRED]

    async def test_a_patient_is_released_from_the_hold_for_a_reason_and_stays_on_others(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        declined = Hold(HOSPITAL, HoldReason.DECLINED, TODAY)
        for hold in (SAFEGUARDING, FOR_ALL, declined):
            await care_repository.place_hold([PATIENT_1], hold, HELD)

        released = await care_repository.release_hold(
            [PATIENT_1, PATIENT_2], HoldReason.SAFEGUARDING, RELEASED
        )

        assert [*released] == [PATIENT_1]
        record = await _record(patient_record_repository)
        assert sorted(record.holds, key=lambda each: each.reason) == [declined, FOR_ALL]

    async def test_a_patient_without_a_hold_is_not_held_any_more(
        self, care_repository: CareRepository, patient_repository: PatientRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], SAFEGUARDING, HELD)

        await care_repository.release_hold([PATIENT_1], HoldReason.SAFEGUARDING, RELEASED)
        again = await care_repository.release_hold([PATIENT_1], HoldReason.SAFEGUARDING, RELEASED)

        assert [*again] == []
        assert await _held_until(patient_repository, HOSPITAL) == [None, None]

    async def test_care_ends_for_one_organisation_and_revokes_its_invitations(
        self,
        care_repository: CareRepository,
        patient_report_repository: PatientReportRepository,
        patient_record_repository: PatientRecordRepository,
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1), organisation_id=OTHER_HOSPITAL)

        ended = await care_repository.end_care([PATIENT_1, STRANGER], HOSPITAL, ENDED)

        assert [*ended] == [PATIENT_1]
        assert (await _record(patient_record_repository)).care == [OTHER_HOSPITAL]
        assert await _states(patient_record_repository, NHS_1) == [InvitationState.REVOKED]
        assert await _states(patient_record_repository, NHS_2) == [InvitationState.PENDING]

    async def test_care_that_has_ended_does_not_end_again(self, care_repository: CareRepository) -> None:
        await care_repository.end_care([PATIENT_1], HOSPITAL, ENDED)

        assert [*await care_repository.end_care([PATIENT_1], HOSPITAL, ENDED)] == []

    async def test_each_change_is_in_the_history_of_the_patient_by_its_command(
        self, care_repository: CareRepository, patient_record_repository: PatientRecordRepository
    ) -> None:
        await care_repository.place_hold([PATIENT_1], SAFEGUARDING, HELD)
        await care_repository.release_hold([PATIENT_1], HoldReason.SAFEGUARDING, RELEASED)
        await care_repository.end_care([PATIENT_1], HOSPITAL, ENDED)

        changes = (await _record(patient_record_repository)).changes
        assert [each.attribution for each in changes] == [HELD, RELEASED, ENDED]
        assert [(each.value.element, each.value.old, each.value.new) for each in changes] == [
            ("hold", None, f"safeguarding from {TODAY}"),
            ("hold", f"safeguarding from {TODAY}", None),
            ("care-relationship", "true", "false"),
        ]

    async def test_5_000_patients_are_held_at_once(
        self,
        care_repository: CareRepository,
        patient_report_repository: PatientReportRepository,
        patient_repository: PatientRepository,
    ) -> None:
        numbers = range(3, 5_003)
        identifiers = [an_identifier(number) for number in numbers]
        await reported(patient_report_repository, *map(a_report, identifiers), first=3)

        held = await care_repository.place_hold([a_patient_id(each) for each in numbers], SAFEGUARDING, HELD)

        found = await patient_repository.find(HOSPITAL, identifiers)
        assert len(held) == 5_000
        assert {each.held_until for each in found.values()} == {date.max}


async def _held_until(patients: PatientRepository, organisation_id: OrganisationId) -> Sequence[date | None]:
    found = await patients.find(organisation_id, [NHS_1, NHS_2])
    return [found[each].held_until for each in (NHS_1, NHS_2)]


async def _record(records: PatientRecordRepository, identifier: PatientIdentifier = NHS_1) -> PatientRecord:
    record = await records.show(identifier)
    assert record is not None
    return record


async def _states(
    records: PatientRecordRepository, identifier: PatientIdentifier
) -> Sequence[InvitationState]:
    record = await _record(records, identifier)
    return [each.life.state(NOW) for each in record.invitations]

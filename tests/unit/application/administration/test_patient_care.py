"""Holds, the end of care, and what is forgotten: which patients of a file are changed."""

from datetime import timedelta

import pytest
from returns.result import Failure, Success

from application.administration.holds import HoldOver
from domain.holds import Hold, HoldReason
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationUnknown
from domain.patient_reports import Contradiction
from domain.patients import NotFound
from tests.builders import (
    CHI,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    TODAY,
    a_patient_id,
    a_report,
    an_identifier,
)
from tests.unit.application.administration.patient_care import PatientCare

NHS_1, NHS_2, NHS_3, NHS_4 = (an_identifier(number, NHS) for number in (1, 2, 3, 4))
CHI_1 = an_identifier(1, CHI)


async def test_the_patients_of_a_file_are_put_on_hold_and_their_invitations_revoked() -> None:
    care = await PatientCare.of(NHS_1, NHS_2, NHS_3)

    held = await care.hold(a_report(NHS_1), a_report(NHS_3))

    assert held == Success(None)
    assert care.changed == [1, 3]
    assert {*care.register.holds.values()} == {Hold(HOSPITAL, HoldReason.DECLINED, TODAY)}
    assert care.revoked == [1, 3]


async def test_a_hold_may_be_for_all_organisations() -> None:
    care = await PatientCare.of(NHS_1)

    await care.hold(a_report(NHS_1), organisation_id=None)

    assert [*care.register.holds.values()] == [Hold(None, HoldReason.DECLINED, TODAY)]


async def test_a_hold_that_is_placed_again_changes_nobody() -> None:
    care = await PatientCare.of(NHS_1, NHS_2)
    await care.hold(a_report(NHS_1))

    await care.hold(a_report(NHS_1), a_report(NHS_2))

    assert (care.changed, care.unchanged) == ([2], 1)


async def test_a_hold_may_end_today_and_not_before() -> None:
    care = await PatientCare.of(NHS_1)

    assert await care.hold(a_report(NHS_1), ends_on=TODAY) == Success(None)
    assert await care.hold(a_report(NHS_1), ends_on=TODAY - timedelta(days=1)) == Failure(HoldOver())


async def test_released_patients_are_on_hold_no_longer_and_their_invitations_stay_revoked() -> None:
    care = await PatientCare.of(NHS_1, NHS_2)
    await care.hold(a_report(NHS_1), a_report(NHS_2))

    await care.release(a_report(NHS_1))

    assert care.changed == [1]
    assert [patient for patient, *_ in care.register.holds] == [a_patient_id(2)]
    assert care.revoked == [1, 2]


async def test_the_hold_of_one_organisation_is_not_released_by_another() -> None:
    care = await PatientCare.of(NHS_1)
    await care.hold(a_report(NHS_1))

    await care.release(a_report(NHS_1), organisation_id=None)

    assert (care.changed, care.unchanged) == ([], 1)
    assert len(care.register.holds) == 1


async def test_the_care_of_the_patients_of_a_file_ends_and_their_invitations_are_revoked() -> None:
    care = await PatientCare.of(NHS_1, NHS_2)

    await care.end_care(a_report(NHS_1))

    assert care.changed == [1]
    assert care.register.care_relationships == {(HOSPITAL, a_patient_id(2))}
    assert care.revoked == [1]


async def test_nothing_is_kept_of_the_patients_who_are_forgotten() -> None:
    care = await PatientCare.of(NHS_1, NHS_2)
    await care.hold(a_report(NHS_1))

    await care.forget(a_report(NHS_1))

    assert care.changed == [1]
    assert [*care.register.known] == [a_patient_id(2)]
    assert (care.register.holds, care.register.changes) == ({}, [])
    assert [each.patient_id for each in care.invitations.invitations] == [a_patient_id(2)]


async def test_rows_that_name_nobody_or_two_patients_are_refused_and_the_others_are_not() -> None:
    care = await PatientCare.of(NHS_1, CHI_1, NHS_2)

    await care.hold(a_report(NHS_4), a_report(NHS_1, CHI_1), a_report(NHS_2))

    assert care.refused == {1: Contradiction.UNKNOWN_PATIENT, 2: Contradiction.SEVERAL_PATIENTS}
    assert care.changed == [3]


async def test_a_patient_who_is_named_twice_is_changed_once() -> None:
    care = await PatientCare.of(NHS_1)

    await care.hold(a_report(NHS_1), a_report(NHS_1))

    assert (care.changed, care.unchanged) == ([1], 0)


async def test_a_file_without_rows_changes_nobody() -> None:
    care = await PatientCare.of(NHS_1)

    await care.hold()

    assert care.chunks == []


async def test_an_unknown_organisation_is_refused() -> None:
    care = await PatientCare.of(NHS_1)

    refused = [
        await care.hold(a_report(NHS_1), organisation_id=OTHER_HOSPITAL),
        await care.release(a_report(NHS_1), organisation_id=OTHER_HOSPITAL),
        await care.end_care(a_report(NHS_1), organisation_id=OTHER_HOSPITAL),
    ]

    assert refused == [Failure(OrganisationUnknown())] * 3
    assert care.register.holds == {}


async def test_an_identifier_is_taken_off_its_patient_whose_invitations_are_revoked() -> None:
    care = await PatientCare.of(NHS_1, NHS_2)

    assert await care.unlink(NHS_1) == Success(a_patient_id(1))
    assert [*care.register.owned] == [NHS_2]
    assert care.revoked == [1]


async def test_a_patient_is_shown_as_at_the_present_moment() -> None:
    care = await PatientCare.of(NHS_1)

    shown = (await care.show(NHS_1)).unwrap()

    assert shown.moment == NOW
    assert shown.record.patient.id == a_patient_id(1)


@pytest.mark.parametrize("identifier", [pytest.param(NHS_2, id="unknown")])
async def test_an_identifier_that_names_nobody_is_neither_unlinked_nor_shown(
    identifier: PatientIdentifier,
) -> None:
    care = await PatientCare.of(NHS_1)

    assert await care.unlink(identifier) == Failure(NotFound())
    assert await care.show(identifier) == Failure(NotFound())

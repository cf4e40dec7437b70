"""Which values of a patient changed."""

from datetime import date

import pytest

from domain.holds import Hold, HoldReason, renewed, restricted_record
from domain.patient_history import ChangedValue, changed_hold, changed_values, ended_care
from domain.patient_reports import KnownPatient
from tests.builders import ADULT, CHI, HOSPITAL, NHS, NOW, TODAY, a_known_patient, an_identifier

NHS_1, NHS_2 = an_identifier(1, NHS), an_identifier(2, NHS)
CHI_1 = an_identifier(1, CHI)
KNOWN = a_known_patient(NHS_1)
OTHER_DAY = date(1981, 5, 2)
DECLINED = Hold(HOSPITAL, HoldReason.DECLINED, TODAY)


@pytest.mark.parametrize(
    ("after", "values"),
    [
        pytest.param(KNOWN, [], id="nothing"),
        pytest.param(
            a_known_patient(NHS_1, date_of_birth=OTHER_DAY),
            [ChangedValue("date-of-birth", str(ADULT), str(OTHER_DAY))],
            id="date-of-birth",
        ),
        pytest.param(
            a_known_patient(NHS_1, date_of_birth=None),
            [ChangedValue("date-of-birth", str(ADULT), None)],
            id="no-date-of-birth",
        ),
        pytest.param(
            a_known_patient(NHS_1, deceased=True, registered=True),
            [ChangedValue("deceased", "false", "true"), ChangedValue("registered", "false", "true")],
            id="two-flags",
        ),
        pytest.param(
            a_known_patient(NHS_2, CHI_1),
            [
                ChangedValue("identifier", f"{NHS.value}|{NHS_1.value}", None),
                ChangedValue("identifier", None, f"{NHS.value}|{NHS_2.value}"),
                ChangedValue("identifier", None, f"{CHI.value}|{CHI_1.value}"),
            ],
            id="identifiers",
        ),
    ],
)
def test_each_value_that_differs_is_a_change(after: KnownPatient, values: list[ChangedValue]) -> None:
    assert [*changed_values(KNOWN, after)] == values


def test_a_repr_shows_no_value() -> None:
    assert repr(ChangedValue("date-of-birth", None, str(ADULT))) == "ChangedValue(<hidden>)"


def test_a_hold_is_written_with_its_days() -> None:
    ended = renewed(DECLINED, Hold(HOSPITAL, HoldReason.DECLINED, OTHER_DAY, TODAY))

    assert changed_hold(None, DECLINED) == ChangedValue("hold", None, f"declined from {TODAY}")
    assert changed_hold(ended, None) == ChangedValue("hold", f"declined from {TODAY} until {TODAY}", None)


def test_the_hold_of_a_restricted_record_is_for_all_organisations_and_has_no_end() -> None:
    assert restricted_record(NOW) == Hold(None, HoldReason.RESTRICTED_RECORD, NOW.date())


def test_care_that_ended_is_a_change_of_the_care_relationship() -> None:
    assert ended_care() == ChangedValue("care-relationship", "true", "false")

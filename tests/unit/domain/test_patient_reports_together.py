"""What several reports of one patient say together."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from returns.result import Failure, Success

from domain.patient_reports import Contradiction, PatientReport, linked, together
from tests.builders import CHI, HCN, NHS, a_report, an_identifier

NHS_1, NHS_2 = an_identifier(1, NHS), an_identifier(2, NHS)
CHI_1 = an_identifier(1, CHI)
HCN_1 = an_identifier(1, HCN)
OTHER_DAY = date(1981, 5, 2)
UNSAID = a_report(date_of_birth=None)


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        pytest.param([UNSAID, UNSAID], UNSAID, id="nothing"),
        pytest.param([UNSAID, a_report()], a_report(), id="a-date-of-birth-once"),
        pytest.param([a_report(), a_report()], a_report(), id="a-date-of-birth-twice"),
        pytest.param([a_report(), a_report(deceased=True)], a_report(deceased=True), id="death-once"),
        pytest.param([a_report(), a_report(deceased=False)], a_report(deceased=False), id="alive-once"),
        pytest.param(
            [a_report(registered=True), a_report(registered=False)],
            a_report(registered=True),
            id="registration-and-none",
        ),
        pytest.param([a_report(), a_report(registered=False)], a_report(registered=False), id="unregistered"),
    ],
)
def test_what_one_report_says_is_said_by_all_in_any_order(
    reports: Sequence[PatientReport], said: PatientReport
) -> None:
    assert [together(each) for each in permutations(reports)] == [Success(said)] * 2


@pytest.mark.parametrize(
    "reports",
    [
        pytest.param([a_report(), a_report(date_of_birth=OTHER_DAY)], id="two-dates-of-birth"),
        pytest.param([a_report(deceased=True), a_report(deceased=False)], id="dead-and-alive"),
        pytest.param([a_report(NHS_1, CHI_1), a_report(NHS_2, CHI_1)], id="two-numbers-of-one-system"),
        pytest.param(
            [a_report(NHS_1, CHI_1, date_of_birth=None), a_report(NHS_1)],
            id="numbers-joined-without-a-date-of-birth",
        ),
    ],
)
def test_reports_that_contradict_each_other_are_refused_in_any_order(
    reports: Sequence[PatientReport],
) -> None:
    refused = [together(each) for each in permutations(reports)]

    assert refused == [Failure(Contradiction.OTHER_ROWS)] * 2


def test_numbers_are_joined_by_reports_that_say_the_date_of_birth() -> None:
    reports = [a_report(NHS_1, CHI_1), a_report(CHI_1, HCN_1), a_report(HCN_1, date_of_birth=None)]

    assert together(reports) == Success(a_report(NHS_1, CHI_1, HCN_1))


def test_the_same_numbers_twice_need_no_date_of_birth() -> None:
    report = a_report(NHS_1, CHI_1, date_of_birth=None)

    assert together([report, report]) == Success(report)


def test_a_number_that_one_report_says_twice_joins_nothing() -> None:
    twice = a_report(NHS_1, NHS_1, date_of_birth=None)

    assert together([twice, a_report(NHS_1, CHI_1)]) == Success(a_report(NHS_1, CHI_1))


def test_reports_that_share_a_number_are_linked() -> None:
    named = [[NHS_1], [NHS_2], [NHS_1]]

    assert sorted(map(list, linked(named))) == [[0, 2], [1]]


def test_the_same_number_in_two_systems_links_nothing() -> None:
    assert sorted(map(list, linked([[NHS_1], [CHI_1]]))) == [[0], [1]]


def test_reports_are_linked_through_other_reports_in_any_order() -> None:
    chain = [[NHS_1], [NHS_1, CHI_1], [CHI_1, HCN_1], [HCN_1]]

    groups = [linked(order) for order in permutations([*chain, [NHS_2]])]

    assert {tuple(sorted(map(len, each))) for each in groups} == {(1, 4)}


def test_no_reports_make_no_groups() -> None:
    assert list(linked([])) == []

"""The list of patients, and its division into requests."""

import pytest
from returns.result import Failure, Success

from domain.identifiers import PatientIdentifier
from domain.mailing.work_list import (
    BadLine,
    ListedIdentifier,
    RepeatedLine,
    batch_key,
    compile_work_list,
    in_batches,
    list_fingerprint,
)
from tests.builders import CHI, an_identifier

ONE, TWO, THREE = map(an_identifier, (1, 2, 3))


def test_each_identifier_occurs_once_at_its_first_position() -> None:
    lines = [Success(ListedIdentifier(line, each)) for line, each in enumerate([TWO, ONE, TWO, TWO], 1)]

    work = compile_work_list(lines)

    assert work.identifiers == (TWO, ONE)
    assert work.repeated == [RepeatedLine(3, 1), RepeatedLine(4, 1)]


def test_the_same_number_in_another_system_is_another_identifier() -> None:
    other = PatientIdentifier(CHI, ONE.value)

    work = compile_work_list([Success(ListedIdentifier(1, ONE)), Success(ListedIdentifier(2, other))])

    assert (work.identifiers, work.repeated) == ((ONE, other), [])


def test_bad_lines_are_listed_and_add_no_patient() -> None:
    bad = BadLine(1, "no number")

    work = compile_work_list([Failure(bad), Success(ListedIdentifier(2, ONE))])

    assert (work.identifiers, work.bad) == ((ONE,), [bad])


@pytest.mark.parametrize(
    ("size", "batches"),
    [
        pytest.param(1, [[ONE], [TWO], [THREE]], id="single"),
        pytest.param(2, [[ONE, TWO], [THREE]], id="a-rest"),
        pytest.param(3, [[ONE, TWO, THREE]], id="just-one"),
    ],
)
def test_batches_follow_the_order_of_the_list(size: int, batches: list[list[PatientIdentifier]]) -> None:
    assert in_batches([ONE, TWO, THREE], size) == batches


def test_an_empty_list_makes_no_batch() -> None:
    assert in_batches([], 500) == []


def test_a_key_is_the_same_for_the_same_batch_of_a_run_alone() -> None:
    key = batch_key("run", [ONE, TWO])

    others = [
        batch_key("another run", [ONE, TWO]),
        batch_key("run", [TWO, ONE]),
        batch_key("run", [ONE]),
        batch_key("run", [ONE, PatientIdentifier(CHI, TWO.value)]),
    ]

    assert key == batch_key("run", [ONE, TWO])
    assert key not in others


def test_a_list_differs_from_one_for_another_purpose() -> None:
    fingerprint = list_fingerprint("run", "invite", [ONE])

    assert fingerprint == list_fingerprint("run", "invite", [ONE])
    assert fingerprint != list_fingerprint("run", "ask", [ONE])
    assert fingerprint != list_fingerprint("run", "invite", [TWO])

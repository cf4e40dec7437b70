"""The list of patients, and its division into requests."""

import pytest
from returns.result import Failure, Success

from domain.identifiers import PatientIdentifier
from domain.mailing.work_list import (
    BadLine,
    ListedIdentifier,
    RepeatedLine,
    WorkPart,
    batch_key,
    compile_work_list,
    differing_parts,
    in_batches,
    work_fingerprint,
)
from tests.builders import CHI, an_identifier

ONE, TWO, THREE = map(an_identifier, (1, 2, 3))
INVITE = {WorkPart.OPERATION: "invite", WorkPart.SERVICE: "https://a", WorkPart.JOIN_URL: "https://j"}


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
    fingerprint = work_fingerprint("run", INVITE, [ONE])

    assert fingerprint == work_fingerprint("run", INVITE, [ONE])
    assert fingerprint != work_fingerprint("another run", INVITE, [ONE])
    assert ONE.value not in fingerprint


@pytest.mark.parametrize(
    ("purpose", "identifiers", "differing"),
    [
        pytest.param(INVITE, [ONE], [], id="the-same"),
        pytest.param(INVITE, [TWO], [WorkPart.IDENTIFIERS], id="identifiers"),
        pytest.param({**INVITE, WorkPart.SERVICE: "https://b"}, [ONE], [WorkPart.SERVICE], id="service"),
        pytest.param(
            {WorkPart.OPERATION: "ask", WorkPart.SERVICE: "https://a"},
            [TWO],
            [WorkPart.OPERATION, WorkPart.JOIN_URL, WorkPart.IDENTIFIERS],
            id="a-part-is-missing",
        ),
    ],
)
def test_works_differ_in_their_parts(
    purpose: dict[WorkPart, str], identifiers: list[PatientIdentifier], differing: list[WorkPart]
) -> None:
    started = work_fingerprint("run", INVITE, [ONE])

    assert differing_parts(started, work_fingerprint("run", purpose, identifiers)) == differing

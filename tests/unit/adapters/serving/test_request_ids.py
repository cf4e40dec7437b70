"""The id of a request."""

from uuid import UUID

import pytest

from adapters.serving.request_log import request_id


@pytest.mark.parametrize("offered", ["a", "2027-01.A_z", "x" * 64, "b6d3-99900000181", "a9990000018"])
def test_the_callers_own_id_is_used(offered: str) -> None:
    assert request_id([offered]) == offered


@pytest.mark.parametrize(
    "offered",
    [
        pytest.param("", id="empty"),
        pytest.param("x" * 65, id="too_long"),
        pytest.param("9990000018", id="maybe_a_patient"),
        pytest.param("letter-9990000018", id="maybe_a_patient_at_the_end"),
        pytest.param("9990000018.2", id="maybe_a_patient_at_the_start"),
        pytest.param("one two", id="space"),
        pytest.param('{"level":"ERROR"}', id="json"),
        pytest.param("caf\N{LATIN SMALL LETTER E WITH ACUTE}", id="not_ascii"),
    ],
)
def test_an_id_is_made_if_the_callers_is_unusable(offered: str) -> None:
    made = request_id([offered])

    assert str(UUID(made)) == made


def test_the_first_usable_id_counts() -> None:
    assert request_id(["one two", "second", "third"]) == "second"


def test_each_made_id_is_another() -> None:
    assert len({request_id([]) for _ in range(10)}) == 10

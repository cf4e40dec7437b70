import pytest

from tests.builders import a_record


def test_a_repr_shows_nothing() -> None:
    assert repr(a_record()) == "PatientRecord(<hidden>)"


@pytest.mark.parametrize(
    ("earlier", "later", "known"),
    [
        pytest.param(True, None, True, id="nothing-said-after-a-registration"),
        pytest.param(False, None, False, id="nothing-said-after-no-registration"),
        pytest.param(None, None, None, id="nothing-said-ever"),
        pytest.param(True, False, False, id="registration-taken-back"),
        pytest.param(None, True, True, id="registration-after-silence"),
    ],
)
def test_a_later_record_counts_if_it_holds_the_registration(
    earlier: bool | None,  # noqa: FBT001 - a case of the table
    later: bool | None,  # noqa: FBT001 - a case of the table
    known: bool | None,  # noqa: FBT001 - a case of the table
) -> None:
    record = a_record(registered=later).superseding(a_record(registered=earlier))

    assert record.registered is known


def test_a_later_record_counts_in_all_else() -> None:
    later = a_record(registered=None, deceased=True, date_of_birth=None)

    record = later.superseding(a_record(registered=True))

    assert record == a_record(registered=True, deceased=True, date_of_birth=None)

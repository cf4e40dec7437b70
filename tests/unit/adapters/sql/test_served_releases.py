"""Which releases a schema serves."""

import pytest

from adapters.sql.schema import AppliedRevision, oldest_served


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        pytest.param({"1": "1"}, "1", id="its-own"),
        pytest.param({"1": "1", "2": "1"}, "1", id="the-one-before"),
        pytest.param({"1": "1", "2": "1", "3": "1"}, "1", id="the-first-of-three"),
        pytest.param({"1": "1", "2": "1", "3": "2"}, "2", id="the-one-before-alone"),
        pytest.param({"1": "1", "2": "2", "3": "1"}, "2", id="not-what-an-earlier-one-gave-up"),
        pytest.param({"1": "1", "2": None, "3": "2"}, "2", id="nothing-declared-between"),
        pytest.param({"1": "1", "2": "1", "3": None}, "3", id="nothing-declared"),
        pytest.param({"9": "9", "10": "9"}, "9", id="in-the-order-applied-not-of-their-names"),
    ],
)
def test_a_schema_serves_the_releases_that_all_its_revisions_serve(
    declared: dict[str, str | None], expected: str
) -> None:
    applied = [AppliedRevision(revision, oldest) for revision, oldest in declared.items()]

    assert oldest_served(applied) == expected

from application.administration.seen_names import SeenNames

NAMES = [("system", f"{number:010}") for number in range(10_000)]


def test_a_name_is_seen_once_it_was_added() -> None:
    seen = SeenNames()

    added = [seen.add("a"), seen.add("b"), seen.add("a")]

    assert added == [False, False, True]
    assert [name in seen for name in "abc"] == [True, True, False]


def test_names_that_occur_once_are_not_taken_for_seen() -> None:
    seen = SeenNames()

    assert [name for name in NAMES if seen.add(name)] == []


def test_no_name_that_was_seen_is_forgotten() -> None:
    seen = SeenNames()
    for name in NAMES:
        seen.add(name)

    assert all(name in seen for name in NAMES)
    assert all(seen.add(name) for name in NAMES)

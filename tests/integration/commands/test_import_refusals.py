"""Rows that are refused: the line, the rule and what to do, without a value; the others are imported."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.sql.tables import patient, patient_identifier
from tests.builders import HOSPITAL, OTHER_HOSPITAL, an_nhs_number
from tests.integration.commands.shell import Outcome
from tests.integration.sql.rows import rows

HEADER = "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered"
ONE, TWO, THREE = map(an_nhs_number, (1, 2, 3))
OTHER_ROW = "another row of this file says something else of this patient. Check both."


@pytest.fixture
def import_(command: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Give what imports lines of CSV behind the header, by one hospital or the other."""

    def run(*lines: str, organisation: object = HOSPITAL) -> Outcome:
        file = tmp_path / "patients.csv"
        file.write_text("\n".join([HEADER, *lines]))
        return command("patients", "import", str(file), "--organisation", str(organisation))

    return run


def _known(url: str) -> list[tuple[date | None, bool]]:
    """Read the date of birth of each patient, and whether they have died."""

    async def read() -> list[tuple[date | None, bool]]:
        known = await rows(url, select(patient.c.date_of_birth, patient.c.deceased))
        return sorted((each.date_of_birth, each.deceased) for each in known)

    return asyncio.run(read())


def _owners(url: str) -> dict[str, int]:
    """Read how many identifiers each patient has, by one of their numbers."""

    async def read() -> dict[str, int]:
        owned = await rows(url, select(patient_identifier.c.value, patient_identifier.c.patient_id))
        counts = Counter(each.patient_id for each in owned)
        return {each.value: counts[each.patient_id] for each in owned}

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("known", "line", "rule", "sentence"),
    [
        pytest.param(
            f"{ONE},,,1984-02-29,,",
            f"{ONE},,,1984-03-01,,",
            "other-date-of-birth",
            "another date of birth is known for this patient. If the file is right, run patients correct.",
            id="another-date-of-birth",
        ),
        pytest.param(
            f"{ONE},,,,true,",
            f"{ONE},,,,false,",
            "reported-alive",
            "this patient is known to have died. If the file is right, run patients correct.",
            id="alive-after-death",
        ),
        pytest.param(
            f"{ONE},,,,,\n,{TWO},,,,",
            f"{ONE},{TWO},,,,",
            "several-patients",
            "its identifiers belong to different patients. Check the numbers.",
            id="two-patients",
        ),
        pytest.param(
            f"{ONE},{TWO},,1984-02-29,,",
            f"{THREE},{TWO},,1984-02-29,,",
            "second-number",
            "the patient would have a second number of one system. Check the numbers.",
            id="second-number",
        ),
        pytest.param(
            f"{ONE},,,1984-02-29,,",
            f"{ONE},{TWO},,,,",
            "unconfirmed-identifier",
            "a new number joins a known patient only with the date of birth that is known. "
            "Add the date of birth, or check the numbers.",
            id="one-more-number",
        ),
        pytest.param(
            f"{ONE},,,,,",
            "9999999999,,,,,",
            "placeholder-number",
            "ten equal digits are a placeholder. Leave the number out if it is not known.",
            id="placeholder",
        ),
        pytest.param(
            f"{ONE},,,,,",
            f"{TWO},,,1753-01-01,,",
            "implausible-date-of-birth",
            "the date of birth is before 1880 or after today. Leave it empty if it is not known.",
            id="implausible-date-of-birth",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_by_line_and_the_others_are_imported(
    import_: Callable[..., Outcome], known: str, line: str, rule: str, sentence: str
) -> None:
    import_(known)

    outcome = import_(line, f",,{THREE},,,", organisation=OTHER_HOSPITAL)

    assert outcome == Outcome(
        1,
        f"Imported 1 of 2 rows; 0 said nothing new.\nRefused 1: {rule}.\n",
        f"line 2: {sentence}\ninvitations: 1 row was not imported\n",
    )


def test_an_import_done_again_refuses_the_same_rows_and_changes_nothing(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    lines = [f"{ONE},,,1984-02-29,,", f"{TWO},,,1984-02-29,,", f"{TWO},,,1984-03-01,,", "x,,,,,"]
    first = import_(*lines)
    before = _known(ready_url)

    again = import_(*lines)

    assert _known(ready_url) == before
    assert again.error == first.error
    assert again.output == first.output.replace("Imported 1 of 4 rows; 0", "Imported 0 of 4 rows; 1")


def test_the_summary_counts_what_was_refused_by_rule(import_: Callable[..., Outcome]) -> None:
    outcome = import_(
        f"{ONE},,,1984-02-29,,", f"{ONE},,,1984-03-01,,", "9999999999,,,,,", "0000000000,,,,,", "1,,,,,"
    )

    assert outcome == Outcome(
        1,
        "Imported 0 of 5 rows; 0 said nothing new.\nRefused 2: other-rows.\nRefused 2: placeholder-number.\n",
        f"line 2: {OTHER_ROW}\n"
        f"line 3: {OTHER_ROW}\n"
        "line 4: ten equal digits are a placeholder. Leave the number out if it is not known.\n"
        "line 5: ten equal digits are a placeholder. Leave the number out if it is not known.\n"
        "line 6: nhs_number is not ten digits with a right check digit\n"
        "invitations: 5 rows were not imported\n",
    )


@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["in-order", "reversed"])
def test_two_nhs_numbers_with_one_chi_number_are_refused_in_any_order(
    import_: Callable[..., Outcome], ready_url: str, order: Sequence[int]
) -> None:
    lines = ["9990000115,1503650030,,1960-01-01,,", "9990000123,1503650030,,1970-07-07,,"]

    outcome = import_(*(lines[each] for each in order))

    assert outcome.error.splitlines() == [
        f"line 2: {OTHER_ROW}",
        f"line 3: {OTHER_ROW}",
        "invitations: 2 rows were not imported",
    ]
    assert _owners(ready_url) == {}


def test_two_nhs_numbers_with_one_chi_number_are_refused_when_the_first_is_known(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    import_("9990000115,1503650030,,1960-01-01,,")

    outcome = import_("9990000123,1503650030,,1970-07-07,,", organisation=OTHER_HOSPITAL)

    assert outcome.code == 1
    assert _owners(ready_url) == {"9990000115": 2, "1503650030": 2}
    assert _known(ready_url) == [(date(1960, 1, 1), False)]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["dead-first", "dead-last"])
def test_a_row_that_says_nothing_of_death_leaves_the_patient_dead(
    import_: Callable[..., Outcome], ready_url: str, order: Sequence[int]
) -> None:
    lines = ["9990000018,,,1950-01-01,true,", "9990000018,,,1950-01-01,,"]

    outcome = import_(*(lines[each] for each in order))

    assert outcome == Outcome(0, "Imported 2 of 2 rows; 0 said nothing new.\n", "")
    assert _known(ready_url) == [(date(1950, 1, 1), True)]


def test_rows_with_one_placeholder_and_different_numbers_make_no_patient(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    outcome = import_(f"9999999999,{ONE},,1960-01-01,,", f"9999999999,{TWO},,1970-07-07,,")

    assert outcome.code == 1
    assert _owners(ready_url) == {}


def test_a_second_import_that_says_nothing_takes_nothing_back(
    import_: Callable[..., Outcome], ready_url: str
) -> None:
    import_(f"{ONE},,,1984-02-29,true,true")

    outcome = import_(f"{ONE},,,unknown,,false", organisation=OTHER_HOSPITAL)

    assert outcome == Outcome(0, "Imported 0 of 1 rows; 1 said nothing new.\n", "")
    assert _known(ready_url) == [(date(1984, 2, 29), True)]

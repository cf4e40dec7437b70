"""The steps of an operator before the first call, each as a process, on the default database."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import HOSPITAL, OTHER_HOSPITAL, an_nhs_number
from tests.integration.commands.shell import Outcome, ended, started
from tests.integration.sql.revisions import NEWEST

HEADER = "nhs_number,chi_number,health_and_care_number,date_of_birth,deceased,registered"
STEPS = [
    {"upgrade": ["db", "upgrade"]},
    {"add": ["organisations", "add", str(HOSPITAL), "--name", "St Mary's Hospital"]},
    {
        "add-again": ["organisations", "add", str(HOSPITAL), "--name", "Another name"],
        "grant": ["clients", "grant", "mail-house", str(HOSPITAL)],
        "grant-redemption": ["clients", "grant-redemption", "portal"],
        "grant-unknown": ["clients", "grant", "mail-house", str(OTHER_HOSPITAL)],
        "import": ["patients", "import", "patients.csv", "--organisation", str(HOSPITAL)],
    },
    {"list": ["clients", "list"], "wrong-argument": ["clients", "grant", "mail-house", "no-uuid"]},
    {
        "revoke": ["clients", "revoke", "mail-house", str(HOSPITAL)],
        "revoke-redemption": ["clients", "revoke-redemption", "portal"],
    },
]
"""One after the other; the commands of a step at the same time."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("operator")
    (directory / "patients.csv").write_text(f"{HEADER}\n{an_nhs_number(1)},,,,,\nXanthippe,,,,,\n")
    return directory


@pytest.fixture(scope="module")
def outcomes(directory: Path) -> Mapping[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for step in STEPS:
        processes = {name: started(directory, *arguments) for name, arguments in step.items()}
        outcomes.update({name: ended(process) for name, process in processes.items()})
    return outcomes


@pytest.mark.parametrize(
    ("step", "output"),
    [
        pytest.param("upgrade", f"The database is at revision {NEWEST}.\n", id="upgrade"),
        pytest.param("add", f"Added organisation {HOSPITAL}, St Mary's Hospital.\n", id="add"),
        pytest.param("grant", f"Client mail-house may act for organisation {HOSPITAL}.\n", id="grant"),
        pytest.param("grant-redemption", "Client portal may redeem invitations.\n", id="grant-redemption"),
        pytest.param(
            "revoke-redemption", "Client portal may no longer redeem invitations.\n", id="revoke-redemption"
        ),
        pytest.param("list", f"mail-house\t{HOSPITAL}\nportal\tredemption\n", id="list"),
        pytest.param(
            "revoke", f"Client mail-house may no longer act for organisation {HOSPITAL}.\n", id="revoke"
        ),
    ],
)
def test_a_command_that_succeeds_reports_its_result(
    outcomes: Mapping[str, Outcome], step: str, output: str
) -> None:
    assert outcomes[step] == Outcome(0, output, "")


@pytest.mark.parametrize(
    ("step", "error"),
    [
        pytest.param(
            "add-again", f"organisation {HOSPITAL} already exists; nothing was changed", id="add-again"
        ),
        pytest.param(
            "grant-unknown", f"there is no organisation {OTHER_HOSPITAL}; add it first", id="grant-unknown"
        ),
    ],
)
def test_a_command_that_fails_prints_the_reason_and_exits_1(
    outcomes: Mapping[str, Outcome], step: str, error: str
) -> None:
    assert outcomes[step] == Outcome(1, "", f"invitations: {error}\n")


def test_a_misused_command_prints_its_usage_and_exits_2(outcomes: Mapping[str, Outcome]) -> None:
    assert outcomes["wrong-argument"] == Outcome(
        2,
        "",
        "invitations: Invalid value for 'UUID': an organisation id is a UUID such as "
        "235a397b-1ae8-4755-9c77-1a0e2fbc5314\n",
    )


def test_an_import_with_bad_rows_reports_them_imports_the_others_and_exits_1(
    outcomes: Mapping[str, Outcome],
) -> None:
    assert outcomes["import"] == Outcome(
        1,
        "Imported 1 of 2 rows; 0 said nothing new.\n",
        "line 3: nhs_number is not ten digits with a right check digit\n"
        "invitations: 1 row was not imported\n",
    )


def test_without_a_setting_the_database_is_a_file_in_the_directory(
    directory: Path, outcomes: Mapping[str, Outcome]
) -> None:
    with closing(sqlite3.connect(directory / "invitations.db")) as database:
        names = database.execute("SELECT name FROM organisation").fetchall()

    assert names == [("St Mary's Hospital",)]

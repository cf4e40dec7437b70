"""The release before: a database of its own, filled by its own commands, and its subjects.

Its tables may differ from those of this release, so only its commands know how to fill them.
"""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from benchmarks.access import ORGANISATION, Access
from benchmarks.database_server import DatabaseServer
from benchmarks.import_and_invite import invitations
from benchmarks.patients import write_invitable_patients
from benchmarks.plan import Plan
from benchmarks.releases import Release
from entrypoints.demo.service import CLIENT_ID

DATABASE = "bench_before"


class Before(Struct, frozen=True):
    """An installed release, and the settings of its services on its database."""

    release: Release
    settings: Mapping[str, str]


async def filled_before(
    server: DatabaseServer, access: Access, directory: Path, plan: Plan, release: Release
) -> Before:
    """Give the release a database with as many patients as this one's, all of whom may be invited."""
    settings = access.settings_on(server.sqlalchemy_url(DATABASE))
    file = directory / "before.csv"
    write_invitable_patients(file, plan.rows)
    await server.execute(f"CREATE DATABASE {DATABASE}")
    for command in (
        ("db", "upgrade"),
        ("organisations", "add", ORGANISATION, "--name", "Benchmark Hospital"),
        ("clients", "grant", CLIENT_ID, ORGANISATION),
        ("patients", "import", str(file), "--organisation", ORGANISATION),
    ):
        invitations(settings, *command, python=release.python)
    file.unlink()
    await server.execute("VACUUM (ANALYZE)", "CHECKPOINT", database=DATABASE)
    return Before(release, settings)

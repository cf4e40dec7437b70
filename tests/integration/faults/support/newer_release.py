"""A newer release: a copy of the source with one more revision of the schema."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.integration.architecture.source import SOURCE
from tests.integration.sql.revisions import NEWEST

NEXT = "9999"
"""The revision of the newer one."""

_REVISION = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NEWEST}"
oldest_served = "%s"

TABLES = ("patient", "patient_identifier", "care_relationship", "invitation", "audit_event", "client_grant")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("note", sa.Text))
        op.create_index(f"ix_{{table}}_note", table, ["note"])
"""


def newer_release(directory: Path, *, oldest_served: str) -> Mapping[str, str]:
    """Make it; give the environment in which a command or a service is of this release."""
    source = directory / f"serves-{oldest_served}"
    shutil.copytree(SOURCE, source)
    revisions = source / "adapters" / "sql" / "migrations" / "versions"
    (revisions / f"{NEXT}_next.py").write_text(_REVISION % oldest_served)
    return {"PYTHONPATH": f"{source}"}

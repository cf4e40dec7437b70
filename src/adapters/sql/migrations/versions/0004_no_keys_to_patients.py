"""Identifiers and care relationships without foreign keys to their patients."""

from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = ("patient_identifier", "care_relationship")


def upgrade() -> None:
    """Drop the keys; SQLite can only copy a table to change it."""
    for table in _TABLES:
        with op.batch_alter_table(table) as change:
            change.drop_constraint(f"fk_{table}_patient_id", type_="foreignkey")


def downgrade() -> None:
    """Bring the keys back; PostgreSQL then checks every row."""
    for table in _TABLES:
        with op.batch_alter_table(table) as change:
            change.create_foreign_key(f"fk_{table}_patient_id", "patient", ["patient_id"], ["id"])

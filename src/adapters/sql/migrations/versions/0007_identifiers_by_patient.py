"""Identifiers found by their patient, so that a report can be compared with all that a patient has."""

from alembic import op

revision = "0007"
down_revision = "0006"
oldest_served = "0005"

_INDEX = "ix_patient_identifier_patient_id"


def upgrade() -> None:
    """Add the index; on a large table it is made beforehand by CREATE INDEX CONCURRENTLY."""
    op.create_index(_INDEX, "patient_identifier", ["patient_id"], if_not_exists=True)


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(_INDEX, "patient_identifier")

"""Invitations without a foreign key to their patients."""

from alembic import op

revision = "0006"
down_revision = "0005"
oldest_served = "0005"

_KEY = "fk_invitation_patient_id"


def upgrade() -> None:
    """Drop the key; SQLite can only copy the table to change it."""
    with op.batch_alter_table("invitation") as change:
        change.drop_constraint(_KEY, type_="foreignkey")


def downgrade() -> None:
    """Bring the key back; PostgreSQL then checks every row."""
    with op.batch_alter_table("invitation") as change:
        change.create_foreign_key(_KEY, "patient", ["patient_id"], ["id"])

"""Holds, the history of what is known of patients, and audit events for administrative commands."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
oldest_served = "0005"

_moment = sa.DateTime(timezone=True)
_row_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, and the columns for the first report and for holds."""
    op.add_column("patient", sa.Column("first_reported_at", _moment))
    op.add_column("patient", sa.Column("first_reported_by", sa.Uuid))
    op.add_column("patient", sa.Column("has_holds", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "patient_hold",
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.PrimaryKeyConstraint("patient_id", "organisation_id", "reason", name="pk_patient_hold"),
    )
    op.create_table(
        "patient_change",
        sa.Column("id", _row_number, sa.Identity(), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("organisation_id", sa.Uuid),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("recorded_at", _moment, nullable=False),
        sa.Column("element", sa.Text, nullable=False),
        sa.Column("old_value", sa.Text),
        sa.Column("new_value", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_patient_change"),
    )
    op.create_index("ix_patient_change_patient_id", "patient_change", ["patient_id"])
    _make_command_events()


def _make_command_events() -> None:
    op.create_table(
        "command_event",
        sa.Column("id", _row_number, sa.Identity(), nullable=False),
        sa.Column("command_id", sa.Uuid, nullable=False),
        sa.Column("recorded_at", _moment, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid),
        sa.Column("client_id", sa.Text),
        sa.Column("file_digest", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("patients", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_command_event"),
    )
    op.create_index("ix_command_event_recorded_at", "command_event", ["recorded_at"])


def downgrade() -> None:
    """Drop them, with all holds and the whole history."""
    op.drop_table("command_event")
    op.drop_table("patient_change")
    op.drop_table("patient_hold")
    op.drop_column("patient", "has_holds")
    op.drop_column("patient", "first_reported_by")
    op.drop_column("patient", "first_reported_at")

"""Audit events tell the operation and its outcome, and may lack an organisation."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# stands for a missing organisation where the column takes no NULL
_NONE = UUID(int=0)
_organisation_id = sa.column("organisation_id", sa.Uuid)
_event = sa.table("audit_event", _organisation_id)


def upgrade() -> None:
    """Add what refused calls need; the events so far are of calls that were carried out."""
    with op.batch_alter_table("audit_event") as table:
        table.add_column(
            sa.Column("operation", sa.Text, nullable=False, server_default="generate-invitation-tokens")
        )
        table.add_column(sa.Column("outcome", sa.Text, nullable=False, server_default="carried-out"))
        table.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=True)
    with op.batch_alter_table("audit_event") as table:
        table.alter_column("operation", existing_type=sa.Text(), server_default=None)
        table.alter_column("outcome", existing_type=sa.Text(), server_default=None)
        table.create_index("ix_audit_event_recorded_at", ["recorded_at"])
    op.execute(sa.update(_event).where(_organisation_id == _NONE).values(organisation_id=None))


def downgrade() -> None:
    """Take the columns away; the events stay, refused ones too."""
    op.execute(sa.update(_event).where(_organisation_id.is_(None)).values(organisation_id=_NONE))
    with op.batch_alter_table("audit_event") as table:
        table.drop_index("ix_audit_event_recorded_at")
        table.drop_column("operation")
        table.drop_column("outcome")
        table.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=False)

"""Revoked batches, the reasons of calls, how long requests are kept, and counts of deleted invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
oldest_served = "0005"

_moment = sa.DateTime(timezone=True)
_row_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns, which stay empty in rows of earlier releases, and the table."""
    op.add_column("audit_event", sa.Column("batch_id", sa.Uuid))
    op.add_column("audit_event", sa.Column("reason", sa.Text))
    op.add_column("remembered_request", sa.Column("kept_until", _moment))
    op.add_column("remembered_request", sa.Column("revoked_at", _moment))
    op.create_table(
        "deleted_invitation",
        sa.Column("id", _row_number, sa.Identity(), nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("claimed", sa.Boolean, nullable=False),
        sa.Column("redeemed", sa.Boolean, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("days_to_redeem", sa.Integer),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deleted_invitation"),
    )


def downgrade() -> None:
    """Drop them, with the counts of deleted invitations; a revoked batch can be sent again."""
    op.drop_table("deleted_invitation")
    op.drop_column("remembered_request", "revoked_at")
    op.drop_column("remembered_request", "kept_until")
    op.drop_column("audit_event", "reason")
    op.drop_column("audit_event", "batch_id")

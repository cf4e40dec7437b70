"""Requests that may be sent again are remembered, and audit events tell which one was answered again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, and the column."""
    op.create_table(
        "remembered_request",
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("key_digest", sa.LargeBinary, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("issued_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("client_id", "organisation_id", "key_digest", name="pk_remembered_request"),
    )
    op.create_index("ix_remembered_request_issued_at", "remembered_request", ["issued_at"])
    op.add_column("audit_event", sa.Column("replayed_request_id", sa.Uuid))


def downgrade() -> None:
    """Take them away; what was asked for once can then not be asked for again."""
    with op.batch_alter_table("audit_event") as table:
        table.drop_column("replayed_request_id")
    op.drop_table("remembered_request")

"""Claims, redemption and revocation of invitations, and the policies of grants and organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
oldest_served = "0005"

_moment = sa.DateTime(timezone=True)
_row_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables and columns; on large tables the indexes are made beforehand, concurrently."""
    op.add_column("organisation", sa.Column("disabled_at", _moment))
    op.add_column("client_grant", sa.Column("lifetime_days", sa.Integer))
    op.create_table(
        "redemption_grant",
        sa.Column("client_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_redemption_grant"),
    )
    op.add_column("invitation", sa.Column("revoked_reason", sa.Text))
    op.add_column("invitation", sa.Column("failed_attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("invitation", sa.Column("claim_digest", sa.LargeBinary))
    op.add_column("invitation", sa.Column("claimed_at", _moment))
    op.add_column("invitation", sa.Column("claim_expires_at", _moment))
    op.add_column("invitation", sa.Column("claimed_by", sa.Text))
    op.create_index(
        "ix_invitation_claim_digest",
        "invitation",
        ["claim_digest"],
        unique=True,
        postgresql_where=sa.text("claim_digest IS NOT NULL"),
        sqlite_where=sa.text("claim_digest IS NOT NULL"),
    )
    op.create_index("ix_invitation_patient_id", "invitation", ["patient_id"], if_not_exists=True)
    op.create_table(
        "failed_claim",
        sa.Column("id", _row_number, sa.Identity(), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("invitation_id", sa.BigInteger, nullable=False),
        sa.Column("failed_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_claim"),
    )
    op.create_index("ix_failed_claim_patient_id", "failed_claim", ["patient_id"])
    op.create_index("ix_audit_event_request_id", "audit_event", ["request_id"], if_not_exists=True)


def downgrade() -> None:
    """Drop them: what was redeemed or revoked stays so, without the claim and the reason."""
    op.drop_index("ix_audit_event_request_id", "audit_event")
    op.drop_table("failed_claim")
    op.drop_index("ix_invitation_patient_id", "invitation")
    op.drop_index("ix_invitation_claim_digest", "invitation")
    for column in (
        "claimed_by",
        "claim_expires_at",
        "claimed_at",
        "claim_digest",
        "failed_attempts",
        "revoked_reason",
    ):
        op.drop_column("invitation", column)
    op.drop_table("redemption_grant")
    op.drop_column("client_grant", "lifetime_days")
    op.drop_column("organisation", "disabled_at")

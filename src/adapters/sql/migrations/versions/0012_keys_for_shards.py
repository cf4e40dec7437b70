"""Keys that one shard can decide: of invitations the code digest, of audit events the request.

SQLite keeps its keys: there the number of a row is the table itself, and costs no index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
oldest_served = "0005"

_IS_CLAIMED = sa.text("claim_digest IS NOT NULL")


def upgrade() -> None:
    """Move the keys; on large tables the indexes are made beforehand, concurrently."""
    with op.batch_alter_table("failed_claim") as change:
        change.add_column(sa.Column("code_digest", sa.LargeBinary))
        change.alter_column("invitation_id", existing_type=sa.BigInteger, nullable=True)
    _index_claims("ix_invitation_claim", unique=False)
    op.drop_index("ix_invitation_claim_digest", "invitation")
    if op.get_context().dialect.name == "postgresql":
        _key_by_code()
        _key_by_request()


def downgrade() -> None:
    """Bring the earlier keys back; PostgreSQL then makes their indexes."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("pk_audit_event", "audit_event")
        op.create_primary_key("pk_audit_event", "audit_event", ["id"])
        op.create_index("ix_audit_event_request_id", "audit_event", ["request_id"])
        op.drop_index("ix_invitation_id", "invitation")
        op.drop_constraint("uq_invitation_code_digest", "invitation")
        op.create_primary_key("pk_invitation", "invitation", ["id"])
        op.create_unique_constraint("uq_invitation_code_digest", "invitation", ["code_digest"])
    _index_claims("ix_invitation_claim_digest", unique=True)
    op.drop_index("ix_invitation_claim", "invitation")
    # the number of an invitation that is no longer there is that of none
    op.execute(
        "UPDATE failed_claim SET invitation_id = coalesce((SELECT invitation.id FROM invitation "
        "WHERE invitation.code_digest = failed_claim.code_digest), 0) WHERE invitation_id IS NULL"
    )
    with op.batch_alter_table("failed_claim") as change:
        change.alter_column("invitation_id", existing_type=sa.BigInteger, nullable=False)
        change.drop_column("code_digest")


def _index_claims(name: str, *, unique: bool) -> None:
    op.create_index(
        name,
        "invitation",
        ["claim_digest"],
        unique=unique,
        postgresql_where=_IS_CLAIMED,
        sqlite_where=_IS_CLAIMED,
        if_not_exists=True,
    )


def _key_by_code() -> None:
    # it reads invitations by their numbers, which this index finds and hardly costs an insert
    op.create_index("ix_invitation_id", "invitation", ["id"], postgresql_using="brin", if_not_exists=True)
    op.create_index("uq_invitation_code", "invitation", ["code_digest"], unique=True, if_not_exists=True)
    op.drop_constraint("pk_invitation", "invitation")
    op.drop_constraint("uq_invitation_code_digest", "invitation")
    # the release before knows a collision of codes by this name
    op.execute(
        "ALTER TABLE invitation ADD CONSTRAINT uq_invitation_code_digest "
        "PRIMARY KEY USING INDEX uq_invitation_code"
    )


def _key_by_request() -> None:
    op.create_index(
        "uq_audit_event_request", "audit_event", ["request_id", "id"], unique=True, if_not_exists=True
    )
    op.drop_constraint("pk_audit_event", "audit_event")
    op.execute(
        "ALTER TABLE audit_event ADD CONSTRAINT pk_audit_event PRIMARY KEY USING INDEX uq_audit_event_request"
    )
    op.drop_index("ix_audit_event_request_id", "audit_event")

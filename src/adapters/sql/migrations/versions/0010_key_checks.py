"""A check value of each key id, so that two processes cannot use different keys under one id."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
oldest_served = "0005"


def upgrade() -> None:
    """Make the table; the service stores the check values."""
    op.create_table(
        "key_check",
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("check_value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_key_check"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("key_check")

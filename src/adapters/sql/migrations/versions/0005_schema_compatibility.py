"""The schema says which releases it serves, for those that do not know its revision."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
oldest_served = "0005"


def upgrade() -> None:
    """Make the table; `Schema` keeps its one row."""
    op.create_table(
        "schema_compatibility",
        sa.Column("oldest_served", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("oldest_served", name="pk_schema_compatibility"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("schema_compatibility")

"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_row_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )
    op.create_table(
        "client_grant",
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("client_id", "organisation_id", name="pk_client_grant"),
        _reference("client_grant", "organisation"),
    )
    _create_patient_tables()
    _create_invitation()
    _create_audit_event()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "audit_event",
        "invitation",
        "care_relationship",
        "patient_identifier",
        "patient",
        "client_grant",
        "organisation",
    ):
        op.drop_table(table)


def _create_patient_tables() -> None:
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("deceased", sa.Boolean, nullable=False),
        sa.Column("registered_at", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_patient"),
    )
    op.create_table(
        "patient_identifier",
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("system", "value", name="pk_patient_identifier"),
        _reference("patient_identifier", "patient"),
    )
    op.create_table(
        "care_relationship",
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "patient_id", name="pk_care_relationship"),
        _reference("care_relationship", "patient"),
    )


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", _row_number, sa.Identity(), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("code_digest", sa.LargeBinary, nullable=False),
        sa.Column("token_digest", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("issued_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("redeemed_at", _moment),
        sa.Column("revoked_at", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("code_digest", name="uq_invitation_code_digest"),
        _reference("invitation", "patient"),
    )


def _create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", _row_number, sa.Identity(), nullable=False),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("recorded_at", _moment, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("issued", sa.Integer, nullable=False),
        sa.Column("omitted", sa.JSON, nullable=False),
        sa.Column("patients", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )


def _reference(table: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{to}_id"], [f"{to}.id"], name=f"fk_{table}_{to}_id")

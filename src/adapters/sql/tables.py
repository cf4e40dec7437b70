"""The tables. `migrations` makes the same ones; a test compares the two."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    false,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC: SQLite would drop the offset, and read it back without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write a moment. Raises ValueError for a moment without an offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset from UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read a moment, in UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# SQLite numbers the rows itself only where the key is its INTEGER
_row_number = BigInteger().with_variant(Integer, "sqlite")

organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("disabled_at", UtcDateTime),
)

client_grant = Table(
    "client_grant",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("organisation_id", ForeignKey(organisation.c.id), primary_key=True),
    Column("lifetime_days", Integer),
)

redemption_grant = Table(
    "redemption_grant",
    metadata,
    Column("client_id", Text, primary_key=True),
)

patient = Table(
    "patient",
    metadata,
    Column("id", Uuid),
    Column("date_of_birth", Date),
    Column("deceased", Boolean, nullable=False),
    Column("registered_at", UtcDateTime),
    Column("first_reported_at", UtcDateTime),
    Column("first_reported_by", Uuid),
    # so that holds, which few patients have, cost the others nothing
    Column("has_holds", Boolean, nullable=False, server_default=false()),
    # the index has what a batch reads of a patient, so the row itself is not read
    PrimaryKeyConstraint(
        "id", postgresql_include=["date_of_birth", "deceased", "registered_at", "has_holds"]
    ),
)

# no foreign keys to the patient, here and below: checking them, which locks and so writes the patient's row
# each time, was a third of an import and half of storing invitations
patient_identifier = Table(
    "patient_identifier",
    metadata,
    Column("system", Text),
    Column("value", Text),
    Column("patient_id", Uuid, nullable=False, index=True),
    # the value comes first: rows differ in it, and hardly in the system
    PrimaryKeyConstraint("value", "system", postgresql_include=["patient_id"]),
)

# no foreign key to the organisation, here and below: thousands of rows at a time would each lock its one row
care_relationship = Table(
    "care_relationship",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("patient_id", Uuid, primary_key=True),
)

ALL_ORGANISATIONS = UUID(int=0)
"""Stands for all of them in a hold, because a key has no null."""

patient_hold = Table(
    "patient_hold",
    metadata,
    Column("patient_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
)

patient_change = Table(
    "patient_change",
    metadata,
    Column("id", _row_number, Identity(), primary_key=True),
    Column("patient_id", Uuid, nullable=False, index=True),
    Column("organisation_id", Uuid),
    Column("command", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("element", Text, nullable=False),
    Column("old_value", Text),
    Column("new_value", Text),
)

invitation = Table(
    "invitation",
    metadata,
    Column("code_digest", LargeBinary),
    Column("patient_id", Uuid, nullable=False, index=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("token_digest", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("redeemed_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("revoked_reason", Text),
    Column("failed_attempts", Integer, nullable=False, server_default="0"),
    Column("claim_digest", LargeBinary),
    Column("claimed_at", UtcDateTime),
    Column("claim_expires_at", UtcDateTime),
    Column("claimed_by", Text),
    # one shard decides it; the release before knows a collision of codes by this name
    PrimaryKeyConstraint("code_digest", name="uq_invitation_code_digest"),
)

# few invitations are claimed: the others are not in this index
Index(
    "ix_invitation_claim",
    invitation.c.claim_digest,
    postgresql_where=invitation.c.claim_digest.is_not(None),
    sqlite_where=invitation.c.claim_digest.is_not(None),
)

failed_claim = Table(
    "failed_claim",
    metadata,
    Column("id", _row_number, Identity(), primary_key=True),
    Column("patient_id", Uuid, nullable=False, index=True),
    # the release before leaves it empty
    Column("code_digest", LargeBinary),
    Column("failed_at", UtcDateTime, nullable=False),
)

# no foreign keys: the events outlive what they refer to
audit_event = Table(
    "audit_event",
    metadata,
    Column("id", _row_number, Identity()),
    Column("request_id", Uuid),
    Column("recorded_at", UtcDateTime, nullable=False, index=True),
    Column("operation", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("organisation_id", Uuid),
    Column("asked", Integer, nullable=False),
    Column("issued", Integer, nullable=False),
    Column("omitted", JSON, nullable=False),
    Column("patients", JSON, nullable=False),
    Column("replayed_request_id", Uuid),
    Column("batch_id", Uuid),
    Column("reason", Text),
    PrimaryKeyConstraint("request_id", "id"),
)

command_event = Table(
    "command_event",
    metadata,
    Column("id", _row_number, Identity(), primary_key=True),
    Column("command_id", Uuid, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False, index=True),
    Column("command", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("organisation_id", Uuid),
    Column("client_id", Text),
    Column("file_digest", Text),
    Column("reason", Text),
    Column("counts", JSON, nullable=False),
    Column("patients", JSON, nullable=False),
)

remembered_request = Table(
    "remembered_request",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("organisation_id", Uuid, primary_key=True),
    Column("key_digest", LargeBinary, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("kept_until", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

# what statistics keep of invitations that were deleted: no patient
deleted_invitation = Table(
    "deleted_invitation",
    metadata,
    Column("id", _row_number, Identity(), primary_key=True),
    Column("organisation_id", Uuid, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("week", Date, nullable=False),
    Column("claimed", Boolean, nullable=False),
    Column("redeemed", Boolean, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("days_to_redeem", Integer),
    Column("number", Integer, nullable=False),
)

key_check = Table(
    "key_check",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("check_value", LargeBinary, nullable=False),
)

# one row: the oldest revision whose release runs on this schema, for that release to read
schema_compatibility = Table(
    "schema_compatibility",
    metadata,
    Column("oldest_served", Text, primary_key=True),
)

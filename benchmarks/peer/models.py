"""The tables of the service, as ORM models."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Model(DeclarativeBase):
    """What all models have in common."""


class Patient(Model):
    """A patient."""

    __tablename__ = "patient"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    date_of_birth: Mapped[date | None]
    deceased: Mapped[bool]
    registered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PatientIdentifier(Model):
    """A national identifier of a patient."""

    __tablename__ = "patient_identifier"

    system: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    patient: Mapped[Patient] = relationship()


class CareRelationship(Model):
    """An organisation's access to a patient."""

    __tablename__ = "care_relationship"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)


class Invitation(Model):
    """An invitation."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    organisation_id: Mapped[UUID]
    request_id: Mapped[UUID]
    code_digest: Mapped[bytes]
    token_digest: Mapped[bytes]
    key_id: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

"""The operation itself."""

import hmac
import secrets
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from fhir.resources.STU3.identifier import Identifier
from fhir.resources.STU3.parameters import Parameters, ParametersParameter
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from benchmarks.peer.models import CareRelationship, Invitation, Patient, PatientIdentifier

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_LIFETIME = timedelta(days=30)
_MINIMUM_AGE = 16


async def generate_invitation_tokens(
    session: AsyncSession, organisation_id: UUID, key: bytes, parameters: Parameters
) -> Parameters:
    """Invite the patients that may be, and answer with their tokens."""
    asked = [each.valueIdentifier for each in parameters.parameter or [] if each.valueIdentifier]
    patients = await _find(session, organisation_id, asked)
    request_id, now = uuid4(), datetime.now(UTC)
    answered = []
    for identifier in asked:
        patient = patients.get(_key(identifier))
        if patient is None or not _is_eligible(patient, now.date()):
            continue
        code, token = _draw(), _draw()
        invitation = Invitation(
            patient_id=patient.id,
            organisation_id=organisation_id,
            request_id=request_id,
            code_digest=hmac.digest(key, code.encode(), "sha256"),
            token_digest=hmac.digest(key, token.encode(), "sha256"),
            key_id="peer",
            issued_at=now,
            expires_at=now + _LIFETIME,
        )
        session.add(invitation)
        answered.append(_patient_tokens(identifier, code, token, invitation.expires_at))
    await session.commit()
    return Parameters(parameter=answered)


async def _find(
    session: AsyncSession, organisation_id: UUID, asked: list[Identifier]
) -> dict[tuple[str, str], Patient]:
    identifiers = await session.scalars(
        select(PatientIdentifier)
        .join(PatientIdentifier.patient)
        .join(CareRelationship, CareRelationship.patient_id == Patient.id)
        .options(contains_eager(PatientIdentifier.patient))
        .where(
            CareRelationship.organisation_id == organisation_id,
            tuple_(PatientIdentifier.system, PatientIdentifier.value).in_([_key(each) for each in asked]),
        )
    )
    return {(each.system, each.value): each.patient for each in identifiers}


def _key(identifier: Identifier) -> tuple[str, str]:
    return identifier.system or "", identifier.value or ""


def _is_eligible(patient: Patient, today: date) -> bool:
    born = patient.date_of_birth
    if patient.deceased or patient.registered_at is not None or born is None:
        return False
    birthday_is_to_come = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - birthday_is_to_come >= _MINIMUM_AGE


def _draw() -> str:
    return "".join(secrets.choice(_ALPHABET) for _character in range(_LENGTH))


def _patient_tokens(
    identifier: Identifier, code: str, token: str, expires_at: datetime
) -> ParametersParameter:
    return ParametersParameter(
        name="patientTokens",
        part=[
            ParametersParameter(name="patientIdentifier", valueIdentifier=identifier),
            ParametersParameter(name="code", valueString=code),
            ParametersParameter(name="token", valueString=token),
            ParametersParameter(name="expiry", valueDateTime=expires_at),
        ],
    )

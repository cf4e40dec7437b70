"""Ids drawn by the machine."""

from secrets import token_bytes
from uuid import UUID

from asyncpg.pgproto import pgproto
from uuid_utils import uuid7

from application.ports.patient_ids import PatientIds
from application.ports.request_ids import RequestIds
from domain.invitation import RequestId
from domain.patient import PatientId


class RandomRequestIds(RequestIds):
    """Draws ids from the operating system's source of randomness."""

    def draw(self) -> RequestId:
        """Give a fresh id; all of its 128 bits are random, so it has no version in the sense of RFC 9562."""
        return RequestId(UUID(bytes=token_bytes(16)))


class OrderedPatientIds(PatientIds):
    """Draws ids in order of time, so that a database appends them to its index.

    Source: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
    """

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        # a uuid.UUID, but made and sent in a third of the time: an import draws one for each line
        return PatientId(pgproto.UUID(uuid7().bytes))

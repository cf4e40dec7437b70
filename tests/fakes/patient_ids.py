"""Patient ids that a test can foresee."""

from itertools import count
from uuid import UUID

from application.ports.patients import PatientIds
from domain.patients import PatientId


class SequentialPatientIds(PatientIds):
    """Numbers the patients from 1."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def draw(self) -> PatientId:
        return PatientId(UUID(int=next(self._numbers)))

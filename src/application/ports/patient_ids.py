"""The port to patient ids."""

from typing import Protocol

from domain.patient import PatientId


class PatientIds(Protocol):
    """Gives ids to patients who are new."""

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        ...

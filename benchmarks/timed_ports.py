"""The port of codes and tokens, timed; `adapters.telemetry.observed_ports` has the others."""

from collections.abc import Mapping, Sequence

from returns.result import Result

from application.ports.invitations import DrawnSecrets, KeyRetired, TokenGenerator
from benchmarks.laps import Laps
from domain.invitations import RequestId
from domain.patients import PatientId


class TimedTokenGenerator(TokenGenerator):
    """Times the draws of codes and tokens."""

    def __init__(self, timed: TokenGenerator, laps: Laps) -> None:
        """Wrap the real one."""
        self._timed = timed
        self._laps = laps

    @property
    def derivation(self) -> str:
        """Name that of the real one."""
        return self._timed.derivation

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Call the real one."""
        with self._laps.lap("draw"):
            return self._timed.draw(request_id, patient_ids, attempt)

    def draw_again(
        self, derivation: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Call the real one, untimed."""
        return self._timed.draw_again(derivation, request_id, attempts)

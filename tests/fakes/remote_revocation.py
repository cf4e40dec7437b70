"""A remote revocation that notes what it is asked for."""

from collections.abc import Sequence

from returns.result import Failure, Result, Success

from application.ports.mailing import NoAnswer, RemoteRevocation, RevokedRemotely
from domain.identifiers import PatientIdentifier
from domain.invitations import RequestId, RevocationReason


class ScriptedRevocation(RemoteRevocation):
    """Gives the answers that a test puts in, in their order, and then revokes nothing."""

    def __init__(self, *answers: RevokedRemotely | NoAnswer) -> None:
        self.asked: list[tuple[RequestId | Sequence[PatientIdentifier], RevocationReason]] = []
        self._answers = list(answers)

    async def revoke(
        self, named: RequestId | Sequence[PatientIdentifier], reason: RevocationReason
    ) -> Result[RevokedRemotely, NoAnswer]:
        self.asked.append((named, reason))
        answer = self._answers.pop(0) if self._answers else RevokedRemotely(0, ())
        return Success(answer) if isinstance(answer, RevokedRemotely) else Failure(answer)

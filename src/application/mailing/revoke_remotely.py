"""Use case: let the service revoke invitations, batch by batch."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.mailing.ask_in_batches import AskedToWait, GivenUp, Waiting
from application.ports.mailing import NotAnswered, RateLimited, Refused, RemoteRevocation, RevokedRemotely
from application.ports.system import Pauses
from domain.identifiers import PatientIdentifier
from domain.invitations import RequestId, RevocationReason
from domain.mailing.retries import RetryPolicy
from domain.results import failed

Named: TypeAlias = RequestId | Sequence[PatientIdentifier]
RevocationStopped: TypeAlias = Refused | GivenUp | AskedToWait


class RevokeRemotelyCommand(Struct, frozen=True):
    """Revoke these batches, or the invitations of these lists of patients."""

    named: Sequence[Named]
    reason: RevocationReason


class RevokeRemotely:
    """Revoke invitations by one request for each batch, or for each list of patients.

    - A request that the service cannot answer now is sent again later: a revocation can be repeated.
    - A refusal ends the work; what was revoked before stays revoked.
    """

    def __init__(self, remote: RemoteRevocation, pauses: Pauses, policy: RetryPolicy) -> None:
        """Call `remote`."""
        self._remote = remote
        self._pauses = pauses
        self._policy = policy

    async def __call__(
        self, command: RevokeRemotelyCommand, on_wait: Callable[[Waiting], None]
    ) -> Result[RevokedRemotely, RevocationStopped]:
        """Return what was revoked in all, or why the work stopped."""
        count = 0
        redeemed: list[PatientIdentifier] = []
        for named in command.named:
            answered = await self._revoke(named, command.reason, on_wait)
            if failed(answered):
                return Failure(answered.failure())
            count += answered.unwrap().count
            redeemed += answered.unwrap().redeemed
        return Success(RevokedRemotely(count, tuple(dict.fromkeys(redeemed))))

    async def _revoke(
        self, named: Named, reason: RevocationReason, on_wait: Callable[[Waiting], None]
    ) -> Result[RevokedRemotely, RevocationStopped]:
        failures = 0
        while True:
            answered = await self._remote.revoke(named, reason)
            if not failed(answered):
                return Success(answered.unwrap())
            no_answer = answered.failure()
            match no_answer:
                case Refused() as refused:
                    return Failure(refused)
                case RateLimited(requested_seconds):
                    problem, counted = "the service asks to be called less often", 1
                case NotAnswered(problem, requested_seconds):
                    failures += 1
                    counted = failures
                    if self._policy.gives_up(failures):
                        return Failure(GivenUp(problem))
                case _:
                    assert_never(no_answer)
            if not self._policy.waits_for(requested_seconds):
                return Failure(AskedToWait(requested_seconds))
            seconds = self._policy.seconds(counted, requested_seconds, self._pauses.spread())
            on_wait(Waiting(seconds, problem))
            await self._pauses.wait(seconds)

"""Invitations are revoked by one request for each batch."""

from returns.result import Failure, Success

from application.mailing.ask_in_batches import AskedToWait, GivenUp, Waiting
from application.mailing.revoke_remotely import Named, RevokeRemotely, RevokeRemotelyCommand
from application.ports.mailing import NoAnswer, NotAnswered, RateLimited, Refused, RevokedRemotely
from domain.invitations import RevocationReason
from domain.mailing.retries import RetryPolicy
from tests.builders import a_request_id, an_identifier
from tests.fakes.pauses import NotedPauses
from tests.fakes.remote_revocation import ScriptedRevocation

POLICY = RetryPolicy(first_seconds=1, most_seconds=60, most_failures=3)
ONE, TWO = an_identifier(1), an_identifier(2)
FIRST, SECOND = a_request_id(1), a_request_id(2)
REASON = RevocationReason.MISPRINTED


class Client:
    """The use case, and the waits that it reported."""

    def __init__(self, *answers: RevokedRemotely | NoAnswer) -> None:
        self.remote = ScriptedRevocation(*answers)
        self.waits: list[Waiting] = []
        self._revoke = RevokeRemotely(self.remote, NotedPauses(), POLICY)

    async def revoke(self, *named: Named) -> object:
        return await self._revoke(RevokeRemotelyCommand(named, REASON), self.waits.append)


async def test_each_batch_is_revoked_and_all_are_counted() -> None:
    client = Client(RevokedRemotely(2, [ONE]), RevokedRemotely(3, [TWO, ONE]))

    revoked = await client.revoke(FIRST, SECOND)

    assert revoked == Success(RevokedRemotely(5, (ONE, TWO)))
    assert client.remote.asked == [(FIRST, REASON), (SECOND, REASON)]


async def test_patients_are_revoked_by_their_identifiers() -> None:
    client = Client(RevokedRemotely(2, ()))

    await client.revoke([ONE, TWO])

    assert client.remote.asked == [([ONE, TWO], REASON)]


async def test_a_request_that_was_not_answered_is_sent_again_later() -> None:
    client = Client(NotAnswered("no answer"), RateLimited(7), RevokedRemotely(1, ()))

    revoked = await client.revoke(FIRST)

    assert revoked == Success(RevokedRemotely(1, ()))
    assert [each.problem for each in client.waits] == [
        "no answer",
        "the service asks to be called less often",
    ]


async def test_after_many_failures_it_gives_up() -> None:
    client = Client(*[NotAnswered("no answer")] * 4)

    assert await client.revoke(FIRST) == Failure(GivenUp("no answer"))


async def test_a_wait_of_hours_is_not_worth_waiting_for() -> None:
    client = Client(RateLimited(7_200))

    assert await client.revoke(FIRST) == Failure(AskedToWait(7_200))
    assert not client.waits


async def test_a_refusal_ends_the_work() -> None:
    client = Client(Refused("no such batch"))

    assert await client.revoke(FIRST, SECOND) == Failure(Refused("no such batch"))
    assert client.remote.asked == [(FIRST, REASON)]

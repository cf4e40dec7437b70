from datetime import timedelta

from msgspec import structs
from returns.result import Failure, Success

from application.purge_invitations import CHUNK_INVITATIONS, NotYetExpired, PurgeInvitations
from tests.builders import NOW, TODAY, an_audit_event, an_invitation
from tests.fakes.clock import FixedClock
from tests.fakes.expired_invitations import InMemoryExpiredInvitations
from tests.fakes.invitation_store import InMemoryInvitationStore

A_SECOND = timedelta(seconds=1)


class Purge:
    """The use case over a store whose invitations expired a second ago, but for the last."""

    def __init__(self, invitations: int) -> None:
        self.store = InMemoryInvitationStore()
        self.store.invitations = [
            structs.replace(an_invitation(str(number)), expires_at=NOW - A_SECOND)
            for number in range(invitations - 1)
        ] + [structs.replace(an_invitation("valid"), expires_at=NOW)]
        self.chunks: list[int] = []
        self.purge = PurgeInvitations(InMemoryExpiredInvitations(self.store), FixedClock(NOW, TODAY))


async def test_those_that_have_expired_are_removed_up_to_this_moment() -> None:
    purge = Purge(invitations=4)

    purged = await purge.purge(NOW, purge.chunks.append)

    assert purged == Success(3)
    assert [each.expires_at for each in purge.store.invitations] == [NOW]


async def test_each_chunk_is_told_of_and_all_of_them_are_counted() -> None:
    purge = Purge(invitations=CHUNK_INVITATIONS + 3)

    purged = await purge.purge(NOW, purge.chunks.append)

    assert purge.chunks == [CHUNK_INVITATIONS, 2]
    assert purged == Success(CHUNK_INVITATIONS + 2)


def test_a_chunk_is_10_000_invitations() -> None:
    assert CHUNK_INVITATIONS == 10_000


async def test_a_moment_ahead_is_refused_and_nothing_is_removed() -> None:
    purge = Purge(invitations=2)

    purged = await purge.purge(NOW + A_SECOND, purge.chunks.append)

    assert purged == Failure(NotYetExpired())
    assert len(purge.store.invitations) == 2


async def test_the_audit_events_stay() -> None:
    purge = Purge(invitations=2)
    purge.store.events.append(an_audit_event(1))

    await purge.purge(NOW, purge.chunks.append)

    assert purge.store.events == [an_audit_event(1)]

from datetime import datetime, timedelta

from msgspec import structs
from returns.result import Failure, Success

from application.administration.purge import CHUNK_INVITATIONS, NotYetExpired, PurgeInvitations
from application.ports.invitations import OldInvitations
from domain.invitations import InvitationLife
from tests.builders import (
    NOW,
    TODAY,
    a_patient_id,
    a_remembered_request,
    a_request_name,
    an_audit_event,
    an_invitation,
)
from tests.fakes.clock import FixedClock
from tests.fakes.expired_invitations import InMemoryExpiredInvitations
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.redemption_repository import InMemoryRedemptions

A_SECOND = timedelta(seconds=1)
A_DAY = timedelta(days=1)


class Purge:
    """The use case with invitations that expired a second ago, except the last.

    Requests are remembered for a day.
    """

    def __init__(self, invitations: int) -> None:
        self.store = InMemoryInvitationRepository()
        expired = structs.replace(an_invitation("expired"), expires_at=NOW - A_SECOND)
        valid = structs.replace(an_invitation("valid"), expires_at=NOW)
        self.store.invitations = [
            *(structs.replace(expired, patient_id=a_patient_id(number)) for number in range(1, invitations)),
            valid,
        ]
        self.chunks: list[int] = []
        self.redemptions = InMemoryRedemptions(self.store, InMemoryPatientReportRepository())
        self.purge = PurgeInvitations(
            InMemoryExpiredInvitations(self.store),
            InMemoryIdempotencyRepository(self.store),
            self.redemptions,
            FixedClock(NOW, TODAY),
        )

    def remember(self, key: str, issued_at: datetime) -> None:
        name = a_request_name(key)
        self.store.remembered[name] = a_remembered_request(name=name, issued_at=issued_at)

    @property
    def remembered(self) -> list[str]:
        return [name.key.text for name in self.store.remembered]


async def test_invitations_that_have_expired_by_now_are_removed() -> None:
    purge = Purge(invitations=4)

    purged = await purge.purge(OldInvitations(NOW), purge.chunks.append)

    assert purged == Success(3)
    assert [each.expires_at for each in purge.store.invitations] == [NOW]


async def test_each_chunk_is_reported_and_all_are_counted() -> None:
    purge = Purge(invitations=CHUNK_INVITATIONS + 3)

    purged = await purge.purge(OldInvitations(NOW), purge.chunks.append)

    assert purge.chunks == [CHUNK_INVITATIONS, 2]
    assert purged == Success(CHUNK_INVITATIONS + 2)


def test_a_chunk_is_10_000_invitations() -> None:
    assert CHUNK_INVITATIONS == 10_000


async def test_a_moment_ahead_is_refused_and_nothing_is_removed() -> None:
    purge = Purge(invitations=2)

    purged = await purge.purge(OldInvitations(NOW + A_SECOND), purge.chunks.append)

    assert purged == Failure(NotYetExpired())
    assert len(purge.store.invitations) == 2


async def test_redeemed_invitations_are_kept_unless_those_of_a_moment_are_asked_for() -> None:
    purge = Purge(invitations=2)
    expired = purge.store.invitations[0]
    purge.store.lives[expired.code_digest] = InvitationLife(NOW, NOW, redeemed_at=NOW - A_DAY)

    kept = await purge.purge(OldInvitations(NOW), purge.chunks.append)
    purged = await purge.purge(OldInvitations(NOW, redeemed_before=NOW), purge.chunks.append)

    assert (kept, purged) == (Success(0), Success(1))


async def test_a_redemption_ahead_is_refused() -> None:
    purge = Purge(invitations=2)

    purged = await purge.purge(OldInvitations(NOW, redeemed_before=NOW + A_SECOND), purge.chunks.append)

    assert purged == Failure(NotYetExpired())


async def test_the_audit_events_stay() -> None:
    purge = Purge(invitations=2)
    purge.store.events.append(an_audit_event(1))

    await purge.purge(OldInvitations(NOW), purge.chunks.append)

    assert purge.store.events == [an_audit_event(1)]


async def test_requests_that_can_no_longer_be_sent_again_are_forgotten_whenever_invitations_expired() -> None:
    purge = Purge(invitations=1)
    for key, age in (("old", A_DAY + A_SECOND), ("a-day-old", A_DAY), ("new", A_SECOND)):
        purge.remember(key, NOW - age)

    purged = await purge.purge(OldInvitations(NOW - 30 * A_DAY), purge.chunks.append)

    assert purged == Success(0)
    assert purge.remembered == ["a-day-old", "new"]


async def test_failed_claims_that_lock_nobody_any_more_are_forgotten() -> None:
    purge = Purge(invitations=1)
    ages = (2 * A_DAY + A_SECOND, 2 * A_DAY, A_SECOND)
    purge.redemptions.failures = [(a_patient_id(), b"code", NOW - age) for age in ages]

    await purge.purge(OldInvitations(NOW), purge.chunks.append)

    assert [NOW - at for _, _, at in purge.redemptions.failures] == [2 * A_DAY, A_SECOND]


async def test_where_a_moment_ahead_is_refused_no_request_is_forgotten() -> None:
    purge = Purge(invitations=1)
    purge.remember("old", NOW - 2 * A_DAY)

    await purge.purge(OldInvitations(NOW + A_SECOND), purge.chunks.append)

    assert purge.remembered == ["old"]

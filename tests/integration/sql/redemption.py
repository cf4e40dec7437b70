"""A patient with invitations in a database, and processes that redeem them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Protocol, TypeVar

import anyio
from returns.result import Result
from sqlalchemy import make_url

from adapters.keys.redemption_secrets import HmacRedemptionSecrets
from adapters.keys.token_generator import HmacTokenGenerator
from adapters.sql.audit import SqlAuditRepository
from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.redemption import SqlRedemptionRepository
from adapters.system import RandomRequestIds
from application.audit_recorder import AuditRecorder
from application.claim_invitation import ClaimCommand, ClaimInvitation
from application.confirm_registration import ConfirmCommand, ConfirmRegistration
from application.ports.invitations import DrawnSecrets
from application.ports.redemption import Decide, RedemptionRepository
from domain.eligibility import EligibilityPolicy
from domain.invitations import Invitation
from domain.redemption import ClaimRefused, ConfirmationRefused, ConfirmedRegistration, IssuedClaim
from tests.builders import (
    ADULT,
    CHI,
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    TODAY,
    a_patient_id,
    a_report,
    a_request_id,
    an_audit_event,
    an_identifier,
    an_organisation,
    reported,
)
from tests.fakes.clock import FixedClock
from tests.key_builders import a_key_ring

T = TypeVar("T")

PORTAL = "portal"
OTHER_DAY = date(1980, 4, 2)

_AT_ONCE = 8
"""Calls in progress in one process: each waits for a connection for as long as all the others take."""


async def issue_to_one_patient(url: str, invitations: int) -> list[DrawnSecrets]:
    """Bring a patient in, and give so many invitations to them."""
    database = connect(make_url(url))
    await SqlOrganisationRepository(database).add(an_organisation())
    await reported(
        SqlPatientReportRepository(database), a_report(an_identifier(1, NHS), an_identifier(1, CHI))
    )
    issued = [await _issue(database, number) for number in range(1, invitations + 1)]
    await database.close()
    return issued


async def _issue(database: Database, request: int) -> DrawnSecrets:
    [drawn] = HmacTokenGenerator(a_key_ring()).draw(a_request_id(request), [a_patient_id()], 0)
    invitation = Invitation(
        a_patient_id(),
        HOSPITAL,
        a_request_id(request),
        drawn.code_digest,
        drawn.token_digest,
        drawn.key_id,
        NOW,
        EXPIRY,
    )
    await SqlInvitationRepository(database).add([invitation], an_audit_event(request))
    return drawn


Around = Callable[[RedemptionRepository], RedemptionRepository]


class Process:
    """A process of the service that redeems invitations."""

    def __init__(self, url: str, around: Around = lambda repository: repository) -> None:
        self.database = connect(make_url(url))
        clock = FixedClock(NOW, TODAY)
        parts = (
            around(SqlRedemptionRepository(self.database)),
            HmacRedemptionSecrets(a_key_ring()),
            EligibilityPolicy(),
            AuditRecorder(SqlAuditRepository(self.database), RandomRequestIds(), clock),
            clock,
        )
        self._claim_invitation = ClaimInvitation(*parts)
        self._confirm_registration = ConfirmRegistration(*parts)

    async def claim(
        self, secrets: DrawnSecrets, birth_date: date = ADULT
    ) -> Result[IssuedClaim, ClaimRefused]:
        return await self._claim_invitation(ClaimCommand(PORTAL, secrets.code, secrets.token, birth_date))

    async def confirm(self, claim: str) -> Result[ConfirmedRegistration, ConfirmationRefused]:
        return await self._confirm_registration(ConfirmCommand(PORTAL, claim))


@asynccontextmanager
async def processes(url: str, number: int = 2) -> AsyncIterator[list[Process]]:
    """Give so many processes on one database."""
    started = [Process(url) for _ in range(number)]
    try:
        yield started
    finally:
        for each in started:
            await each.database.close()


async def at_once(running: list[Process], calls: Iterable[Callable[[Process], Awaitable[T]]]) -> list[T]:
    """Make the calls at the same time, by each process in turn; give the results as they come."""
    limits = [anyio.CapacityLimiter(_AT_ONCE) for _ in running]
    results: list[T] = []

    async def one(turn: int, call: Callable[[Process], Awaitable[T]]) -> None:
        async with limits[turn]:
            results.append(await call(running[turn]))

    async with anyio.create_task_group() as calling:
        for position, call in enumerate(calls):
            calling.start_soon(one, position % len(running), call)
    return results


class Interrupt(Protocol):
    """Takes the second transaction, and lets something else happen before it."""

    async def __call__(self, call: Awaitable[T]) -> T: ...


class Interrupted(RedemptionRepository):
    """Awaits something before the second transaction of a claim, which stores it."""

    def __init__(self, repository: RedemptionRepository, interrupt: Interrupt) -> None:
        self._repository = repository
        self._interrupt = interrupt
        self._calls = 0

    async def by_code(self, code_digests: Sequence[bytes], since: datetime, decide: Decide[T]) -> T:
        self._calls += 1
        call = self._repository.by_code(code_digests, since, decide)
        return await (self._interrupt(call) if self._calls == 2 else call)

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        return await self._repository.by_claim(claim_digests, decide)

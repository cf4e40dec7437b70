"""Measures the operations on issued invitations, with as many invitations as patients in each database.

Each round issues new invitations, claims some of them, confirms the claims, and asks for and revokes others.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from rich.progress import track

from benchmarks import server_process
from benchmarks.access import Access
from benchmarks.database_server import DatabaseServer
from benchmarks.http_subject import HttpSubject, StatusQuerySubject
from benchmarks.import_and_invite import invitations
from benchmarks.life_subjects import (
    ClaimSubject,
    ConfirmSubject,
    InvitationStatusSubject,
    IssueSubject,
    RevocationSubject,
)
from benchmarks.patients import scattered_identifiers
from benchmarks.plan import Plan, database_of
from benchmarks.population import invite_patients
from benchmarks.process_group import ProcessGroup
from benchmarks.releases import Release
from benchmarks.slices import Load, Slice, measure_requests
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import CLIENT_ID

STATUS_OF_ONE = "$status-query of one patient"
CLAIM = "claim"
CONFIRM = "confirm"
INVITATION_STATUS = "invitation status, 500 patients"
REVOCATION = "revocation, 500 patients"
OPERATIONS = (STATUS_OF_ONE, CLAIM, CONFIRM, INVITATION_STATUS, REVOCATION)

Lives: TypeAlias = Mapping[tuple[str, int], Sequence[Slice]]
"""The slices of each operation with so many invitations, one a round."""

_BATCH = 500
_CLAIMS = 200
_BATCHES = 8
_ONE = Load(1, 1)
_MANY = Load(_BATCH, 1)


async def measure_life(
    server: DatabaseServer, access: Access, directory: Path, plan: Plan, release: Release
) -> Lives:
    """Measure each operation in each database, round after round. The first round is a warm-up."""
    lives: dict[tuple[str, int], list[Slice]] = {}
    with ExitStack() as running:
        members = []
        for rows in plan.sizes:
            settings = access.settings_on(server.sqlalchemy_url(database_of(plan, rows)))
            invitations(settings, "clients", "grant-redemption", CLIENT_ID, python=release.python)
            await invite_patients(server, database_of(plan, rows), rows)
            process = running.enter_context(
                server_process.service(release, settings, directory / f"life-{rows}.log")
            )
            members.append((rows, process, scattered_identifiers(rows)))
        for number in range(plan.life_rounds + 1):
            for rows, process, patients in track(members, f"life of invitations, round {number}"):
                round_ = _Round(access.token, process, ProcessGroup(server.pid))
                for operation, taken in (await round_.measure(patients)).items():
                    if number:
                        lives.setdefault((operation, rows), []).append(taken)
    return lives


class _Round:
    """One round on one database: every operation, each on invitations of its own."""

    def __init__(self, token: str, process: server_process.ServerProcess, database: ProcessGroup) -> None:
        self._on = (token, process)
        self._database = database

    async def measure(self, patients: Iterator[RequestedIdentifier]) -> Mapping[str, Slice]:
        claimed = list(islice(patients, _CLAIMS))
        batches = [list(islice(patients, _BATCH)) for _ in range(_BATCHES)]
        issue = IssueSubject("issue", *self._on)
        for batch in (claimed, *batches):
            await issue.issue(batch)
        status, claims = StatusQuerySubject(STATUS_OF_ONE, *self._on), ClaimSubject(CLAIM, *self._on)
        confirms = ConfirmSubject(CONFIRM, *self._on)
        ask = InvitationStatusSubject(INVITATION_STATUS, *self._on)
        revoke = RevocationSubject(REVOCATION, *self._on)
        return {
            STATUS_OF_ONE: await self._slice(status, _ONE, [status.prepare([each]) for each in claimed]),
            CLAIM: await self._slice(claims, _ONE, [claims.claim(*pair) for pair in issue.pairs[:_CLAIMS]]),
            # a dictionary is made from its first entry to its last, so the claims are known here
            CONFIRM: await self._slice(confirms, _ONE, [confirms.confirm(each) for each in claims.claims]),
            INVITATION_STATUS: await self._slice(ask, _MANY, [ask.prepare(batch) for batch in batches]),
            REVOCATION: await self._slice(revoke, _MANY, [revoke.prepare(batch) for batch in batches]),
        }

    async def _slice(self, subject: HttpSubject, load: Load, requests: Sequence[bytes]) -> Slice:
        return await measure_requests(subject, self._database, load, iter(requests))

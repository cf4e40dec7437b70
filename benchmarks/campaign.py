"""Invites a region: millions of patients, each once, in the largest batches."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks import server_process
from benchmarks.access import Access
from benchmarks.cells import CROWDED
from benchmarks.database_server import DatabaseServer
from benchmarks.http_subject import HttpSubject
from benchmarks.lineup import SERVICE_2
from benchmarks.patients import scattered_identifiers
from benchmarks.plan import Plan, database_of
from benchmarks.process_group import ProcessGroup
from benchmarks.releases import Release
from benchmarks.slices import Slice, measure_requests

_LOAD = CROWDED[-1]
_WORKERS = 2


async def measure_campaign(
    server: DatabaseServer, access: Access, directory: Path, plan: Plan, release: Release
) -> Slice | None:
    """Invite the patients of the plan from the largest database, or return None if the plan has none."""
    if not plan.patients_invited:
        return None
    settings = access.settings_on(server.sqlalchemy_url(database_of(plan, plan.most_rows)))
    with server_process.service(release, settings, directory / "campaign.log", _WORKERS) as process:
        subject = HttpSubject(SERVICE_2, access.token, process)
        return await measure_requests(subject, ProcessGroup(server.pid), _LOAD, _requests(subject, plan))


def _requests(subject: HttpSubject, plan: Plan) -> Iterator[bytes]:
    identifiers = islice(scattered_identifiers(plan.most_rows), plan.patients_invited)
    while batch := list(islice(identifiers, _LOAD.batch)):
        yield subject.prepare(batch)

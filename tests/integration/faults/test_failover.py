"""The primary dies under load and a synchronous standby is promoted: no answered batch is lost."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import asyncpg
import pytest
from msgspec import Struct

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.embedded_postgresql import STANDBY, EmbeddedPostgresql
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Calls, load
from tests.integration.faults.support.probes import Probes, probing
from tests.integration.faults.support.waiting import until
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import bring_in
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import Service, running_service

WITHOUT_PRIMARY_SECONDS = 2
RECOVERY_SECONDS = 5


class Pair(Struct, frozen=True):
    """A primary and its synchronous standby."""

    primary: EmbeddedPostgresql
    standby: EmbeddedPostgresql

    @property
    def url(self) -> str:
        """The URL that names both, of which the service uses the one that it can write to."""
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        return f"postgresql+asyncpg://postgres@{hosts}/postgres?target_session_attrs=read-write"


class Failover(Struct, frozen=True):
    """The observations while the standby replaced the primary, and when it was promoted."""

    service: Service
    calls: Calls
    probes: Probes
    died: float
    promoted: float


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Give two servers, with patients."""
    with ExitStack() as undone:

        def directory() -> Path:
            return Path(undone.enter_context(TemporaryDirectory(prefix="invitations-failover-")))

        primary = EmbeddedPostgresql(directory())
        primary.start()
        undone.callback(primary.stop)
        standby = EmbeddedPostgresql(directory(), standby_of=primary)
        standby.start()
        undone.callback(standby.stop)
        yield Pair(primary, standby)


@pytest.fixture(scope="module")
def environment(pair: Pair, settings: Mapping[str, str]) -> Mapping[str, str]:
    """Give the settings of a service that knows both servers."""
    return {**settings, "INVITATIONS_DATABASE_URL": pair.url}


async def _ask(server: EmbeddedPostgresql, *statements: str) -> object:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        return [await connection.fetchval(each) for each in statements][-1]
    finally:
        await connection.close()


async def _make_synchronous(pair: Pair) -> None:
    await _ask(
        pair.primary,
        f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'",
        "SELECT pg_reload_conf()",
    )

    async def is_synchronous() -> bool:
        return await _ask(pair.primary, "SELECT sync_state FROM pg_stat_replication") == "sync"

    await until(is_synchronous)


@pytest.fixture(scope="module")
async def failover(
    pair: Pair, environment: Mapping[str, str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Failover:
    await _make_synchronous(pair)
    await bring_in(Container(settings=read_settings(environment, to_serve=True).unwrap()))
    log = tmp_path_factory.mktemp("failover") / "service.log"
    with running_service(environment, log) as service:
        async with probing(service) as probes, load(service, issuer) as calls:
            await calls.succeed(50)
            await anyio.to_thread.run_sync(pair.primary.kill)
            died = time.monotonic()
            await anyio.sleep(WITHOUT_PRIMARY_SECONDS)
            await _ask(pair.standby, "SELECT pg_promote()")
            promoted = time.monotonic()
            await probes.are_ready()
            await calls.succeed(50)
        assert service.process.poll() is None
    return Failover(service, calls, probes, died, promoted)


def test_every_call_is_answered_and_those_without_a_primary_are_asked_to_retry(failover: Failover) -> None:
    meanwhile = failover.calls.between(failover.died, failover.promoted)

    # a connection that was storing a batch when its server died may still answer
    refused = [call.refusal for call in meanwhile if call.status != 200]
    assert refused == [UNAVAILABLE] * len(refused)
    assert len(refused) > len(meanwhile) / 2
    assert set(failover.calls.statuses) == {200, 503}


def test_the_service_uses_the_new_primary_within_seconds_and_without_a_restart(failover: Failover) -> None:
    answers = [
        call.ended for call in failover.calls.made if call.status == 200 and call.started > failover.promoted
    ]

    assert min(answers) - failover.promoted < RECOVERY_SECONDS


async def test_the_new_primary_has_every_invitation_that_was_answered_and_whole_batches_alone(
    failover: Failover, pair: Pair, environment: Mapping[str, str]
) -> None:
    url = pair.standby.url("postgres").replace("postgresql://", "postgresql+asyncpg://")
    records = InvitationRecords({**environment, "INVITATIONS_DATABASE_URL": url})

    answered = records.answered(failover.calls.answers)

    assert len(answered) >= 100 * BATCH
    assert answered <= await records.entries()
    assert set((await records.requests()).values()) == {BATCH}

"""Services that hold secrets and are called in every way: one works, one breaks, one has no database."""

import os
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy import text

from tests.integration.http.support.call import STATUS_OPERATION, Caller, asking_for
from tests.integration.http.support.exposure import Exposure
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.judge import judge_response
from tests.integration.http.support.opaque_issuer import opaque_issuer
from tests.integration.http.support.people import ADULT, CROWD
from tests.integration.http.support.processes import workers_of
from tests.integration.http.support.secret_calls import carried_out, refused
from tests.integration.service import Service, running_service
from tests.integration.sql.rows import rows

OPAQUE_TOKEN = "an-opaque-access-token-of-ours"
UNKNOWN_TOKEN = "an-opaque-access-token-of-nobody"
CLIENT_SECRET = "what-the-service-proves-itself-with"
DATABASE_PASSWORD = "what-the-database-lets-in"
_HANDED_OUT = re.compile(r'"(?:code|token)"(?:,"valueString":|/><valueString value=)"([0-9A-Z]{10})"')

QUOTED = f"{ADULT.value} was born on 1980-04-01"


@contextmanager
def _watched(exposure: Exposure, settings: Mapping[str, str], log: Path) -> Iterator[Service]:
    with running_service({**settings, "INVITATIONS_LOG_LEVEL": "debug"}, log) as service:
        exposure.show_processes(service.process.pid)
        yield service
        if service.process.poll() is None:
            service.stop()
    exposure.show("log", log.read_text())


@contextmanager
def _calling(service: Service, access_token: str) -> Iterator[Caller]:
    hooks = {"response": [judge_response]}
    with httpx.Client(base_url=service.url, event_hooks=hooks, timeout=30) as client:
        yield Caller(client, access_token)


def _show(exposure: Exposure, responses: Iterable[httpx.Response]) -> list[int]:
    """Search the answers, with the codes and tokens of successful ones hidden."""
    statuses = []
    for response in responses:
        statuses.append(response.status_code)
        if response.is_error:
            exposure.show("refusals", f"{response.headers} {response.text}")
        else:
            exposure.hide("codes and tokens", *_HANDED_OUT.findall(response.text))
    return statuses


def call_one_that_works(
    exposure: Exposure, directory: Path, settings: Mapping[str, str], issuer: Issuer
) -> tuple[list[int], list[int]]:
    """Call in every way, and return the statuses of the calls that must succeed, and of the others."""
    forged = Issuer().access_token()
    with (
        _watched(exposure, settings, directory / "works.log") as service,
        _calling(service, issuer.access_token()) as caller,
    ):
        exposure.hide("access tokens", caller.access_token, forged)
        exposure.hide("signatures", caller.access_token.split(".")[2], forged.split(".")[2])
        return _show(exposure, carried_out(caller)), _show(exposure, refused(caller, forged))


async def break_database(url: str) -> None:
    """Make the database refuse records and imports, with messages that quote a patient."""
    for table in ("audit_event", "patient_identifier"):
        if url.startswith("sqlite"):
            quote = f"BEGIN SELECT RAISE(ABORT, '{QUOTED}'); END"
        else:
            quote = f"FOR EACH ROW EXECUTE FUNCTION quote_{table}()"
            function = f"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '{QUOTED}'; END$$"
            await rows(url, text(f"CREATE FUNCTION quote_{table}() {function}"))
        await rows(url, text(f"CREATE TRIGGER quote_{table} BEFORE INSERT ON {table} {quote}"))


@contextmanager
def one_that_breaks(
    exposure: Exposure, directory: Path, settings: Mapping[str, str]
) -> Iterator[tuple[Service, Caller]]:
    """Run a service that asks about opaque tokens, reads its settings from files, and has limits."""
    exposure.hide("access tokens", OPAQUE_TOKEN, UNKNOWN_TOKEN)
    exposure.hide("passwords", CLIENT_SECRET)
    with opaque_issuer(OPAQUE_TOKEN) as url:
        settings = {
            **settings,
            "INVITATIONS_INTROSPECTION_URL": url,
            "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations",
            "INVITATIONS_INTROSPECTION_CLIENT_SECRET": CLIENT_SECRET,
            "INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE": "600",
        }
        for name, value in settings.items():
            (directory / name).write_text(f"{value}\n")
        files = {f"{name}_FILE": str(directory / name) for name in settings}
        with (
            _watched(exposure, files, directory / "breaks.log") as service,
            _calling(service, OPAQUE_TOKEN) as caller,
        ):
            yield service, caller


def call_within_limits_and_beyond(exposure: Exposure, caller: Caller) -> list[int]:
    everybody = asking_for(*CROWD)
    unknown = {"Authorization": f"Bearer {UNKNOWN_TOKEN}"}
    return _show(exposure, [caller.call(everybody), caller.call(everybody), caller.call(changes=unknown)])


def call_what_is_broken(exposure: Exposure, caller: Caller) -> list[int]:
    keyed = {"Idempotency-Key": "another-key"}
    calls = (caller.call(changes=keyed), caller.call(path=STATUS_OPERATION), caller.call(b"["))
    return _show(exposure, calls)


def kill_under_a_call(service: Service, caller: Caller) -> None:
    """End every process of a service at once while it is called."""
    with ThreadPoolExecutor() as thread:
        thread.submit(caller.call, asking_for(ADULT))
        for process in (service.process.pid, *workers_of(service.process.pid)):
            os.kill(process, signal.SIGKILL)
    service.process.wait()


def call_one_without_its_database(
    exposure: Exposure, directory: Path, settings: Mapping[str, str], issuer: Issuer
) -> list[int]:
    exposure.hide("passwords", DATABASE_PASSWORD)
    with (
        _watched(exposure, settings, directory / "lost.log") as service,
        _calling(service, issuer.access_token()) as caller,
    ):
        ready = caller.call(b"", method="GET", path="/health/ready")
        return _show(exposure, [caller.call(), caller.call(path=STATUS_OPERATION), ready])

"""Shows where the time of a batch of 500 goes.

.venv/bin/python -m benchmarks.where_the_time_goes [--rows N] [--batches N]

Each part is timed by itself, in this process, with the adapters of the service. The answer over HTTP takes
longer than their sum. The difference is the time of server, routing, logging and transfer.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import asyncpg
import click
import uvloop
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from dependency_injector import providers
from msgspec import json
from rich.progress import track

from adapters.fhir.generate_invitation_tokens import patient_tokens
from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS
from adapters.fhir.wire_format import WireFormat
from adapters.telemetry.observed_ports import ObservedInvitationRepository, ObservedPatientRepository
from benchmarks import server_process
from benchmarks.access import BASE_URL, ORGANISATION, Access, grant_access
from benchmarks.bare_statements import time_statements
from benchmarks.database_server import DatabaseServer, database_server
from benchmarks.http_subject import HttpSubject
from benchmarks.laps import Laps
from benchmarks.patients import draw_identifiers
from benchmarks.plan import DATABASE
from benchmarks.population import populate_postgresql
from benchmarks.releases import this_release
from benchmarks.timed_ports import TimedTokenGenerator
from benchmarks.use_case import command_for, container_of
from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from entrypoints.demo.service import generate_call

_BATCH = 500
_WARM_UP = 20
_SEED = 13


class Profile:
    """Times the parts of the operation."""

    def __init__(self, container: Container, access_token: str) -> None:
        """Replace the ports of the application by timed ones."""
        self.laps = Laps()
        self._access_token = access_token
        self._verifier = container.security.access_token_verifier()
        self._grants = container.security.organisation_grants()
        patients = ObservedPatientRepository(container.storage().patient_repository(), self._lap)
        tokens = TimedTokenGenerator(container.security.token_generator(), self.laps)
        invitations = ObservedInvitationRepository(
            container.storage().invitation_repository(), self._lap, lambda _event: None
        )
        container.storage.patient_repository.override(providers.Object(patients))
        container.security.token_generator.override(providers.Object(tokens))
        container.storage.invitation_repository.override(providers.Object(invitations))
        self._generate = container.operations.generate_invitation_tokens()

    def _lap(self, part: str, **_counts: int) -> AbstractContextManager[None]:
        return self.laps.lap(part)

    async def time_parts(self, identifiers: Sequence[RequestedIdentifier]) -> None:
        """Handle a request like the service, and time the parts."""
        body = generate_call(BASE_URL, self._access_token, ORGANISATION, identifiers).body
        command = command_for(identifiers)
        with self.laps.lap("verify"):
            (await self._verifier.verify(self._access_token)).unwrap()
        with self.laps.lap("grant"):
            await self._grants.terms(command.authorised.grant)
        with self.laps.lap("decode"):
            read_patient_identifiers(body, WireFormat.JSON, GENERATE_INVITATION_TOKENS).unwrap()
        with self.laps.lap("use case"):
            generated = (await self._generate(command)).unwrap()
        with self.laps.lap("encode"):
            json.encode(patient_tokens(generated))
        self.laps.note("decide", self.laps.last("use case") - self.laps.last("read", "draw", "write"))
        both_ways = self.laps.last("answer", "decode", "verify", "grant", "use case", "encode")
        self.laps.note("both ways", both_ways)
        self._time_digests([each.invitation_token.code for each in generated.invited])

    def _time_digests(self, codes: Sequence[str]) -> None:
        keyed = HMAC(b"a key", SHA256())
        with self.laps.lap("digest"):
            for code in [*codes, *codes]:
                mac = keyed.copy()
                mac.update(code.encode())
                mac.finalize()


async def _measure(server: DatabaseServer, access: Access, directory: Path, rows: int, batches: int) -> Laps:
    await populate_postgresql(server, DATABASE, rows)
    settings = access.settings_on(server.sqlalchemy_url(DATABASE))
    container, draw = container_of(settings), Random(_SEED)  # noqa: S311 - a choice of patients
    profile, bare = Profile(container, access.token), await asyncpg.connect(server.url(DATABASE))
    with server_process.service(this_release(), settings, directory / "service.log") as process:
        subject = HttpSubject("service", access.token, process)
        async with subject.connect(1) as (send,):
            for number in track(range(_WARM_UP + batches), "timing"):
                if number == _WARM_UP:
                    profile.laps.forget()
                drawn = [draw_identifiers(draw, _BATCH, rows) for _way in range(3)]
                request = subject.prepare(drawn[0])
                with profile.laps.lap("answer"):
                    await send(request)
                await profile.time_parts(drawn[1])
                await time_statements(bare, drawn[2], profile.laps)
    await bare.close()
    await container.storage.database().close()
    return profile.laps


def _table(laps: Laps) -> Sequence[str]:
    of = laps.milliseconds
    whole = of("answer")
    parts = [
        ("verify: the access token", of("verify"), None),
        ("grant: may the caller act for the organisation", of("grant"), None),
        ("decode: JSON, judged strictly, to identifiers", of("decode"), None),
        ("read: patients and their care relationship", of("read"), of("bare read")),
        ("decide: check digits, rules, invitations, tokens", of("decide"), None),
        ("draw: codes and tokens", of("draw") - of("digest"), None),
        ("digest: of codes and tokens", of("digest"), None),
        ("write: invitations and audit event", of("write") - of("commit"), of("bare write")),
        ("commit: to disk", of("commit"), of("commit")),
        ("encode: the answer to JSON", of("encode"), None),
    ]
    left = whole - sum(took for _part, took, _bare in parts)
    parts += [("framework: all that is left", left, None), ("the answer, over HTTP", whole, None)]
    return [
        "| part | ms | share | by the bare driver, ms |",
        "|---|---|---|---|",
        *(
            f"| {part} | {took:.2f} | {took / whole:.0%} | {'' if bare is None else f'{bare:.2f}'} |"
            for part, took, bare in parts
        ),
    ]


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Patients in the database.")
@click.option(
    "--batches",
    default=400,
    show_default=True,
    help="Batches; the medians are those of the quietest quarter.",
)
def main(rows: int, batches: int) -> None:
    """Time the parts of the operation, and print the medians."""
    with TemporaryDirectory(prefix="invitations-bench-") as name:
        directory = Path(name)
        with database_server(directory) as server:
            laps = uvloop.run(_measure(server, grant_access(directory), directory, rows, batches))
    for line in _table(laps.quietest("both ways")):
        click.echo(line)


if __name__ == "__main__":
    main()

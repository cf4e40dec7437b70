"""The demo, step by step."""

import asyncio
import base64
import secrets
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click
from msgspec import json

from adapters.fhir.generate_invitation_tokens import read_patient_tokens
from adapters.fhir.parameters import Parameters
from application.generate_invitation_tokens.use_case import InvitedPatient
from domain.eligibility import OmissionReason
from domain.identifiers import RequestedIdentifier
from entrypoints.command_container import CommandContainer
from entrypoints.demo.mailing_list import add_environment, make_sample, next_commands
from entrypoints.demo.portal import CLIENT_ID as PORTAL_ID
from entrypoints.demo.portal import StandInPortal, portal_server
from entrypoints.demo.preparation import prepare, prepare_mailing_list
from entrypoints.demo.registration import invited_people, register, show_link
from entrypoints.demo.report import heading, reasons, show_outcomes, show_request, show_response
from entrypoints.demo.sample import ASKED, HOSPITAL
from entrypoints.demo.service import CLIENT_ID, ISSUER, Call, Issuer, free_port, generate_call, service
from entrypoints.settings import read_settings

_UNSUPPORTED = RequestedIdentifier("https://demo-hospital.invalid/record-number", "A-4711")


def run_demo(*, keep_running: bool, sample: Path | None) -> None:
    """Prepare a database, start the service, call it and explain the answer.

    Nothing is left behind except the directory `sample`, if there is one.
    """
    if sample is not None:
        make_sample(sample)
    with tempfile.TemporaryDirectory(prefix="invitations-demo-") as name, portal_server() as server:
        directory = Path(name)
        port = free_port()
        environment = _environment(directory, port, server.url)
        container = CommandContainer(settings=read_settings(environment, to_serve=True).unwrap())
        issuer = Issuer()
        issuer.publish(Path(environment["INVITATIONS_JWKS"]))
        refused = asyncio.run(_prepare(container, with_mailing_list=sample is not None))
        heading("The row that the import of the patients refused")
        click.echo("\n".join(refused))

        log = directory / "service.log"
        with service(port, environment, log) as process:
            access_token = _access_token(container, issuer, CLIENT_ID)
            call = _call(container, access_token, ASKED)
            first, second = invited_people(_show_calls(container, call, access_token, log))
            base_url, join_url = container.settings().base_url, f"http://127.0.0.1:{port}/join"
            server.portal = StandInPortal(base_url, _access_token(container, issuer, PORTAL_ID))
            register(first, join_url, server)
            if sample is not None:
                add_environment(sample, base_url, join_url, access_token)
            if keep_running or sample is not None:
                show_link(second, join_url)
                _keep_running(call, sample, process)


def _show_calls(
    container: CommandContainer, call: Call, access_token: str, log: Path
) -> Sequence[InvitedPatient]:
    heading("The call")
    invited = _make(container, call)
    heading("A call with an identifier of a system that is not supported")
    unsupported = _call(container, access_token, [*list(ASKED)[:1], _UNSUPPORTED])
    show_request(unsupported)
    show_response(unsupported.send())
    heading("What the service logged of the first call")
    click.echo(next(line for line in log.read_text().splitlines() if '"issued"' in line))
    return invited


def _environment(directory: Path, port: int, portal_url: str) -> Mapping[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{directory}/demo.db",
        "INVITATIONS_BASE_URL": f"http://127.0.0.1:{port}/fhir",
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": f"{directory}/jwks.json",
        "INVITATIONS_TOKEN_KEYS": f"demo:{key}",
        "INVITATIONS_PORTAL_URL": portal_url,
    }


async def _prepare(container: CommandContainer, *, with_mailing_list: bool) -> Sequence[str]:
    today = container.system().clock().today()
    refused = await prepare(container, today)
    if with_mailing_list:
        await prepare_mailing_list(container, today)
    await container.storage().database().close()
    return refused


def _access_token(container: CommandContainer, issuer: Issuer, client_id: str) -> str:
    settings = container.settings()
    return issuer.access_token(
        settings.audience, " ".join(settings.scopes), container.system().clock().instant(), client_id
    )


def _call(container: CommandContainer, access_token: str, identifiers: Iterable[RequestedIdentifier]) -> Call:
    return generate_call(container.settings().base_url, access_token, str(HOSPITAL.id), identifiers)


def _make(container: CommandContainer, call: Call) -> Sequence[InvitedPatient]:
    show_request(call)
    heading("The answer")
    response = call.send()
    show_response(response)
    heading("What became of each identifier")
    invited = read_patient_tokens(json.decode(response.content, type=Parameters))
    omitted = ASKED.keys() - {patient.identifier for patient in invited}
    show_outcomes(invited, asyncio.run(_explain(container, omitted)))
    return invited


async def _explain(
    container: CommandContainer, omitted: Iterable[RequestedIdentifier]
) -> Mapping[RequestedIdentifier, OmissionReason]:
    explained = await reasons(container, omitted)
    await container.storage().database().close()
    return explained


def _keep_running(call: Call, sample: Path | None, process: subprocess.Popen[bytes]) -> None:
    heading("The service keeps running; Ctrl-C ends it")
    click.echo(call.as_curl())
    if sample is not None:
        heading("In another terminal, for all patients on the mailing list")
        click.echo(next_commands(sample))
    with suppress(KeyboardInterrupt):
        process.wait()
    click.echo("Stopped.")

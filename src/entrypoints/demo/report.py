"""The output of the demo, and the reasons why patients are omitted."""

from collections.abc import Iterable, Mapping

import click
import httpx
from msgspec import json
from rich.console import Console
from rich.table import Table

from application.generate_invitation_tokens.use_case import InvitedPatient
from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from entrypoints.command_container import CommandContainer
from entrypoints.demo.sample import ASKED, HOSPITAL
from entrypoints.demo.service import Call


async def reasons(
    container: CommandContainer, omitted: Iterable[RequestedIdentifier]
) -> Mapping[RequestedIdentifier, OmissionReason]:
    """Find the reason for each omitted identifier by the eligibility policy."""
    identifiers = {each: PatientIdentifier.parse(each.system, each.value).value_or(None) for each in omitted}
    well_formed = [identifier for identifier in identifiers.values() if identifier is not None]
    patients = await container.storage().patient_repository().find(HOSPITAL.id, well_formed)
    assess = EligibilityPolicy(container.settings().minimum_age).assess
    today = container.system().clock().today()
    return {
        each: assess(patients.get(identifier) if identifier else None, today).failure()
        for each, identifier in identifiers.items()
    }


_TABLE_WIDTH = 120


def heading(text: str) -> None:
    """Show a heading."""
    click.echo(f"\n── {text} " + "─" * max(0, 100 - len(text)))


def show_request(call: Call) -> None:
    """Show a request without its access token."""
    click.echo(f"POST {call.url}")
    for name, value in call.headers.items():
        click.echo(f"{name}: {'Bearer eyJ...' if name == 'Authorization' else value}")
    click.echo(_a_line_each(call.body))


def show_response(response: httpx.Response) -> None:
    """Show a response."""
    click.echo(f"HTTP {response.status_code} {response.reason_phrase}")
    for name in ("Content-Type", "Cache-Control", "X-Request-Id"):
        click.echo(f"{name}: {response.headers[name]}")
    click.echo(_a_line_each(response.content))


def show_outcomes(
    invited: Iterable[InvitedPatient], omitted: Mapping[RequestedIdentifier, OmissionReason]
) -> None:
    """Show a line for each identifier: its code and token, or the reason why there is none."""
    tokens = {patient.identifier: patient.invitation_token for patient in invited}
    table = Table("identifier", "who", "outcome", "code", "token", "expiry, or reason")
    for identifier, who in ASKED.items():
        token = tokens.get(identifier)
        if token is None:
            table.add_row(identifier.value, who, "omitted", "", "", omitted[identifier].value)
        else:
            expiry = token.expires_at.isoformat(" ", "minutes")
            table.add_row(identifier.value, who, "[bold]invited[/]", token.code, token.token, expiry)
    Console(width=_TABLE_WIDTH, highlight=False).print(table)


def _a_line_each(body: bytes) -> str:
    """Write a resource as JSON, each of its parameters or issues on a line."""
    resource = json.decode(body)
    for entry in resource.get("parameter") or resource.get("issue") or ():
        text = json.encode(entry)
        body = body.replace(text, b"\n  " + text)
    return body.decode()

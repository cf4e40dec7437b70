"""The patient's part of the demo: from the link in a letter to the registration, and the same code again."""

import re
from collections.abc import Iterable
from datetime import date

import click
import httpx
from msgspec import Struct

from application.generate_invitation_tokens.use_case import InvitedPatient
from domain.invitations import InvitationToken
from entrypoints.demo.portal import PortalServer
from entrypoints.demo.report import heading, show_request, show_response
from entrypoints.demo.sample import BIRTH_DATES, FIRST, SECOND

_HEADING = re.compile("<h1>(.*)</h1>")
_CLAIM = re.compile('name="claim" value="([^"]*)"')


class Person(Struct, frozen=True):
    """An invited patient, who has a letter and knows the own date of birth."""

    token: InvitationToken
    birth_date: date

    def link(self, join_url: str) -> str:
        """Give the link that the QR code of the letter contains."""
        return f"{join_url}?t1={self.token.code}&t2={self.token.token}"


def invited_people(invited: Iterable[InvitedPatient]) -> tuple[Person, Person]:
    """Give two of the invited patients: one for the demo, and one for a reader who tries the page."""
    tokens = {patient.identifier.value: patient.invitation_token for patient in invited}
    first, second = (Person(tokens[number], BIRTH_DATES[number]) for number in (FIRST, SECOND))
    return first, second


def register(person: Person, join_url: str, server: PortalServer) -> None:
    """Go from the link to the portal as a browser does, and try the same code once more."""
    heading("A patient opens the link in the letter, types in the date of birth, and registers at the portal")
    click.echo(person.link(join_url))
    born = person.birth_date
    typed = {
        "code": person.token.code,
        "token": person.token.token,
        "day": str(born.day),
        "month": str(born.month),
        "year": str(born.year),
    }
    page = httpx.post(join_url, data=typed, timeout=30)
    click.echo(f"The join page says: {_heading_of(page)}")
    answer = httpx.post(server.url, data={"claim": _CLAIM.findall(page.text)[0]}, timeout=30)
    click.echo(f"The portal says: {_heading_of(answer)}")
    confirmed = server.portal.exchanges[-1]
    heading("How the portal confirmed the registration")
    show_request(confirmed.call)
    show_response(confirmed.response)
    heading("The same code again, at a portal that has a form of its own")
    again = server.portal.claim(person.token, born)
    show_request(again.call)
    show_response(again.response)


def _heading_of(page: httpx.Response) -> str:
    return str(_HEADING.findall(page.text)[0])


def show_link(person: Person, join_url: str) -> None:
    """Say how to try the page in a browser."""
    heading("In a browser, with the date of birth of this patient")
    click.echo(f"{person.link(join_url)}\nborn on {person.birth_date.day} {person.birth_date:%B %Y}")

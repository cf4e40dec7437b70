"""Builders of valid letters, addressees and invitations."""

from datetime import datetime

from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationToken, IssuedInvitation
from domain.mailing.letters import Addressee, Letter
from tests.builders import EXPIRY, an_identifier

CODE = "7Q2M9KXR4D"
TOKEN = "C5H8WZ1N6T"
NAME = "Mrs Siân Ŵyn-Jones"
ADDRESS = ("3 Ffordd y Môr", "Llandudno", "LL30 3AB")


def a_join_url(code: str = CODE, token: str = TOKEN) -> str:
    return f"http://joinpkb.com/?t1={code}&t2={token}"


def an_issued_invitation(
    code: str = CODE, *, expires_at: datetime = EXPIRY, join_url: str | None = None
) -> IssuedInvitation:
    url = a_join_url(code) if join_url is None else join_url
    return IssuedInvitation(InvitationToken(code, TOKEN, expires_at), url)


def an_addressee(
    *identifiers: PatientIdentifier, name: str = NAME, address: tuple[str, ...] = ADDRESS
) -> Addressee:
    return Addressee(identifiers or (an_identifier(),), name, address)


def a_letter(*, name: str = NAME, address: tuple[str, ...] = ADDRESS, join_url: str = a_join_url()) -> Letter:
    return Letter(
        name=name,
        address=address,
        date="2 December 2026",
        code="7Q2M9 KXR4D",
        token="C5H8W Z1N6T",
        expiry="1 January 2027",
        website="joinpkb.com",
        join_url=join_url,
    )

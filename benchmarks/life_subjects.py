"""Subjects that issue, claim, confirm, ask for and revoke invitations."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import json
from msgspec.structs import replace

from adapters.fhir.invitation_operations import INVITATION_STATUS, REVOKE_INVITATIONS
from benchmarks.access import BASE_URL
from benchmarks.http_connection import http_request
from benchmarks.http_subject import HttpSubject
from benchmarks.patients import BORN
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import Call, claim_call, confirm_call

_BORN = date.fromisoformat(BORN)
_CLAIM = re.compile(rb'"claim","valueString":"(\w+)"')
_REVOKED = re.compile(rb'"revoked","valueInteger":(\d+)')
_PATIENTS = 500
_REASON = b',{"name":"reason","valueCode":"misprinted"}]}'


class IssueSubject(HttpSubject):
    """Invites patients, and keeps the code and token of each."""

    pairs: Sequence[tuple[str, str]] = ()

    async def issue(self, patients: Sequence[RequestedIdentifier]) -> None:
        """Invite patients in one request."""
        async with self.connect(1) as [send]:
            await send(self.prepare(patients))

    def answered(self, answer: bytes) -> int:
        """Read the codes and tokens."""
        parts = [{part["name"]: part for part in entry["part"]} for entry in json.decode(answer)["parameter"]]
        issued = [(each["code"]["valueString"], each["token"]["valueString"]) for each in parts]
        self.pairs = [*self.pairs, *issued]
        return len(issued)


class ClaimSubject(HttpSubject):
    """Claims invitations, and keeps the claims."""

    claims: Sequence[str] = ()

    def claim(self, code: str, token: str) -> bytes:
        """Write the request as it goes over the wire."""
        return http_request(claim_call(BASE_URL, self._access_token, code, token, _BORN))

    def answered(self, answer: bytes) -> int:
        """Read the claim."""
        found = _CLAIM.findall(answer)
        self.claims = [*self.claims, *(claim.decode() for claim in found)]
        return len(found)


class ConfirmSubject(HttpSubject):
    """Confirms registrations."""

    counted = b'"registered"'

    def confirm(self, claim: str) -> bytes:
        """Write the request as it goes over the wire."""
        return http_request(confirm_call(BASE_URL, self._access_token, claim))


class InvitationStatusSubject(HttpSubject):
    """Asks what became of the invitations of patients."""

    operation = INVITATION_STATUS
    counted = b'"invitationStatus"'


class RevocationSubject(HttpSubject):
    """Revokes the invitations of patients, of whom each has one or more."""

    operation = REVOKE_INVITATIONS

    def _call(self, identifiers: Sequence[RequestedIdentifier]) -> Call:
        call = super()._call(identifiers)
        return replace(call, body=call.body.removesuffix(b"]}") + _REASON)

    def answered(self, answer: bytes) -> int:
        """Read how many invitations were revoked: those of 500 patients are more than 500."""
        found = _REVOKED.search(answer)
        return _PATIENTS if found and int(found[1]) >= _PATIENTS else 0

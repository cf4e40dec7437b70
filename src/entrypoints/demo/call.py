"""One call of the operation, as any HTTP client makes it."""

from collections.abc import Iterable, Mapping

import httpx
from msgspec import Struct, json

from adapters.fhir.operations import GENERATE_INVITATION_TOKENS
from adapters.fhir.patient_identifiers import patient_identifiers
from domain.requested_identifiers import RequestedIdentifier

OPERATION = GENERATE_INVITATION_TOKENS.path.removeprefix("/fhir")


class Call(Struct, frozen=True):
    """A request, ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def send(self) -> httpx.Response:
        """Send it over HTTP."""
        return httpx.post(self.url, headers=dict(self.headers), content=self.body, timeout=30)

    def as_curl(self) -> str:
        """Give the command that sends it from a shell."""
        headers = [f"-H '{name}: {value}'" for name, value in self.headers.items()]
        return " \\\n  ".join(["curl -sS", f"'{self.url}'", *headers, f"-d '{self.body.decode()}'"])


def generate_call(
    base_url: str, access_token: str, organisation_id: str, identifiers: Iterable[RequestedIdentifier]
) -> Call:
    """Ask for invitation tokens for patients."""
    headers = {
        "Authorization": f"Bearer {access_token}",
        "X-Org-Public-Id": organisation_id,
        "Content-Type": "application/fhir+json",
        "Accept": "application/fhir+json",
    }
    return Call(base_url + OPERATION, headers, json.encode(patient_identifiers(identifiers)))

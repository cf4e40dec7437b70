"""A portal that redeems the invitations of a mail house, over HTTP."""

from collections.abc import Mapping
from typing import Any

import httpx
from msgspec import json

from domain.identifiers import RequestedIdentifier
from tests.integration.http.support.call import Answered, Caller

CLAIM = "/fhir/Patient/$claim-invitation"
CONFIRM = "/fhir/Patient/$confirm-registration"
BORN = "1980-04-01"


def parameters(**values: Mapping[str, str]) -> bytes:
    """Write Parameters; each value is a property such as `{"valueString": "..."}`."""
    return json.encode(
        {
            "resourceType": "Parameters",
            "parameter": [{"name": name, **value} for name, value in values.items()],
        }
    )


def typed(code: str, token: str, birth_date: str = BORN) -> bytes:
    return parameters(
        code={"valueString": code}, token={"valueString": token}, birthDate={"valueDate": birth_date}
    )


def out_of(response: httpx.Response) -> dict[str, Any]:
    """Give the parameters of an answer that have names of their own, by name."""
    answer = response.raise_for_status().json()["parameter"]
    return {each["name"]: value for each in answer for key, value in each.items() if key.startswith("value")}


class Portal:
    """The client with the portal grant. `invite` lets the mail house invite a patient."""

    def __init__(self, client: httpx.Client, mail_house: Caller, access_token: str) -> None:
        self._client = client
        self._mail_house = mail_house
        self.access_token = access_token

    def invite(self, patient: RequestedIdentifier) -> Answered:
        [invited] = self._mail_house.ask(patient)
        return invited

    def post(
        self, path: str, content: bytes, *, access_token: str | None = None, **headers: str
    ) -> httpx.Response:
        return self._client.post(
            path,
            content=content,
            headers={
                "Authorization": f"Bearer {access_token or self.access_token}",
                "Content-Type": "application/fhir+json",
                **headers,
            },
        )

    def claim(self, invited: Answered, birth_date: str = BORN) -> httpx.Response:
        return self.post(CLAIM, typed(invited.code, invited.token, birth_date))

    def confirm(self, claim: str) -> httpx.Response:
        return self.post(CONFIRM, parameters(claim={"valueString": claim}))

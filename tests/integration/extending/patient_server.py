"""A FHIR server on loopback that answers searches for patients, and misbehaves on command."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs

from msgspec import Struct

from application.ports.patients import Decide, PatientReportRepository, StoredPatient
from domain.administration import Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import KnownPatient
from domain.patients import PatientId
from tests.integration.oauth.key_server import Answer, KeyServer

T = TypeVar("T")

BASE = "/fhir"
PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id"


class Search(Struct, frozen=True):
    """A search as it came in."""

    head: str
    parameters: Mapping[str, Sequence[str]]


class PatientServer(KeyServer):
    """Holds patients, several under one identifier if it is given them, and finds them by it."""

    def __init__(self) -> None:
        super().__init__()
        self.patients: dict[str, dict[str, Any]] = {}
        self.searches: list[Search] = []
        self.page_size = 1_000
        self.most_at_once = 0
        self._answering = 0

    @property
    def base_url(self) -> str:
        return f"{self.url}{BASE}"

    def hold(self, *patients: Mapping[str, Any]) -> None:
        self.patients.update({patient["id"]: {"resourceType": "Patient", **patient} for patient in patients})

    def find_answer(self, path: str, head: str, body: str) -> Answer:
        if path in self.answers:
            return self.answers[path]
        if path.startswith(f"{BASE}?page="):
            return self._page(int(path.partition("=")[2]))
        if path != f"{BASE}/Patient/_search":
            return Answer(status=404)
        self.searches.append(Search(head, parse_qs(body)))
        return self._page(0)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._answering += 1
        self.most_at_once = max(self.most_at_once, self._answering)
        try:
            await super()._exchange(reader, writer)
        finally:
            self._answering -= 1

    def _page(self, number: int) -> Answer:
        # the pages of one search: tests that have more than one page search once
        [tokens] = self.searches[-1].parameters["identifier"]
        wanted = {*tokens.split(",")}
        found = [patient for patient in self.patients.values() if wanted & {*_tokens(patient)}]
        end = (number + 1) * self.page_size
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": [{"relation": "next", "url": f"{self.base_url}?page={number + 1}"}]
            if end < len(found)
            else [],
            "entry": [
                {"resource": patient, "search": {"mode": "match"}}
                for patient in found[number * self.page_size : end]
            ],
        }
        return Answer(json.dumps(bundle).encode())


def _tokens(patient: Mapping[str, Any]) -> Sequence[str]:
    return [f"{each['system']}|{each['value']}" for each in patient.get("identifier", ())]


def a_resource(*identifiers: PatientIdentifier, patient_id: str = "1", **elements: Any) -> dict[str, Any]:
    """Give an adult's Patient with what a test names besides."""
    identifier = [{"system": each.system, "value": each.value} for each in identifiers]
    return {"id": patient_id, "identifier": identifier, "birthDate": "1980-04-01", **elements}


def organisation_reference(organisation_id: OrganisationId) -> dict[str, Any]:
    return {"identifier": {"system": PUBLIC_ID, "value": str(organisation_id)}}


class ServedPatients(PatientReportRepository):
    """Fills a server with what the contract reports, and refuses nothing, as such a server does."""

    def __init__(self, server: PatientServer, registered: set[str]) -> None:
        self._server = server
        self._registered = registered
        self._known: dict[PatientId, KnownPatient] = {}

    async def find(
        self, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        return {
            each: StoredPatient(patient_id, known)
            for patient_id, known in self._known.items()
            for each in known.identifiers.intersection(identifiers)
        }

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        changes, answer = decide(await self.find(identifiers))
        self._known.update(changes.new)
        self._known.update({each: after for each, (_before, after) in changes.changed.items()})
        for patient_id in changes.reported:
            self._serve(patient_id, organisation_id)
        return answer

    def _serve(self, patient_id: PatientId, organisation_id: OrganisationId) -> None:
        known = self._known[patient_id]
        served = self._server.patients.get(str(patient_id), {})
        practices = [*served.get("generalPractitioner", ()), organisation_reference(organisation_id)]
        self._server.hold(_resource_of(patient_id, known) | {"generalPractitioner": practices})
        if known.registered:
            self._registered.add(str(patient_id))


def _resource_of(patient_id: PatientId, known: KnownPatient) -> dict[str, Any]:
    born = known.date_of_birth
    elements = {"birthDate": "1980" if born is None else born.isoformat(), "deceasedBoolean": known.deceased}
    return a_resource(*known.identifiers, patient_id=str(patient_id), **elements)


@asynccontextmanager
async def running_patient_server() -> AsyncIterator[PatientServer]:
    server = PatientServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()

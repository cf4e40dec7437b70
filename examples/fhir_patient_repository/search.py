"""A FHIR server's search for patients by their identifiers.

Source: http://hl7.org/fhir/STU3/search.html
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import aclosing

import httpx
from msgspec import Struct, json

from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from examples.fhir_patient_repository.resources import Bundle, PatientResource

_HEADERS = {"Accept": "application/fhir+json"}


class PatientServerUnavailable(Unavailable):
    """The FHIR server does not answer, or not as a FHIR server does.

    The message is a fixed sentence for the operator's log; it holds nothing of a patient.
    """


class SearchLimits(Struct, frozen=True):
    """What is asked of the server, and how much of it is taken."""

    identifiers: int = 100
    """How many identifiers one search names."""
    searches_at_once: int = 4
    pages: int = 20
    """How many pages of one search are read; a server whose pages never end is out of order."""
    page_bytes: int = 8_388_608
    seconds: float = 10.0
    """How long all searches for one call may take."""


_LIMITS = SearchLimits()


class PatientSearch:
    """Sends searches, reads every page of what they find, and turns every failure into `Unavailable`."""

    def __init__(self, client: httpx.AsyncClient, base_url: str, limits: SearchLimits = _LIMITS) -> None:
        """Take an HTTP client, which authenticates itself, and the base URL of the FHIR server."""
        self.base_url = base_url.rstrip("/")
        self._client = client
        self._limits = limits
        self._free = asyncio.Semaphore(limits.searches_at_once)

    async def find(self, identifiers: Sequence[PatientIdentifier]) -> list[PatientResource]:
        """Find the patients that the identifiers name. Raises `PatientServerUnavailable`."""
        try:
            async with asyncio.timeout(self._limits.seconds), asyncio.TaskGroup() as group:
                searches = [group.create_task(self._search(each)) for each in self._batches(identifiers)]
        except TimeoutError as error:
            raise PatientServerUnavailable("the patient server takes too long") from error
        except ExceptionGroup as failures:
            # the first failure speaks for all, as what it is: a bug stays a bug
            first = failures.exceptions[0]
            raise first from first.__cause__
        return [patient for search in searches for patient in search.result()]

    def _batches(self, identifiers: Sequence[PatientIdentifier]) -> Iterator[Sequence[PatientIdentifier]]:
        size = self._limits.identifiers
        return (identifiers[start : start + size] for start in range(0, len(identifiers), size))

    async def _search(self, identifiers: Sequence[PatientIdentifier]) -> list[PatientResource]:
        # a form, because URLs end up in the logs of servers and proxies
        request = self._client.build_request(
            "POST",
            f"{self.base_url}/Patient/_search",
            headers=_HEADERS,
            data={
                "identifier": ",".join(f"{each.system}|{each.value}" for each in identifiers),
                "_count": str(len(identifiers)),
            },
        )
        patients: list[PatientResource] = []
        async with self._free:
            for _ in range(self._limits.pages):
                next_url = self._read(await self._exchange(request), patients)
                if next_url is None:
                    return patients
                request = self._client.build_request("GET", next_url, headers=_HEADERS)
        raise PatientServerUnavailable("the patient server's pages do not end")

    async def _exchange(self, request: httpx.Request) -> bytes:
        try:
            response = await self._client.send(request, stream=True, follow_redirects=False)
            async with aclosing(response):
                if response.status_code != httpx.codes.OK:
                    status = response.status_code
                    raise PatientServerUnavailable(f"the patient server answers with status {status}")
                return await self._body(response)
        except httpx.HTTPError as error:
            raise PatientServerUnavailable("the patient server does not answer") from error

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._limits.page_bytes:
                raise PatientServerUnavailable("a page of the patient server is too large")
        return bytes(body)

    def _read(self, body: bytes, patients: list[PatientResource]) -> httpx.URL | None:
        """Add the patients of a page, and give the URL of the next page."""
        try:
            bundle = json.decode(body, type=Bundle)
            patients.extend(bundle.patients())
            base_url = httpx.URL(f"{self.base_url}/")
            next_url = None if bundle.next_url is None else base_url.join(bundle.next_url)
        except (ValueError, RecursionError, httpx.InvalidURL):
            # their texts may repeat what stands in the answer
            raise PatientServerUnavailable("the patient server gives no bundle of patients") from None
        if next_url is not None and _origin(next_url) != _origin(base_url):
            # the client's credentials are for this server alone
            raise PatientServerUnavailable("the patient server's next page is on another server")
        return next_url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port

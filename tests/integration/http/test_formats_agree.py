"""A request in XML gets the answer that the same request in JSON gets."""

from collections.abc import Mapping
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrypoints.container import Container
from tests.builders import NHS
from tests.fhir_builders import parameters
from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.call import OPERATION, request_headers
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.resource_in import resource_in

NAME = "patientIdentifier"

systems = st.sampled_from([NHS.value, "urn:x", "https://hospital.test/?a=1&b=<2>", ""])
values = st.sampled_from([ADULT.value, "9992000008", "<&\"'>", " a\tb\n", "\N{GRINNING FACE}", ""])


def objects(**elements: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Give objects with any of these elements."""
    return st.fixed_dictionaries({}, optional=elements)


texts = st.sampled_from(["a", "b c"])
unread = objects(
    text=texts, start=texts, extension=st.lists(objects(url=texts, valueString=texts), min_size=1)
)
good = st.fixed_dictionaries(
    {
        "name": st.just(NAME),
        "valueIdentifier": objects(
            id=texts, use=texts, type=unread, system=systems, value=values, period=unread, assigner=unread
        ),
    }
) | st.builds(lambda system, value: {"name": NAME, "valueString": f"{system}|{value}"}, systems, values)
odd_identifiers = objects(system=systems, value=values, odd=texts)
bad = st.one_of(
    st.builds(lambda identifier: {"name": NAME, "valueIdentifier": identifier}, odd_identifiers),
    objects(name=st.just(NAME), valueString=texts, valueDateTime=texts, valueCode=texts, odd=texts),
    st.fixed_dictionaries(
        {"name": texts}, optional={"valueInteger": texts, "part": st.lists(good, min_size=1)}
    ),
)
"""The faults of a parameter. A body has one at most, so that their order does not matter."""

bodies = st.builds(
    lambda before, wrong, after, elements: parameters(*before, *wrong, *after, **elements),
    st.lists(good, min_size=1, max_size=3),
    st.lists(bad, max_size=1),
    st.lists(good, max_size=2),
    objects(id=texts, language=texts, meta=unread),
)


def said(response: httpx.Response) -> tuple[int, dict[str, Any]]:
    """Give status and resource, without what differs from call to call: codes, tokens and expiry."""
    resource = resource_in(response)
    for entry in resource.get("parameter", ()):
        entry["part"] = [part for part in entry["part"] if part["name"] == NAME]
    return response.status_code, resource


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(bodies)
async def test_whatever_is_asked(container_in_memory: Container, issuer: Issuer, body: bytes) -> None:
    sent: Mapping[str, bytes] = {"application/fhir+json": body, "application/fhir+xml": as_xml(body)}
    async with client_of(container_in_memory.http.app()) as client:
        answers = []
        for media_type, content in sent.items():
            headers = request_headers(
                issuer.access_token(), {"Content-Type": media_type, "Accept": media_type}
            )
            answers.append(said(await client.post(OPERATION, headers=headers, content=content)))

    assert answers[0] == answers[1]

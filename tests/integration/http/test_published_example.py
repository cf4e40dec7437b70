"""The published example of the operation, sent unchanged.

Source: http://dev.patientsknowbest.com/home/fhir-api/operation/generate-invitation-tokens/examples
"""

import json
from typing import Any

from tests.fhir_builders import parameters
from tests.integration.http.support.call import Caller, answered
from tests.integration.http.support.people import PUBLISHED

IDENTIFIER = {
    "name": "patientIdentifier",
    "valueIdentifier": {"system": PUBLISHED.system, "value": PUBLISHED.value},
}
HEADERS = {"Accept": "application/fhir+json", "Content-Type": "application/fhir+json", "X-Request-Id": None}


def published_answer(code: str, token: str, expiry: str) -> str:
    parts = [
        IDENTIFIER,
        {"name": "code", "valueString": code},
        {"name": "token", "valueString": token},
        # the example spells it valueDatetime, which FHIR does not know
        {"name": "expiry", "valueDateTime": expiry},
    ]
    return json.dumps({"resourceType": "Parameters", "parameter": [{"name": "patientTokens", "part": parts}]})


def in_order(text: str) -> Any:
    """Read JSON so that the order of properties counts."""
    return json.loads(text, object_pairs_hook=list)


def test_is_answered_element_by_element_as_published(caller: Caller) -> None:
    response = caller.call(parameters(IDENTIFIER), HEADERS)

    [entry] = answered(response)
    assert in_order(response.text) == in_order(published_answer(entry.code, entry.token, entry.expiry))
    assert (len(entry.code), len(entry.token), len(entry.expiry)) == (10, 10, 29)

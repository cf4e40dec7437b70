"""Builders of valid request bodies in JSON and XML."""

import json
from typing import Any

from domain.identifiers import RequestedIdentifier
from tests.builders import a_requested_identifier

ADULT = a_requested_identifier()
NAME = '<name value="patientIdentifier"/>'
SYSTEM = f'<system value="{ADULT.system}"/>'
VALUE = f'<value value="{ADULT.value}"/>'
IDENTIFIER = f"<valueIdentifier>{SYSTEM}{VALUE}</valueIdentifier>"
GOOD = f"<parameter>{NAME}{IDENTIFIER}</parameter>"
FHIR = 'xmlns="http://hl7.org/fhir"'


def parameters(*parameter: object, **elements: object) -> bytes:
    return json.dumps({"resourceType": "Parameters", "parameter": parameter, **elements}).encode()


def patient_identifier(identifier: RequestedIdentifier, **changes: object) -> dict[str, Any]:
    value = {"system": identifier.system, "value": identifier.value, **changes}
    return {"name": "patientIdentifier", "valueIdentifier": value}


def parameters_xml(content: str = GOOD, attributes: str = FHIR) -> str:
    return f"<Parameters {attributes}>{content}</Parameters>"

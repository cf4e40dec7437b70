"""Requests in XML, to be broken by tests."""

from tests.integration.http.support.people import ADULT

NAME = '<name value="patientIdentifier"/>'
SYSTEM = f'<system value="{ADULT.system}"/>'
VALUE = f'<value value="{ADULT.value}"/>'
IDENTIFIER = f"<valueIdentifier>{SYSTEM}{VALUE}</valueIdentifier>"
GOOD = f"<parameter>{NAME}{IDENTIFIER}</parameter>"
FHIR = 'xmlns="http://hl7.org/fhir"'


def parameters_xml(content: str = GOOD, attributes: str = FHIR) -> str:
    return f"<Parameters {attributes}>{content}</Parameters>"

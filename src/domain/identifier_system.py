"""Which national numbering schemes a patient may be named in."""

from enum import StrEnum


class IdentifierSystem(StrEnum):
    """A national identifier system; the value is the URI that callers name it by.

    The ranges of the three overlap, so a number means nothing without its system.
    Source: http://dev.patientsknowbest.com/home/fhir-api/identifier-systems
    """

    NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
    CHI_NUMBER = "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53"
    HEALTH_AND_CARE_NUMBER = "urn:uuid:1479257a-ce8f-482a-89fa-429ac066c158"

"""What resources have in common that define something and are known by a canonical URL.

Source: http://hl7.org/fhir/STU3/metadatatypes.html
"""

from typing import Literal

from msgspec import Struct


class Definition(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A resource that can be read by its id, and found by its URL."""

    resource_type: Literal["CodeSystem", "OperationDefinition"]
    id: str
    url: str
    name: str

"""The resource in an answer, whatever its format."""

from typing import Any

import httpx
from fhir.resources.STU3 import get_fhir_model_class
from lxml import etree
from msgspec import json


def resource_in(response: httpx.Response) -> dict[str, Any]:
    """Read the resource as JSON. A third-party library reads XML."""
    if "xml" not in response.headers["Content-Type"]:
        return json.decode(response.content, type=dict[str, Any])
    library: Any = get_fhir_model_class(etree.QName(etree.fromstring(response.content)).localname)
    read = library.model_validate_xml(response.content)
    return json.decode(read.model_dump_json(), type=dict[str, Any])

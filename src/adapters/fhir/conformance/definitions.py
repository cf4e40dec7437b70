"""The resources that the service publishes about itself, each with a canonical URL."""

from adapters.fhir.conformance.code_systems import omission_reasons, response_codes
from adapters.fhir.conformance.operation_definition import OperationDefinition, operation_definition
from adapters.fhir.conformance.search import Collection, SearchParameter
from adapters.fhir.elements import Definition
from adapters.fhir.operations import OPERATIONS


def definitions(base_url: str) -> tuple[Collection, Collection]:
    """List the code systems and the definitions of operations under `base_url`."""
    by_id = SearchParameter("_id", "token", "The logical id.", _id)
    by_url = SearchParameter("url", "uri", "The canonical URL.", _url)
    by_code = SearchParameter("code", "token", "The name of the operation, without $.", _code)
    return (
        Collection(
            "CodeSystem",
            f"{base_url}/CodeSystem",
            (response_codes(), omission_reasons(base_url)),
            (by_id, by_url),
        ),
        Collection(
            "OperationDefinition",
            f"{base_url}/OperationDefinition",
            tuple(map(operation_definition, OPERATIONS)),
            (by_id, by_url, by_code),
        ),
    )


def _id(resource: Definition) -> str:
    return resource.id


def _url(resource: Definition) -> str:
    return resource.url


def _code(resource: Definition) -> str:
    return resource.code if isinstance(resource, OperationDefinition) else ""

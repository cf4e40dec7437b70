"""What the OpenAPI document says of an operation, as its declaration has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)

from adapters.fhir.operations import OperationDeclaration
from adapters.fhir.parameters import Parameters
from adapters.http.formats import FHIR_JSON, FHIR_XML
from adapters.http.openapi.formats import FORMAT_PARAMETER, add_xml, described_in_xml
from adapters.http.openapi.page import ACCESS_TOKEN
from adapters.http.openapi.refusals import refusals_of_calls
from adapters.http.refusals.refusal import ORGANISATION_HEADER


def responses(operation: OperationDeclaration, example: Example) -> Mapping[int, ResponseSpec]:
    """Describe the answer, with an example, and every refusal."""
    answer = ResponseSpec(
        Parameters,
        description=operation.gives.documentation,
        media_type=FHIR_JSON,
        generate_examples=False,
        examples=[example],
    )
    return {
        200: answer,
        **{status: each.response() for status, each in refusals_of_calls(operation.limit).items()},
    }


@dataclass
class DeclaredOperation(Operation):
    """An operation with its body and headers, which the handler reads by itself.

    A subclass names the declaration and gives an example of a body.
    """

    declaration: ClassVar[OperationDeclaration]
    example_body: ClassVar[Mapping[str, Any]]

    def __post_init__(self) -> None:
        """Fill in what cannot be seen from the handler's signature."""
        operation = self.declaration
        self.tags = [operation.resource]
        self.summary = operation.title
        self.description = f"{operation.description}\n\n{operation.comment}"
        self.security = [{ACCESS_TOKEN: []}]
        self.parameters = [
            Parameter(
                name=ORGANISATION_HEADER,
                param_in="header",
                required=True,
                description="The UUID of the organisation that the caller acts for.",
                schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID),
            ),
            Parameter(
                name="X-Request-Id",
                param_in="header",
                required=False,
                description=(
                    "An id by which the request can be spoken of; it is logged, and sent back. One that "
                    "is not 1 to 64 letters, digits, dots, hyphens and underscores is replaced."
                ),
                schema=Schema(type=OpenAPIType.STRING),
            ),
            FORMAT_PARAMETER,
        ]
        taken = operation.takes
        self.request_body = RequestBody(
            content={
                FHIR_JSON: OpenAPIMediaType(
                    schema=Reference(ref="#/components/schemas/Parameters"), example=self.example_body
                ),
                FHIR_XML: described_in_xml(Parameters, self.example_body),
            },
            description=f"{taken.min} to {taken.max} parameters `{taken.name}`. {taken.documentation}",
            required=True,
        )
        add_xml(self.responses or {})

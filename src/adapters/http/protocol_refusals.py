"""Refusals that only HTTP has: media types, bodies, paths, methods and searches."""

from collections.abc import Iterable, Sequence
from http import HTTPMethod
from typing import TypeAlias, assert_never

from adapters.fhir.conformance.definitions import definitions
from adapters.fhir.conformance.search import ModifierUnsupported, SearchParameterUnknown, SearchRefused
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER, ROOT, OperationDeclaration
from adapters.fhir.operation_outcome import IssueType
from adapters.fhir.operation_parameters import ALL_PARAMETERS
from adapters.fhir.operations import OPERATIONS
from adapters.fhir.parameters import (
    BodyNotReadable,
    BodyNotValid,
    BodyRefused,
    DateNotFull,
    ElementsMissing,
    ParametersExclusive,
    ParametersMissing,
    ParametersUnknown,
    ValueNotAllowed,
    ValuesMissing,
)
from adapters.fhir.wire_format import WireFormat
from adapters.http.bodies import BodyNotReceived, BodyTooLarge, CallerGone, TransferFailed
from adapters.http.formats import (
    FormatUnknown,
    MediaTypeRefused,
    NotAcceptable,
    UnsupportedContentCoding,
    UnsupportedMediaType,
)
from adapters.http.status_codes import Refusal, http_refusal
from adapters.serving.refusals import MALFORMED_IDEMPOTENCY_KEY, NOT_RECEIVED, TOO_LARGE
from domain.idempotency import MalformedIdempotencyKey

RequestRefused: TypeAlias = MediaTypeRefused | TransferFailed | BodyRefused | MalformedIdempotencyKey
"""Why a request cannot be read."""

BAD_REQUEST = Refusal(400, IssueType.INVALID, "The request is not well-formed HTTP.")
UNKNOWN_TRANSFER_CODING = Refusal(
    501,
    IssueType.NOT_SUPPORTED,
    "Send the body with Content-Length, or with Transfer-Encoding: chunked alone.",
)


def request_refusal(refused: RequestRefused) -> Refusal:
    """Say why a request cannot be read."""
    match refused:
        case NotAcceptable() | FormatUnknown() | UnsupportedMediaType() | UnsupportedContentCoding():
            return media_type_refusal(refused)
        case BodyTooLarge():
            return http_refusal(TOO_LARGE)
        case BodyNotReceived():
            return http_refusal(NOT_RECEIVED)
        case CallerGone():
            return BAD_REQUEST
        case MalformedIdempotencyKey():
            return http_refusal(MALFORMED_IDEMPOTENCY_KEY)
        case _:
            return body_refusal(refused)


def media_type_refusal(refused: MediaTypeRefused) -> Refusal:
    """Say which media types the service takes."""
    sent = (
        "Send the body as application/fhir+json or application/fhir+xml in UTF-8, without a content coding."
    )
    match refused:
        case NotAcceptable():
            sentence = (
                "The answer comes as application/fhir+json or application/fhir+xml, "
                "which the header Accept rules out."
            )
            return Refusal(406, IssueType.NOT_SUPPORTED, sentence, header="Accept")
        case FormatUnknown():
            sentence = "The answer comes as json or xml, which the parameter _format does not ask for."
            return Refusal(406, IssueType.NOT_SUPPORTED, sentence, header="_format")
        case UnsupportedMediaType():
            return Refusal(415, IssueType.NOT_SUPPORTED, sent, header="Content-Type")
        case UnsupportedContentCoding():
            # https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16
            headers = {"Accept-Encoding": "identity"}
            return Refusal(415, IssueType.NOT_SUPPORTED, sent, headers=headers, header="Content-Encoding")
        case _:
            assert_never(refused)


_NOT_READABLE = {
    WireFormat.JSON: "The body is not JSON in UTF-8, names a property twice, or is nested too deep.",
    WireFormat.XML: (
        "The body is not XML in UTF-8, has a document type declaration or too much markup, "
        "or is nested too deep."
    ),
}


_NOT_VALID = (
    "The body is not a FHIR STU3 Parameters resource as this operation takes it: "
    "an element is unknown, missing, out of place, or has a value of the wrong type."
)
_RESOURCE_TYPE = "Parameters.resourceType"
_OTHER_RESOURCE = (
    " The resource is Parameters; in XML, its elements are in the namespace http://hl7.org/fhir."
)


def body_refusal(refused: BodyRefused) -> Refusal:
    """Say what is wrong with the body."""
    match refused:
        case BodyNotReadable(wire_format):
            return Refusal(400, IssueType.STRUCTURE, _NOT_READABLE[wire_format])
        case BodyNotValid(expressions):
            hint = _OTHER_RESOURCE if _RESOURCE_TYPE in expressions else ""
            return Refusal(400, IssueType.STRUCTURE, f"{_NOT_VALID}{hint}", expressions=expressions)
        case ElementsMissing(expressions):
            sentence = f"Each {PATIENT_IDENTIFIER} needs an Identifier with system and value."
            return Refusal(400, IssueType.REQUIRED, sentence, expressions=expressions)
        case ValuesMissing(expressions, names):
            sentence = f"The operation needs one value of {_listed(names)}."
            return Refusal(400, IssueType.REQUIRED, sentence, expressions=expressions)
        case DateNotFull(expressions, name):
            sentence = f"The parameter {name} takes a full date, such as 1980-04-23."
            return Refusal(400, IssueType.VALUE, sentence, expressions=expressions)
        case ParametersUnknown(expressions, takes):
            sentence = f"The operation has no parameter of this name; it takes {_listed(takes)}."
            return Refusal(400, IssueType.NOT_SUPPORTED, sentence, expressions=expressions)
        case ParametersMissing(names):
            sentence = f"Send the parameter {' or '.join(names)}."
            return Refusal(400, IssueType.REQUIRED, sentence, expressions=(ALL_PARAMETERS,))
        case ParametersExclusive(expressions, names):
            sentence = f"Send either {' or '.join(names)}, not both."
            return Refusal(400, IssueType.VALUE, sentence, expressions=expressions)
        case ValueNotAllowed(expression, takes):
            return Refusal(400, IssueType.VALUE, f"The parameter takes {takes}.", expressions=(expression,))
        case _:
            assert_never(refused)


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


NOT_FOUND = Refusal(404, IssueType.NOT_FOUND, "There is nothing at this path.")

_READABLE = {
    collection.type: _listed(sorted(resource.id for resource in collection.resources))
    for collection in definitions("")
}
_BY_CODE = {f"${operation.code}": operation for operation in OPERATIONS}


def nothing_at(path: str, public_root: str = ROOT) -> Refusal:
    """Refuse a path. The sentence repeats nothing of it: it may name a patient.

    `public_root` is where callers find what the service answers under /fhir.
    """
    calls = _listed([_call(operation, public_root) for operation in OPERATIONS])
    root, *segments = path.strip("/").split("/")
    if root != "fhir":
        return NOT_FOUND
    match segments:
        case [*_, last] if last in _BY_CODE:
            operation = _BY_CODE[last]
            return _not_found(
                f"The operation is on the type {operation.resource}: {_call(operation, public_root)}."
            )
        case [*_, last] if last.startswith("$"):
            return _not_found(f"There is no such operation. There are {calls}.")
        case [kind, _] if kind in _READABLE:
            return _not_found(f"There is no {kind} of this id. There are {_READABLE[kind]}.")
        case _:
            return _not_found(
                f"There is nothing at this path. There are {calls}, and to read "
                f"{', '.join(_READABLE)} and metadata."
            )


def _call(operation: OperationDeclaration, public_root: str) -> str:
    return f"POST {public_root}{operation.path.removeprefix(ROOT)}"


def _not_found(sentence: str) -> Refusal:
    return Refusal(404, IssueType.NOT_FOUND, sentence)


def search_refusal(refused: SearchRefused) -> Refusal:
    """Say which parameters the search has."""
    parameters = ", ".join(refused.parameters)
    match refused:
        case ModifierUnsupported():
            sentence = f"The search takes no modifiers. Its parameters are: {parameters}."
        case SearchParameterUnknown():
            sentence = f"The search has no parameter of this name. Its parameters are: {parameters}."
        case _:
            assert_never(refused)
    return Refusal(400, IssueType.NOT_SUPPORTED, sentence)


def method_not_allowed(allowed: Iterable[str]) -> Refusal:
    """Refuse a method; `allowed` are those that the path takes. Where there is GET, there is HEAD."""
    known = set(allowed)
    methods = ", ".join(sorted(known | {HTTPMethod.HEAD.value} if HTTPMethod.GET in known else known))
    return Refusal(
        405,
        IssueType.NOT_SUPPORTED,
        f"The path does not take this method; it takes {methods}.",
        headers={"Allow": methods},
    )

"""The error table, third part: paths, searches, what the framework refuses, and faults of the service."""

from collections.abc import Iterable
from typing import assert_never

from adapters.fhir.conformance.definitions import definitions
from adapters.fhir.conformance.search import ModifierUnsupported, SearchParameterUnknown, SearchRefused
from adapters.fhir.operation_outcome import IssueType
from adapters.fhir.operations import OPERATIONS
from adapters.http.refusals.refusal import Refusal

_READABLE = {
    collection.type: " and ".join(sorted(resource.id for resource in collection.resources))
    for collection in definitions("")
}
_CALLS = " and ".join(f"POST {operation.path}" for operation in OPERATIONS)
_BY_CODE = {f"${operation.code}": operation for operation in OPERATIONS}


def nothing_at(path: str) -> Refusal:
    """Refuse a path, repeating nothing of it: it may name a patient."""
    root, *segments = path.strip("/").split("/")
    if root != "fhir":
        return NOT_FOUND
    match segments:
        case [*_, last] if last in _BY_CODE:
            operation = _BY_CODE[last]
            return _not_found(f"The operation is on the type {operation.resource}: POST {operation.path}.")
        case [*_, last] if last.startswith("$"):
            return _not_found(f"There is no such operation. There are {_CALLS}.")
        case [kind, _] if kind in _READABLE:
            return _not_found(f"There is no {kind} of this id. There are {_READABLE[kind]}.")
        case _:
            return _not_found(
                f"There is nothing at this path. There are {_CALLS}, and to read "
                f"{', '.join(_READABLE)} and metadata."
            )


def _not_found(sentence: str) -> Refusal:
    return Refusal(404, IssueType.NOT_FOUND, sentence)


def search_refusal(refused: SearchRefused) -> Refusal:
    """Say which parameters there are."""
    parameters = ", ".join(refused.parameters)
    match refused:
        case ModifierUnsupported():
            sentence = f"The search takes no modifiers. Its parameters are: {parameters}."
        case SearchParameterUnknown():
            sentence = f"The search has no parameter of this name. Its parameters are: {parameters}."
        case _:
            assert_never(refused)
    return Refusal(400, IssueType.NOT_SUPPORTED, sentence)


RETRY_AFTER_SECONDS = "2"

NOT_FOUND = Refusal(404, IssueType.NOT_FOUND, "There is nothing at this path.")

BODY_NOT_RECEIVED = Refusal(408, IssueType.TIMEOUT, "The body was not received in time. Send it again.")

BODY_TOO_LARGE = Refusal(
    413, IssueType.TOO_LONG, "The body is larger than the service takes. Send less at once."
)

BAD_REQUEST = Refusal(400, IssueType.INVALID, "The request is not well-formed HTTP.")

UNAVAILABLE = Refusal(
    503,
    IssueType.TRANSIENT,
    "The service cannot answer now. Nothing was lost; try again later.",
    headers={"Retry-After": RETRY_AFTER_SECONDS},
)


def method_not_allowed(allowed: Iterable[str]) -> Refusal:
    """Refuse a method; `allowed` are those that the path takes."""
    methods = ", ".join(allowed)
    return Refusal(
        405,
        IssueType.NOT_SUPPORTED,
        f"The path does not take this method; it takes {methods}.",
        headers={"Allow": methods},
    )


def unexpected(request_id: str) -> Refusal:
    """Admit a bug, telling nothing of it but the id under which it is logged."""
    return Refusal(
        500,
        IssueType.EXCEPTION,
        f"An unexpected error occurred. If it persists, report the request id {request_id}.",
    )

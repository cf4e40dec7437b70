"""The error table, fifth part: what to say where nothing is, so that a caller finds what there is."""

from adapters.fhir.definitions import definitions
from adapters.fhir.operation_outcome import IssueType
from adapters.fhir.operations import OPERATIONS
from adapters.http.refusal import Refusal
from adapters.http.transport_refusals import NOT_FOUND

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

"""The error table, fourth part: why a search is not carried out."""

from typing import assert_never

from adapters.fhir.operation_outcome import IssueType
from adapters.fhir.search import ModifierUnsupported, SearchParameterUnknown, SearchRefused
from adapters.http.refusal import Refusal


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

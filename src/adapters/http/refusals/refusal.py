"""A refusal as HTTP and FHIR say it."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET, Struct

from adapters.fhir.elements import CodeableConcept, Coding
from adapters.fhir.operation_outcome import (
    MAX_EXPRESSIONS,
    RESPONSE_CODE_SYSTEM,
    Issue,
    IssueType,
    OperationOutcome,
    ResponseCode,
)


class Refusal(Struct, frozen=True):
    """Status and headers, and what the OperationOutcome says.

    `diagnostics` is a fixed sentence, `expressions` point into the body, `header` names the header, or
    the parameter in the query, that is at fault.
    """

    status: int
    issue_type: IssueType
    diagnostics: str
    response_code: ResponseCode | None = None
    headers: Mapping[str, str] = {}
    header: str | None = None
    expressions: Sequence[str] = ()

    def outcome(self) -> OperationOutcome:
        """Say it in FHIR."""
        issue = Issue(
            severity="error",
            code=self.issue_type,
            details=_details(self.issue_type, self.response_code),
            diagnostics=self.diagnostics,
            location=[f"http.{self.header}"] if self.header else UNSET,
            expression=list(self.expressions[:MAX_EXPRESSIONS]) or UNSET,
        )
        return OperationOutcome(resource_type="OperationOutcome", issue=[issue])


def _details(kind: IssueType, code: ResponseCode | None) -> CodeableConcept:
    if code is None:
        return CodeableConcept(text=kind.text)
    coding = Coding(system=RESPONSE_CODE_SYSTEM, code=code.value, display=code.display)
    return CodeableConcept(coding=[coding], text=kind.text)

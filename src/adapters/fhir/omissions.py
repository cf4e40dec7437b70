"""Why patients were left out of an answer, for a caller that wants to know and may."""

from collections.abc import Sequence

from adapters.fhir.code_systems import omission_reason
from adapters.fhir.elements import CodeableConcept
from adapters.fhir.operation_outcome import Issue, IssueType, OperationOutcome
from adapters.fhir.operation_parameters import parameter_path
from domain.decisions import OmittedPatient


def omissions(omitted: Sequence[OmittedPatient], base_url: str) -> OperationOutcome:
    """Tell the reason for each identifier left out, at its first position in the request."""
    issues = [_issue(each, base_url) for each in omitted]
    return OperationOutcome(resource_type="OperationOutcome", issue=issues or [_NOBODY_OMITTED])


def _issue(omitted: OmittedPatient, base_url: str) -> Issue:
    reason = omission_reason(omitted.reason, base_url)
    return Issue(
        severity="information",
        code=IssueType.INFORMATIONAL,
        details=CodeableConcept(coding=[reason], text=IssueType.INFORMATIONAL.text),
        diagnostics="The patient is not invited.",
        expression=[parameter_path(omitted.position)],
    )


# an OperationOutcome has at least one issue
_NOBODY_OMITTED = Issue(
    severity="information",
    code=IssueType.INFORMATIONAL,
    details=CodeableConcept(text=IssueType.INFORMATIONAL.text),
    diagnostics="Every patient is invited.",
)

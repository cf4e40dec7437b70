"""Why patients were left out of an answer, for a caller that wants to know and may."""

from collections.abc import Mapping, Sequence

from adapters.fhir.code_systems import omission_reason
from adapters.fhir.elements import CodeableConcept
from adapters.fhir.operation_outcome import Issue, IssueType, OperationOutcome
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.operations import OUTCOME
from adapters.fhir.parameters import Parameters
from domain.decisions import OmittedPatient


def omissions(omitted: Sequence[OmittedPatient], base_url: str) -> OperationOutcome:
    """Tell the reason for each identifier left out, at its first position in the request."""
    issues = [_issue(each, base_url) for each in omitted]
    return OperationOutcome(resource_type="OperationOutcome", issue=issues or [_NOBODY_OMITTED])


def read_omissions(parameters: Parameters) -> Mapping[str, str]:
    """Read why patients were left out, as far as an answer tells: codes by the path of the identifier."""
    issues = [
        issue
        for entry in parameters.parameter or ()
        if entry.name == OUTCOME and isinstance(entry.resource, OperationOutcome)
        for issue in entry.resource.issue
    ]
    return {
        path: coding.code
        for issue in issues
        for path in issue.expression or ()
        for coding in (issue.details.coding or [])[:1]
    }


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

"""The answer of the operation generate-invitation-tokens, with the reasons for omissions."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import UNSET

from adapters.fhir.conformance.code_systems import omission_reason
from adapters.fhir.elements import CodeableConcept, Identifier
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER
from adapters.fhir.operation_outcome import Issue, IssueType, OperationOutcome
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.operations import OUTCOME, PATIENT_TOKENS
from adapters.fhir.parameters import Parameter, Parameters
from application.generate_invitation_tokens.use_case import GeneratedTokens, InvitedPatient
from domain.eligibility import OmittedPatient
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationToken


def patient_tokens(generated: GeneratedTokens, outcome: OperationOutcome | None = None) -> Parameters:
    """Write the tokens of the invited patients. `outcome` holds the reasons for omissions, if wanted."""
    parameters = [_patient_tokens(patient) for patient in generated.invited]
    if outcome is not None:
        parameters.append(Parameter(name=OUTCOME, resource=outcome))
    return Parameters(resource_type="Parameters", parameter=parameters or UNSET)


def _patient_tokens(patient: InvitedPatient) -> Parameter:
    identifier = Identifier(system=patient.identifier.system, value=patient.identifier.value)
    token = patient.invitation_token
    # in the order of the published example, because clients may rely on it
    return Parameter(
        name=PATIENT_TOKENS,
        part=[
            Parameter(name=PATIENT_IDENTIFIER, value_identifier=identifier),
            Parameter(name="code", value_string=token.code),
            Parameter(name="token", value_string=token.token),
            Parameter(name="expiry", value_date_time=_date_time(token.expires_at)),
        ],
    )


# the tokens of an answer expire together
@lru_cache(maxsize=8)
def _date_time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def read_patient_tokens(parameters: Parameters) -> Sequence[InvitedPatient]:
    """Read an answer as a client does, parts by name. Raises ValueError if one is missing."""
    return [
        _invited_patient(entry.part or [])
        for entry in parameters.parameter or ()
        if entry.name == PATIENT_TOKENS
    ]


def _invited_patient(parts: Sequence[Parameter]) -> InvitedPatient:
    match {part.name: part for part in parts}:
        case {
            "patientIdentifier": Parameter(
                value_identifier=Identifier(system=str() as system, value=str() as value)
            ),
            "code": Parameter(value_string=str() as code),
            "token": Parameter(value_string=str() as token),
            "expiry": Parameter(value_date_time=str() as expiry),
        }:
            return InvitedPatient(
                RequestedIdentifier(system, value),
                InvitationToken(code, token, datetime.fromisoformat(expiry)),
            )
        case _:
            raise ValueError("an entry of patientTokens is not complete")


def omissions(omitted: Sequence[OmittedPatient], base_url: str) -> OperationOutcome:
    """Write the reason for each omitted identifier, at its first position in the request."""
    issues = [_issue(each, base_url) for each in omitted]
    return OperationOutcome(resource_type="OperationOutcome", issue=issues or [_NO_OMISSIONS])


_PLAIN_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


def read_omissions(parameters: Parameters) -> Mapping[str, str]:
    """Read the reasons for omissions in an answer: codes by the path of the identifier.

    A code that no program can take for a formula, a line end or a control sequence counts, and no other.
    """
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
        if _PLAIN_CODE.fullmatch(coding.code)
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
_NO_OMISSIONS = Issue(
    severity="information",
    code=IssueType.INFORMATIONAL,
    details=CodeableConcept(text=IssueType.INFORMATIONAL.text),
    diagnostics="Every patient is invited.",
)

"""Reads which invitations a request is about: those of patients, or of a batch; and why they are revoked."""

from collections.abc import Sequence

from msgspec import UNSET, Struct
from returns.result import Failure, Result, Success

from adapters.fhir.identifiers import identifiers_in
from adapters.fhir.invitation_operations import BATCH, INVITATION_STATUS, REASON, REVOKE_INVITATIONS
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER, OperationDeclaration
from adapters.fhir.operation_parameters import parameter_path, read_parameters
from adapters.fhir.parameters import (
    BodyNotValid,
    BodyRefused,
    Parameter,
    ParametersExclusive,
    ParametersMissing,
    ValueNotAllowed,
)
from adapters.fhir.wire_format import WireFormat
from application.find_invited import Named
from domain.invitations import CALLER_REASONS, RevocationReason, read_batch
from domain.results import failed

_SELECTORS = (PATIENT_IDENTIFIER, BATCH)


class RevocationRequest(Struct, frozen=True):
    """The invitations to revoke, and the reason."""

    named: Named
    reason: RevocationReason


def read_status_request(body: bytes, wire_format: WireFormat) -> Result[Named, BodyRefused]:
    """Read the body of invitation-status. The use case checks the number of identifiers."""
    read = _positioned(body, wire_format, INVITATION_STATUS)
    if failed(read):
        return Failure(read.failure())
    return _named(read.unwrap(), INVITATION_STATUS)


def read_revocation_request(body: bytes, wire_format: WireFormat) -> Result[RevocationRequest, BodyRefused]:
    """Read the body of revoke-invitations. The use case checks the number of identifiers."""
    read = _positioned(body, wire_format, REVOKE_INVITATIONS)
    if failed(read):
        return Failure(read.failure())
    named = _named(read.unwrap(), REVOKE_INVITATIONS)
    if failed(named):
        return Failure(named.failure())
    if len(read.unwrap()) > REVOKE_INVITATIONS.most:
        # not all was read, perhaps not the reason; the use case refuses so many identifiers whatever it is
        return Success(RevocationRequest(named.unwrap(), RevocationReason.OTHER))
    reason = _reason(_of_name(read.unwrap(), REASON))
    if failed(reason):
        return Failure(reason.failure())
    return Success(RevocationRequest(named.unwrap(), reason.unwrap()))


_Positioned = Sequence[tuple[int, Parameter]]


def _positioned(
    body: bytes, wire_format: WireFormat, operation: OperationDeclaration
) -> Result[_Positioned, BodyRefused]:
    read = read_parameters(body, wire_format, operation.names, operation.most + 1)
    return read.map(lambda parameters: list(enumerate(parameters.parameter or ())))


def _of_name(parameters: _Positioned, name: str) -> _Positioned:
    return [(position, each) for position, each in parameters if each.name == name]


def _named(parameters: _Positioned, operation: OperationDeclaration) -> Result[Named, BodyRefused]:
    identifiers, batches = (_of_name(parameters, name) for name in _SELECTORS)
    if not (identifiers or batches):
        return Failure(ParametersMissing(_SELECTORS))
    if identifiers and batches:
        both = sorted((identifiers[0][0], batches[0][0]))
        return Failure(ParametersExclusive(tuple(map(parameter_path, both)), _SELECTORS))
    if not batches:
        return identifiers_in(identifiers, operation.limit).map(lambda read: read)
    return _single(batches, "value_string").bind(
        lambda single: read_batch(single[1]).alt(lambda _malformed: ValueNotAllowed(single[0], "a UUID"))
    )


def _reason(reasons: _Positioned) -> Result[RevocationReason, BodyRefused]:
    if not reasons:
        return Failure(ParametersMissing((REASON,)))
    single = _single(reasons, "value_code", "value_string")
    if failed(single):
        return Failure(single.failure())
    path, text = single.unwrap()
    if text not in CALLER_REASONS:
        return Failure(ValueNotAllowed(path, f"one of {', '.join(CALLER_REASONS)}"))
    return Success(RevocationReason(text))


def _single(parameters: _Positioned, *fields: str) -> Result[tuple[str, str], BodyRefused]:
    """Give the path and the value of a parameter that is sent once, with one of these fields alone."""
    repeated = tuple(parameter_path(position) for position, _parameter in parameters[1:])
    if repeated:
        return Failure(BodyNotValid(repeated))
    [(position, parameter)] = parameters
    values = {
        field: getattr(parameter, field)
        for field in parameter.__struct_fields__
        if field.startswith("value_") or field in {"resource", "part"}
    }
    sent = {field: value for field, value in values.items() if value is not UNSET}
    if len(sent) != 1 or not sent.keys() <= {*fields}:
        return Failure(BodyNotValid((parameter_path(position),)))
    return Success((f"{parameter_path(position)}.value", *sent.values()))

"""Reads the requests of claim-invitation and confirm-registration, and writes their answers."""

import re
from datetime import date, datetime

from msgspec import UNSET
from returns.result import Failure, Result, Success

from adapters.fhir.elements import Identifier
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER
from adapters.fhir.operation_parameters import ALL_PARAMETERS, parameter_path, read_parameters
from adapters.fhir.parameters import (
    BodyNotValid,
    BodyRefused,
    DateNotFull,
    Parameter,
    Parameters,
    ValuesMissing,
)
from adapters.fhir.redemption_operations import (
    BIRTH_DATE,
    CLAIM,
    CLAIM_INVITATION,
    CONFIRM_REGISTRATION,
    EXPIRY,
    ORGANISATION,
    REGISTERED,
)
from adapters.fhir.wire_format import WireFormat
from domain.confidential import Confidential
from domain.redemption import ConfirmedRegistration, IssuedClaim
from domain.results import failed

PUBLIC_ID_SYSTEM = "http://fhir.patientsknowbest.com/id/public-id"

# Python reads other forms of ISO 8601 too
_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TypedClaim(Confidential, frozen=True):
    """What a patient typed, as the request carries it."""

    code: str
    token: str
    birth_date: date


def read_claim_request(body: bytes, wire_format: WireFormat) -> Result[TypedClaim, BodyRefused]:
    """Read code, token and date of birth, each once."""
    given = _read_once(body, wire_format, CLAIM_INVITATION.names)
    if failed(given):
        return Failure(given.failure())
    code, token, born = given.unwrap()
    birth_date = _full_date(born.value)
    if birth_date is None:
        return Failure(DateNotFull((f"{parameter_path(born.position)}.value",), BIRTH_DATE))
    return Success(TypedClaim(code.value, token.value, birth_date))


def read_confirmation_request(body: bytes, wire_format: WireFormat) -> Result[str, BodyRefused]:
    """Read the claim, once."""
    given = _read_once(body, wire_format, CONFIRM_REGISTRATION.names)
    return given.map(lambda parameters: parameters[0].value)


class _Given(Confidential, frozen=True):
    """A parameter of a request: its position, counted from 0, and its value."""

    position: int
    value: str


def _read_once(
    body: bytes, wire_format: WireFormat, names: tuple[str, ...]
) -> Result[list[_Given], BodyRefused]:
    """Read parameters that occur once each, with a date for the date of birth and text for the others."""
    # one more than it takes, which is a repeated one
    read = read_parameters(body, wire_format, names, len(names) + 1)
    if failed(read):
        return Failure(read.failure())
    given: dict[str, _Given] = {}
    not_valid: list[str] = []
    missing: list[str] = []
    for position, parameter in enumerate(read.unwrap().parameter or ()):
        if parameter.name in given or not _has_no_other_value(parameter):
            not_valid.append(parameter_path(position))
            continue
        text = (parameter.value_date if parameter.name == BIRTH_DATE else parameter.value_string) or ""
        if not text.strip():
            missing.append(f"{parameter_path(position)}.value")
        given[parameter.name] = _Given(position, text)
    if not_valid:
        return Failure(BodyNotValid(tuple(not_valid)))
    if missing or len(given) < len(names):
        return Failure(ValuesMissing(tuple(missing) or (ALL_PARAMETERS,), tuple(names)))
    return Success([given[name] for name in names])


def _has_no_other_value(parameter: Parameter) -> bool:
    other = parameter.value_string if parameter.name == BIRTH_DATE else parameter.value_date
    return (
        other
        is parameter.value_identifier
        is parameter.value_boolean
        is parameter.value_date_time
        is parameter.resource
        is parameter.part
        is UNSET
    )


def _full_date(text: str) -> date | None:
    if not _FULL_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def issued_claim(issued: IssuedClaim) -> Parameters:
    """Write a claim."""
    return Parameters(
        resource_type="Parameters",
        parameter=[
            Parameter(name=CLAIM, value_string=issued.claim),
            Parameter(name=EXPIRY, value_date_time=_date_time(issued.expires_at)),
        ],
    )


def confirmed_registration(confirmed: ConfirmedRegistration) -> Parameters:
    """Write who has registered."""
    organisation = Identifier(system=PUBLIC_ID_SYSTEM, value=str(confirmed.organisation_id))
    return Parameters(
        resource_type="Parameters",
        parameter=[
            *(
                Parameter(
                    name=PATIENT_IDENTIFIER, value_identifier=Identifier(system=each.system, value=each.value)
                )
                for each in confirmed.identifiers
            ),
            Parameter(name=ORGANISATION, value_identifier=organisation),
            Parameter(name=REGISTERED, value_date_time=_date_time(confirmed.registered_at)),
        ],
    )


def _date_time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")

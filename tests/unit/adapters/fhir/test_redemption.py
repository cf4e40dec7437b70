"""The requests of claim-invitation and confirm-registration are read strictly, and their answers written."""

from datetime import date
from typing import Any

import pytest
from msgspec import json
from returns.result import Failure, Success

from adapters.fhir.parameters import (
    BodyNotValid,
    BodyRefused,
    DateNotFull,
    ParametersUnknown,
    ValuesMissing,
)
from adapters.fhir.redemption import (
    TypedClaim,
    confirmed_registration,
    issued_claim,
    read_claim_request,
    read_confirmation_request,
)
from adapters.fhir.wire_format import WireFormat, write_resource
from domain.redemption import ConfirmedRegistration, IssuedClaim
from tests.builders import CHI, EXPIRY, HOSPITAL, NHS, NOW, an_identifier

NAMES = ("code", "token", "birthDate")
CODE = {"name": "code", "valueString": "7Q2M9KXR4D"}
TOKEN = {"name": "token", "valueString": "C5H8WZ1N6T"}
BORN = {"name": "birthDate", "valueDate": "1980-04-01"}
TYPED = TypedClaim("7Q2M9KXR4D", "C5H8WZ1N6T", date(1980, 4, 1))


def _body(*parameters: dict[str, Any]) -> bytes:
    return json.encode({"resourceType": "Parameters", "parameter": parameters})


def test_code_token_and_birth_date_are_read_by_name_in_any_order() -> None:
    for parameters in ([CODE, TOKEN, BORN], [BORN, TOKEN, CODE]):
        assert read_claim_request(_body(*parameters), WireFormat.JSON) == Success(TYPED)


def test_a_request_is_read_from_xml() -> None:
    body = (
        b'<Parameters xmlns="http://hl7.org/fhir">'
        b'<parameter><name value="code"/><valueString value="7Q2M9KXR4D"/></parameter>'
        b'<parameter><name value="token"/><valueString value="C5H8WZ1N6T"/></parameter>'
        b'<parameter><name value="birthDate"/><valueDate value="1980-04-01"/></parameter></Parameters>'
    )

    assert read_claim_request(body, WireFormat.XML) == Success(TYPED)


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        pytest.param([], ValuesMissing(("Parameters.parameter",), NAMES), id="nothing"),
        pytest.param([CODE, BORN], ValuesMissing(("Parameters.parameter",), NAMES), id="token-missing"),
        pytest.param(
            [CODE, {"name": "token"}, BORN],
            ValuesMissing(("Parameters.parameter[1].value",), NAMES),
            id="token-without-value",
        ),
        pytest.param(
            [{"name": "code", "valueString": " \t"}, TOKEN, BORN],
            ValuesMissing(("Parameters.parameter[0].value",), NAMES),
            id="blank-code",
        ),
        pytest.param(
            [CODE, TOKEN, {"name": "birthDate", "valueDate": ""}],
            ValuesMissing(("Parameters.parameter[2].value",), NAMES),
            id="empty-birth-date",
        ),
        pytest.param(
            [CODE, TOKEN, BORN, CODE], BodyNotValid(("Parameters.parameter[3]",)), id="code-repeated"
        ),
        pytest.param(
            [CODE, TOKEN, {"name": "birthDate", "valueString": "1980-04-01"}],
            BodyNotValid(("Parameters.parameter[2]",)),
            id="birth-date-as-string",
        ),
        pytest.param(
            [{**CODE, "valueDate": "1980-04-01"}, TOKEN, BORN],
            BodyNotValid(("Parameters.parameter[0]",)),
            id="two-values",
        ),
        pytest.param(
            [CODE, TOKEN, BORN, {"name": "claim", "valueString": "x"}],
            ParametersUnknown(("Parameters.parameter[3]",), NAMES),
            id="unknown-parameter",
        ),
    ],
)
def test_each_parameter_occurs_once_with_a_value_of_its_type(
    parameters: list[dict[str, Any]], refusal: BodyRefused
) -> None:
    assert read_claim_request(_body(*parameters), WireFormat.JSON) == Failure(refusal)


@pytest.mark.parametrize(
    "text", ["1980", "1980-04", "1980-02-30", "19800401", "1980-W14-2", "01/04/1980", "0000-01-01", "born"]
)
def test_a_birth_date_has_year_month_and_day(text: str) -> None:
    read = read_claim_request(_body(CODE, TOKEN, {**BORN, "valueDate": text}), WireFormat.JSON)

    assert read == Failure(DateNotFull(("Parameters.parameter[2].value",), "birthDate"))


def test_a_claim_is_read() -> None:
    body = _body({"name": "claim", "valueString": "0123"})

    assert read_confirmation_request(body, WireFormat.JSON) == Success("0123")


def test_a_confirmation_needs_a_claim() -> None:
    read = read_confirmation_request(_body(), WireFormat.JSON)

    assert read == Failure(ValuesMissing(("Parameters.parameter",), ("claim",)))


def test_a_claim_is_written_with_its_expiry() -> None:
    written = write_resource(issued_claim(IssuedClaim("0123", EXPIRY)), WireFormat.JSON)

    assert json.decode(written)["parameter"] == [
        {"name": "claim", "valueString": "0123"},
        {"name": "expiry", "valueDateTime": "2027-01-01T09:29:23.356+00:00"},
    ]


def test_a_registration_is_written_with_every_identifier_and_the_organisation() -> None:
    identifiers = [an_identifier(1, NHS), an_identifier(1, CHI)]
    confirmed = ConfirmedRegistration(identifiers, HOSPITAL, NOW)

    written = write_resource(confirmed_registration(confirmed), WireFormat.JSON)

    assert json.decode(written)["parameter"] == [
        *(
            {
                "name": "patientIdentifier",
                "valueIdentifier": {"system": each.system.value, "value": each.value},
            }
            for each in identifiers
        ),
        {
            "name": "organisation",
            "valueIdentifier": {
                "system": "http://fhir.patientsknowbest.com/id/public-id",
                "value": str(HOSPITAL),
            },
        },
        {"name": "registered", "valueDateTime": "2026-12-02T09:29:23.356+00:00"},
    ]


def test_no_repr_shows_what_was_typed() -> None:
    assert repr(TYPED) == "TypedClaim(<hidden>)"

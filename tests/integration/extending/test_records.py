"""What the example reads in a Patient."""

import logging
from typing import Any

import pytest

from domain.patients import Patient
from examples.fhir_patient_repository.repository import FhirPatientRepository
from tests.builders import CHI, HOSPITAL, OTHER_HOSPITAL, an_identifier
from tests.integration.extending.patient_server import (
    PUBLIC_ID,
    PatientServer,
    a_resource,
    organisation_reference,
)

EXTENSION = {"extension": [{"url": "http://example.org/unknown", "valueBoolean": True}]}
NUMBER = {"system": an_identifier().system, "value": an_identifier().value}


async def _found(
    server: PatientServer, patient_repository: FhirPatientRepository, **elements: Any
) -> Patient | None:
    server.hold(a_resource(an_identifier(), **elements))
    return (await patient_repository.find(HOSPITAL, [an_identifier()])).get(an_identifier())


@pytest.mark.parametrize(
    ("birth_date", "date_of_birth"),
    [
        ("1980-04-01", "1980-04-01"),
        ("1980-04", "None"),
        ("1980", "None"),
        ("1980-02-30", "None"),
        ("19800401", "None"),
        ("", "None"),
    ],
)
async def test_a_date_of_birth_is_a_full_date(
    server: PatientServer, patient_repository: FhirPatientRepository, birth_date: str, date_of_birth: str
) -> None:
    patient = await _found(server, patient_repository, birthDate=birth_date)

    assert patient is not None
    assert str(patient.date_of_birth) == date_of_birth


@pytest.mark.parametrize(
    ("elements", "deceased"),
    [
        pytest.param({}, False, id="nothing-said"),
        pytest.param({"deceasedBoolean": False}, False, id="false"),
        pytest.param(
            {"deceasedBoolean": False, "_deceasedBoolean": EXTENSION}, False, id="false-with-extension"
        ),
        pytest.param({"deceasedBoolean": True}, True, id="true"),
        pytest.param({"_deceasedBoolean": EXTENSION}, True, id="no-value"),
        pytest.param({"deceasedDateTime": "2024"}, True, id="year"),
        pytest.param({"_deceasedDateTime": EXTENSION}, True, id="no-moment"),
    ],
)
async def test_a_death_is_a_death_with_or_without_a_moment(
    server: PatientServer,
    patient_repository: FhirPatientRepository,
    elements: dict[str, Any],
    deceased: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    patient = await _found(server, patient_repository, **elements)

    assert patient is not None
    assert patient.deceased == deceased


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param({"active": False}, id="inactive"),
        pytest.param({"link": [{"type": "seealso"}, {"type": "replaced-by"}]}, id="replaced"),
        pytest.param({"modifierExtension": [EXTENSION]}, id="modifier-extension"),
        pytest.param({"implicitRules": "http://example.org/rules"}, id="implicit-rules"),
        pytest.param({"animal": {"species": {"text": "dog"}}}, id="animal"),
        pytest.param({"identifier": [{**NUMBER, "use": "old"}]}, id="old-identifier"),
        pytest.param({"identifier": [{**NUMBER, "period": {"end": "2020-01-01"}}]}, id="ended-identifier"),
    ],
)
async def test_a_record_that_cannot_be_relied_on_is_not_found(
    server: PatientServer, patient_repository: FhirPatientRepository, elements: dict[str, Any]
) -> None:
    assert await _found(server, patient_repository, **elements) is None


@pytest.mark.parametrize("kind", ["replaces", "refer", "seealso"])
async def test_a_record_with_another_link_is_found(
    server: PatientServer, patient_repository: FhirPatientRepository, kind: str
) -> None:
    assert await _found(server, patient_repository, link=[{"type": kind}]) is not None


@pytest.mark.parametrize(
    ("elements", "related"),
    [
        pytest.param({}, False, id="no-organisation"),
        pytest.param({"managingOrganization": organisation_reference(HOSPITAL)}, True, id="custodian"),
        pytest.param({"generalPractitioner": [organisation_reference(HOSPITAL)]}, True, id="practice"),
        pytest.param({"managingOrganization": organisation_reference(OTHER_HOSPITAL)}, False, id="another"),
        pytest.param(
            {"managingOrganization": {"reference": f"Organization/{HOSPITAL}"}}, False, id="literal"
        ),
        pytest.param(
            {"managingOrganization": {"identifier": {"system": "urn:other", "value": str(HOSPITAL)}}},
            False,
            id="another-system",
        ),
        pytest.param(
            {"managingOrganization": {"identifier": {"system": PUBLIC_ID, "value": "Hospital"}}},
            False,
            id="no-uuid",
        ),
    ],
)
async def test_the_organisation_is_named_by_its_public_id(
    server: PatientServer,
    patient_repository: FhirPatientRepository,
    elements: dict[str, Any],
    related: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    patient = await _found(server, patient_repository, **elements)

    assert patient is not None
    assert patient.care_relationship == related


@pytest.mark.parametrize(
    ("second", "found"),
    [
        pytest.param({}, set(), id="in-use"),
        pytest.param({"modifierExtension": [EXTENSION]}, set(), id="not-understood"),
        pytest.param({"active": False}, {an_identifier()}, id="inactive"),
        pytest.param({"link": [{"type": "replaced-by"}]}, {an_identifier()}, id="replaced"),
    ],
)
async def test_a_second_record_in_use_makes_an_identifier_unknown(
    server: PatientServer,
    patient_repository: FhirPatientRepository,
    second: dict[str, Any],
    found: set[object],
) -> None:
    server.hold(a_resource(an_identifier()), a_resource(an_identifier(), patient_id="2", **second))

    assert {*await patient_repository.find(HOSPITAL, [an_identifier()])} == found


async def test_a_record_under_another_requested_identifier_contests_it_too(
    server: PatientServer, patient_repository: FhirPatientRepository
) -> None:
    numbers = [an_identifier(1), an_identifier(2, CHI)]
    server.hold(a_resource(numbers[0]), a_resource(*numbers, patient_id="2"))

    assert {*await patient_repository.find(HOSPITAL, numbers)} == {numbers[1]}


async def test_a_contested_identifier_is_logged_without_its_number(
    server: PatientServer, patient_repository: FhirPatientRepository, caplog: pytest.LogCaptureFixture
) -> None:
    server.hold(a_resource(an_identifier()), a_resource(an_identifier(), patient_id="2"))

    with caplog.at_level(logging.INFO):
        await patient_repository.find(HOSPITAL, [an_identifier()])

    assert "1 identifiers name more than one patient and count as not found" in caplog.messages
    assert an_identifier().value not in caplog.text

"""The published code systems hold the codes in use."""

from adapters.fhir.conformance.code_systems import omission_reasons, response_codes
from adapters.fhir.operation_outcome import ResponseCode
from domain.eligibility import OmissionReason

BASE_URL = "https://invitations.test.invalid/fhir"


def test_every_reason_has_a_code_and_a_meaning_of_its_own() -> None:
    concepts = omission_reasons(BASE_URL).concept

    assert [concept.code for concept in concepts] == [reason.value for reason in OmissionReason]
    assert len({concept.definition for concept in concepts}) == len(OmissionReason)
    assert concepts[1].display == "No care relationship"


def test_the_code_system_is_complete_and_has_the_address_where_it_is_published() -> None:
    reasons = omission_reasons(BASE_URL)

    assert (reasons.content, reasons.url) == ("complete", f"{BASE_URL}/CodeSystem/omission-reason")


def test_the_code_system_lists_the_response_codes_that_occur() -> None:
    codes = response_codes()

    assert codes.url == "http://fhir.patientsknowbest.com/codesystem/response-code"
    assert codes.content == "fragment"
    assert [(each.code, each.display) for each in codes.concept] == [
        ("ACC_TOKEN_EXPIRED", "Access token expired"),
        ("BAD_AUTHENTICATION", "Bad authentication"),
        ("USER_TYPE_NOT_PERM", "User type not permitted"),
    ]
    assert len(codes.concept) == len(ResponseCode)

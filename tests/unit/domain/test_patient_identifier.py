import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.identifiers import (
    IdentifierSystem,
    MalformedIdentifierValue,
    PatientIdentifier,
    UnsupportedIdentifierSystem,
)
from tests.builders import CHI, HCN, NHS

nine_digits = st.integers(0, 999_999_999).map("{:09}".format)
# st.text would build a table of all characters first, which takes longer than all the tests
any_text = st.binary(max_size=24).map(lambda raw: raw.decode("utf-16", errors="replace"))
digit_like_text = st.lists(st.sampled_from("0123456789٣² -\0"), min_size=9, max_size=11).map("".join)


def _published_check_digit(nine: str) -> int | None:
    """Compute it step by step, as https://www.datadictionary.nhs.uk/attributes/nhs_number.html says."""
    total = sum(int(digit) * factor for digit, factor in zip(nine, range(10, 1, -1), strict=True))
    check_digit = 11 - total % 11
    if check_digit == 11:
        return 0
    return None if check_digit == 10 else check_digit


@pytest.mark.parametrize(
    ("system", "value"),
    [
        pytest.param(NHS, "9434765919", id="nhs-number"),
        pytest.param(CHI, "0101010001", id="chi-number-with-a-leading-zero"),
        pytest.param(HCN, "3112990048", id="health-and-care-number"),
        pytest.param(NHS, "9434765870", id="check-digit-11-is-written-0"),
        pytest.param(NHS, "0101010001", id="nhs-number-in-the-range-of-chi-numbers"),
        pytest.param(NHS, "9999999999", id="example-of-the-specification"),
    ],
)
def test_a_valid_number_of_a_supported_system_is_read(system: IdentifierSystem, value: str) -> None:
    assert PatientIdentifier.parse(system.value, value) == Success(PatientIdentifier(system, value))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty"),
        pytest.param("943476591", id="9-digits"),
        pytest.param("94347659190", id="11-digits"),
        pytest.param("943 476 5919", id="spaces"),
        pytest.param("943-476-5919", id="hyphens"),
        pytest.param(" 9434765919", id="space-before"),
        pytest.param("943476591 ", id="space-for-a-digit"),
        pytest.param("9434765919\n", id="newline-after"),
        pytest.param("+434765919", id="sign"),
        pytest.param("943476591X", id="letter"),
        pytest.param("943476591\0", id="nul"),
        pytest.param("9434765919\0", id="nul-after"),
        pytest.param("9434765918", id="wrong-check-digit"),
        pytest.param("9434756919", id="two-digits-swapped"),
        pytest.param("٩٤٣٤٧٦٥٩١٩", id="arabic-indic-digits"),
        pytest.param("９４３４７６５９１９", id="fullwidth-digits"),  # noqa: RUF001 - the point of the test
        pytest.param("943476591９", id="one-fullwidth-digit"),  # noqa: RUF001 - the point of the test
        pytest.param("943476591²", id="superscript"),
        pytest.param("\ud800434765919", id="half-a-character"),
    ],
)
def test_any_other_value_is_malformed(value: str) -> None:
    assert PatientIdentifier.parse(NHS.value, value) == Failure(MalformedIdentifierValue())


@pytest.mark.parametrize("check_digit", range(10))
def test_nine_digits_that_would_need_the_check_digit_10_have_none(check_digit: int) -> None:
    value = f"943476582{check_digit}"

    assert PatientIdentifier.parse(NHS.value, value) == Failure(MalformedIdentifierValue())


@pytest.mark.parametrize(
    "system",
    [
        pytest.param("", id="empty"),
        pytest.param("urn:oid:1.2.3", id="unknown"),
        pytest.param("NHS_NUMBER", id="our-name-of-a-system"),
        pytest.param("https://fhir.nhs.uk/Id/nhs-number/", id="slash-after"),
        pytest.param("https://FHIR.nhs.uk/Id/nhs-number", id="other-case"),
        pytest.param("http://fhir.nhs.uk/Id/nhs-number", id="http"),
        pytest.param(" https://fhir.nhs.uk/Id/nhs-number", id="space-before"),
    ],
)
def test_any_other_system_is_unsupported(system: str) -> None:
    assert PatientIdentifier.parse(system, "9434765919") == Failure(UnsupportedIdentifierSystem())


def test_the_system_is_judged_before_the_value() -> None:
    assert PatientIdentifier.parse("urn:oid:1.2.3", "nobody") == Failure(UnsupportedIdentifierSystem())


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("943476591", id="9-digits"),
        pytest.param("943476591X", id="letter"),
        pytest.param("9434765918", id="wrong-check-digit"),
    ],
)
def test_an_invalid_identifier_cannot_be_made(value: str) -> None:
    with pytest.raises(ValueError, match=r"^not a national identifier$"):
        PatientIdentifier(NHS, value)


def test_the_same_number_in_two_systems_is_two_identifiers() -> None:
    assert len({PatientIdentifier(system, "9434765919") for system in (NHS, CHI, HCN)}) == 3


def test_equal_identifiers_are_one() -> None:
    assert len({PatientIdentifier(NHS, "9434765919"), PatientIdentifier(NHS, "9434765919")}) == 1


def test_a_repr_shows_nothing() -> None:
    assert repr(PatientIdentifier(CHI, "0101010001")) == "PatientIdentifier(<hidden>)"


@given(nine=nine_digits)
def test_any_nine_digits_have_the_published_check_digit_or_none(nine: str) -> None:
    valid = [
        check_digit
        for check_digit in range(10)
        if PatientIdentifier.parse(NHS.value, f"{nine}{check_digit}") != Failure(MalformedIdentifierValue())
    ]

    published = _published_check_digit(nine)
    assert valid == ([] if published is None else [published])


@given(nine=nine_digits, place=st.integers(0, 9), change=st.integers(1, 9))
def test_a_number_with_one_wrong_digit_is_malformed(nine: str, place: int, change: int) -> None:
    check_digit = _published_check_digit(nine)
    assume(check_digit is not None)
    number = f"{nine}{check_digit}"
    wrong_digit = (int(number[place]) + change) % 10

    mistyped = f"{number[:place]}{wrong_digit}{number[place + 1 :]}"

    assert PatientIdentifier.parse(NHS.value, mistyped) == Failure(MalformedIdentifierValue())


@given(value=any_text | digit_like_text)
def test_whatever_the_text_either_it_is_malformed_or_it_stays_as_it_is(value: str) -> None:
    parsed = PatientIdentifier.parse(NHS.value, value)

    assert parsed.map(lambda identifier: identifier.value).value_or(value) == value


@given(system=any_text, value=any_text)
def test_whatever_the_system_it_is_read_or_unsupported(system: str, value: str) -> None:
    assert PatientIdentifier.parse(system, value) == Failure(UnsupportedIdentifierSystem())

from collections.abc import Sequence

import pytest
from returns.result import Failure, Success

from domain.identifiers import (
    NoPatientIdentifier,
    RequestedIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
    read_identifiers,
)
from tests.builders import CHI, a_malformed_identifier, a_requested_identifier, an_identifier

UNSUPPORTED = RequestedIdentifier("urn:oid:1.2.3", "9999999999")


def test_identifiers_are_read_in_the_order_of_the_request() -> None:
    requested = [a_requested_identifier(2), a_requested_identifier(1, CHI)]

    assert read_identifiers(requested, 500) == Success([an_identifier(2), an_identifier(1, CHI)])


def test_a_repeated_identifier_is_read_each_time() -> None:
    requested = [a_requested_identifier(1)] * 2

    assert read_identifiers(requested, 500) == Success([an_identifier(1)] * 2)


def test_a_malformed_value_has_no_identifier() -> None:
    requested = [a_malformed_identifier(), a_requested_identifier(1)]

    assert read_identifiers(requested, 500) == Success([None, an_identifier(1)])


def test_no_identifiers_are_refused() -> None:
    assert read_identifiers([], 500) == Failure(NoPatientIdentifier())


@pytest.mark.parametrize("count", [pytest.param(1, id="one"), pytest.param(3, id="as-many-as-allowed")])
def test_up_to_the_limit_identifiers_are_read(count: int) -> None:
    requested = [a_requested_identifier(number) for number in range(count)]

    assert read_identifiers(requested, 3) == Success([an_identifier(number) for number in range(count)])


@pytest.mark.parametrize(
    "requested",
    [
        pytest.param([a_requested_identifier(number) for number in range(4)], id="distinct"),
        pytest.param([a_requested_identifier(1)] * 4, id="the-same-four-times"),
        pytest.param([UNSUPPORTED] * 4, id="all-unsupported"),
    ],
)
def test_more_identifiers_than_the_limit_are_refused(requested: Sequence[RequestedIdentifier]) -> None:
    assert read_identifiers(requested, 3) == Failure(TooManyPatientIdentifiers(limit=3))


def test_every_position_of_an_unsupported_system_is_named() -> None:
    requested = [UNSUPPORTED, a_requested_identifier(), a_malformed_identifier(), UNSUPPORTED, UNSUPPORTED]

    assert read_identifiers(requested, 500) == Failure(UnsupportedIdentifierSystems(positions=(0, 3, 4)))


def test_a_malformed_value_of_an_unsupported_system_refuses_the_request_too() -> None:
    requested = [RequestedIdentifier("urn:oid:1.2.3", "nobody")]

    assert read_identifiers(requested, 500) == Failure(UnsupportedIdentifierSystems(positions=(0,)))


def test_a_repr_shows_nothing_that_the_caller_wrote() -> None:
    assert repr(a_requested_identifier()) == "RequestedIdentifier(<hidden>)"

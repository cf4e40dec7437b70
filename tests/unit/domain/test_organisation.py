from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.organisations import MalformedOrganisationId, OrganisationId

CANONICAL = "5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5e"


def test_the_canonical_form_is_read() -> None:
    assert OrganisationId.parse(CANONICAL) == Success(OrganisationId(UUID(CANONICAL)))


def test_the_canonical_form_is_read_in_upper_case_too() -> None:
    assert OrganisationId.parse(CANONICAL.upper()) == OrganisationId.parse(CANONICAL)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("hospital", id="no-uuid"),
        pytest.param("5f0cbd4e6f6e4a2c8f0e0d1c2b3a4f5e", id="no-hyphens"),
        pytest.param("{5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5e}", id="braces"),
        pytest.param("urn:uuid:5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5e", id="urn"),
        pytest.param("5f0cbd4e6-f6e-4a2c-8f0e-0d1c2b3a4f5e", id="hyphen-elsewhere"),
        pytest.param(" 5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5e", id="space-before"),
        pytest.param("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5e\n", id="newline-after"),
        pytest.param("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5", id="one-digit-short"),
        pytest.param("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5g", id="no-hexadecimal-digit"),
        pytest.param("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f٣٣", id="digit-of-another-script"),
        pytest.param("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f_5", id="underscore"),
        pytest.param("5f0cbd4e-6f6e-4a2c-8f0e-0d1c2b3a4f5\0", id="nul"),
    ],
)
def test_any_other_text_is_malformed(text: str) -> None:
    assert OrganisationId.parse(text) == Failure(MalformedOrganisationId())


@given(uuid=st.uuids())
def test_every_id_is_read_back_from_what_it_is_written_as(uuid: UUID) -> None:
    organisation_id = OrganisationId(uuid)

    assert OrganisationId.parse(str(organisation_id)) == Success(organisation_id)


def test_an_id_is_written_in_lower_case() -> None:
    organisation_id = OrganisationId(UUID(CANONICAL.upper()))

    assert str(organisation_id) == CANONICAL

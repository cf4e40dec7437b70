"""Codes and tokens favour no text: 20,000 of each show it."""

from collections import Counter

import pytest

from adapters.keys.token_generator import HmacTokenGenerator
from application.ports.invitations import DrawnSecrets
from tests.builders import a_patient_id, a_request_id
from tests.key_builders import a_key_ring

DRAWS = 20_000
CHARACTERS = 32
CHI_SQUARE_31 = 72.0
CHI_SQUARE_1023 = 1_230.0
"""What chi square of so many degrees of freedom exceeds once in 25,000 times or less."""


@pytest.fixture(scope="module")
def drawn() -> list[DrawnSecrets]:
    patients = [a_patient_id(number) for number in range(1, DRAWS + 1)]
    return list(HmacTokenGenerator(a_key_ring()).draw(a_request_id(1), patients, 0))


def test_many_codes_and_tokens_are_all_different(drawn: list[DrawnSecrets]) -> None:
    texts = [text for each in drawn for text in (each.code, each.token)]
    assert len(set(texts)) == 2 * DRAWS


def test_every_character_is_equally_likely_at_every_position(drawn: list[DrawnSecrets]) -> None:
    expected = DRAWS / CHARACTERS
    texts = ([each.code for each in drawn], [each.token for each in drawn])
    deviations = [
        sum((count - expected) ** 2 / expected for count in Counter(place).values())
        for several in texts
        for place in zip(*several, strict=True)
    ]
    assert max(deviations) < CHI_SQUARE_31


def test_neighbouring_characters_are_independent(drawn: list[DrawnSecrets]) -> None:
    codes = [each.code for each in drawn]

    expected = DRAWS / CHARACTERS**2
    deviations = [
        sum(
            (count - expected) ** 2 / expected
            for count in Counter(code[place : place + 2] for code in codes).values()
        )
        for place in range(9)
    ]
    assert max(deviations) < CHI_SQUARE_1023

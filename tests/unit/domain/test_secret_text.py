from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invitations import SECRET_LENGTH, is_secret_text, secret_text

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _decode(text: str) -> int:
    number = 0
    for character in text:
        number = number * 32 + CROCKFORD.index(character)
    return number


def test_a_secret_has_ten_characters() -> None:
    assert SECRET_LENGTH == 10


@pytest.mark.parametrize(
    ("random_bytes", "text"),
    [
        pytest.param(bytes(8), "0000000000", id="zeros"),
        pytest.param(b"\xff" * 8, "ZZZZZZZZZZ", id="ones"),
        pytest.param((1 << 63).to_bytes(8), "G000000000", id="first-bit"),
        pytest.param((1 << 14).to_bytes(8), "0000000001", id="fiftieth-bit"),
        pytest.param(((1 << 14) - 1).to_bytes(8), "0000000000", id="bits-past-the-fiftieth"),
        pytest.param(b"\x00\x44\x32\x14\xc7\x42\x40\x00", "0123456789", id="digits"),
    ],
)
def test_50_bits_are_written_five_a_character(random_bytes: bytes, text: str) -> None:
    assert secret_text(random_bytes) == text


@given(random_bytes=st.binary(max_size=7))
def test_fewer_than_64_bits_are_refused(random_bytes: bytes) -> None:
    with pytest.raises(ValueError, match=r"^too few bytes to draw from$"):
        secret_text(random_bytes)


@given(random_bytes=st.binary(min_size=8, max_size=40))
def test_the_first_50_bits_are_read_back_from_the_text(random_bytes: bytes) -> None:
    text = secret_text(random_bytes)

    first_50_bits = int.from_bytes(random_bytes[:7]) >> 6
    assert _decode(text) == first_50_bits


@given(random_bytes=st.binary(min_size=8, max_size=40))
def test_every_text_is_ten_characters_of_the_alphabet(random_bytes: bytes) -> None:
    text = secret_text(random_bytes)

    assert len(text) == SECRET_LENGTH
    assert set(text) <= set(CROCKFORD)


@pytest.mark.parametrize("place", range(SECRET_LENGTH))
def test_every_character_is_equally_likely_at(place: int) -> None:
    shift = 59 - 5 * place

    counts = Counter(secret_text((bits << shift).to_bytes(8))[place] for bits in range(32))

    assert counts == dict.fromkeys(CROCKFORD, 1)


@given(random_bytes=st.binary(min_size=8, max_size=8))
def test_a_secret_is_recognised(random_bytes: bytes) -> None:
    assert is_secret_text(secret_text(random_bytes))


@pytest.mark.parametrize("text", ["", "012345678", "01234567890", "012345678I", "012345678a", "012345678٣"])
def test_nothing_else_is_a_secret(text: str) -> None:
    assert not is_secret_text(text)

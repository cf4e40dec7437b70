import pytest
from returns.result import Failure, Success

from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey, ScopedIdempotencyKey
from tests.builders import CLIENT, OTHER_HOSPITAL, a_grant, a_request_name

EVERY_VISIBLE_CHARACTER = "".join(map(chr, range(0x21, 0x7F)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x", id="one-character"),
        pytest.param("x" * 255, id="255-characters"),
        pytest.param(EVERY_VISIBLE_CHARACTER, id="every-visible-character"),
        pytest.param('"8e03978e-40d5-43dd-bc93-6894a57f9324"', id="as-in-the-draft"),
    ],
)
def test_a_key_is_1_to_255_visible_ascii_characters(text: str) -> None:
    assert IdempotencyKey.parse(text) == Success(IdempotencyKey(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("x" * 256, id="256-characters"),
        pytest.param("two words", id="space"),
        pytest.param(" x", id="space-before"),
        pytest.param("x\t", id="tab"),
        pytest.param("x\n", id="line-end"),
        pytest.param("x\x7f", id="delete"),
        pytest.param("caf\u00e9", id="not-ascii"),
        pytest.param("x\u0660", id="other-digits"),
    ],
)
def test_nothing_else_is_a_key(text: str) -> None:
    assert IdempotencyKey.parse(text) == Failure(MalformedIdempotencyKey())


def test_the_same_key_of_the_same_grant_names_the_same_request() -> None:
    assert len({a_request_name("a"), a_request_name("a")}) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(a_request_name("b"), id="key"),
        pytest.param(a_request_name("a", a_grant("kiosk")), id="client"),
        pytest.param(a_request_name("a", a_grant(CLIENT, OTHER_HOSPITAL)), id="organisation"),
    ],
)
def test_another_one_of_these_names_another_request(other: ScopedIdempotencyKey) -> None:
    assert other != a_request_name("a")


def test_neither_a_key_nor_a_name_shows_what_the_caller_wrote() -> None:
    name = a_request_name("9990000107")

    assert "9990000107" not in f"{name} {name.key} {name!r} {name.key!r}"

"""The text form of the key ring."""

import pytest

from adapters.keys.key_ring import KeyRing
from tests.key_builders import a_key, a_key_ring

NOT_WRITTEN_SO = "must be written id:base64[,id:base64...], each id in letters, digits, '.', '_' and '-'"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        pytest.param(f"a:{a_key()}", ["a"], id="one-key"),
        pytest.param(f"new:{a_key()},old:{a_key('b')}", ["new", "old"], id="two-keys"),
        pytest.param(f" new:{a_key()} , old:{a_key('b')} ", ["new", "old"], id="spaces-between"),
        pytest.param(f"2026-11.A_b:{a_key()}", ["2026-11.A_b"], id="every-kind-of-character"),
        pytest.param(f"{'x' * 64}:{a_key()}", ["x" * 64], id="longest-id"),
        pytest.param(f"a:{a_key(size=64)}", ["a"], id="longer-key"),
    ],
)
def test_keys_are_read_in_order(text: str, ids: list[str]) -> None:
    assert [key.id for key in KeyRing.parse(text).keys] == ids


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", NOT_WRITTEN_SO, id="empty"),
        pytest.param(a_key(), NOT_WRITTEN_SO, id="no-id"),
        pytest.param(f":{a_key()}", NOT_WRITTEN_SO, id="empty-id"),
        pytest.param(f"my key:{a_key()}", NOT_WRITTEN_SO, id="space-in-id"),
        pytest.param(f"clé:{a_key()}", NOT_WRITTEN_SO, id="id-not-ascii"),
        pytest.param(f"a\n:{a_key()}", NOT_WRITTEN_SO, id="line-end-in-id"),
        pytest.param(f"{'x' * 65}:{a_key()}", NOT_WRITTEN_SO, id="id-too-long"),
        pytest.param(f"a:{a_key()},", NOT_WRITTEN_SO, id="comma-at-the-end"),
        pytest.param("a:", "has a key, number 1, shorter than 32 bytes", id="no-key"),
        pytest.param(f"a:{a_key(size=31)}", "has a key, number 1, shorter than 32 bytes", id="short-key"),
        pytest.param("a:this is no key", "has a key, number 1, that is not base64", id="not-base64"),
        pytest.param(f"a:{a_key()[:-1]}", "has a key, number 1, that is not base64", id="padding-missing"),
        pytest.param(f"a:{a_key()}\u00e9", "has a key, number 1, that is not base64", id="key-not-ascii"),
        pytest.param(f"a:{a_key()},a:{a_key('b')}", "has two keys of the same id", id="same-id-twice"),
        pytest.param(f"a:{a_key()},b:{a_key()}", "has the same key under two ids", id="same-key-twice"),
        pytest.param(f"a:{'A' * 43}=", "has a key, number 1, of zeros alone", id="zeros"),
    ],
)
def test_a_malformed_key_ring_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared below
        KeyRing.parse(text)

    assert str(refused.value) == problem


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        pytest.param("a:secret!", "secret!", id="not-base64"),
        pytest.param(f"a:{a_key(size=31)}", a_key(size=31), id="short"),
        pytest.param(a_key(), a_key(), id="no-id"),
        pytest.param(f"{a_key(size=33)}:a", a_key(size=33), id="id-and-key-swapped"),
    ],
)
def test_a_refusal_shows_no_key(text: str, secret: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - what matters is that the message does not say it
        KeyRing.parse(text)

    assert secret not in str(refused.value)


def test_two_keys_of_one_id_have_different_check_values() -> None:
    one, other = a_key_ring(f"a:{a_key()}").check_values, a_key_ring(f"a:{a_key('b')}").check_values

    assert one.keys() == other.keys() == {"a"}
    assert one["a"] != other["a"]


def test_a_check_value_stays_the_same_and_is_no_part_of_the_key() -> None:
    [value] = a_key_ring(f"a:{a_key()}").check_values.values()

    assert value == a_key_ring(f"b:{a_key('b')},a:{a_key()}").check_values["a"]
    assert len(value) == 32
    assert b"aaaa" not in value


def test_the_first_key_signs() -> None:
    ring = a_key_ring(f"new:{a_key()}", f"old:{a_key('b')}")

    assert ring.signing_key.id == "new"


def test_neither_a_key_ring_nor_a_key_shows_a_secret() -> None:
    ring = a_key_ring(f"new:{a_key()}", f"old:{a_key('b')}")

    shown = f"{ring} {ring!r} {ring.signing_key} {ring.signing_key!r}"

    hidden = (a_key(), a_key("b"), "a" * 32, "b" * 32, (b"a" * 32).hex())
    assert not [secret for secret in hidden if secret in shown]

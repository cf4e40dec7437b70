"""Codes, tokens and digests depend on the key, each in its own way."""

import hmac
from hashlib import sha256

import pytest
from returns.result import Failure

from adapters.keys.token_generator import HmacTokenGenerator
from application.ports.invitations import DrawnSecrets, KeyRetired
from domain.invitations import secret_text
from tests.builders import a_patient_id, a_request_id
from tests.key_builders import a_key, a_key_ring, digested

PATIENT = a_patient_id(1).bytes


def _draw(*entries: str, count: int = 1, attempt: int = 0) -> list[DrawnSecrets]:
    generator = HmacTokenGenerator(a_key_ring(*entries))
    patients = [a_patient_id(number) for number in range(1, count + 1)]
    return list(generator.draw(a_request_id(1), patients, attempt))


def _secrets(drawn: DrawnSecrets) -> set[object]:
    return {drawn.code, drawn.token, drawn.code_digest, drawn.token_digest}


def test_another_key_gives_other_secrets_and_digests() -> None:
    [drawn] = _draw(f"key:{a_key('a')}")

    [other] = _draw(f"key:{a_key('b')}")

    assert not _secrets(drawn) & _secrets(other)


def test_rings_that_share_the_signing_key_draw_the_same() -> None:
    signing = f"new:{a_key()}"

    drawn = _draw(signing, f"old:{a_key('b')}", count=10)

    assert drawn == _draw(signing, count=10)


def test_the_signing_key_is_named() -> None:
    [drawn] = _draw(f"new:{a_key()}", f"old:{a_key('b')}")

    assert drawn.key_id == "new"


def test_the_id_of_the_key_changes_no_secret() -> None:
    [drawn] = _draw(f"one:{a_key()}")

    [other] = _draw(f"two:{a_key()}")

    assert _secrets(drawn) == _secrets(other)


def test_code_and_token_are_the_first_bits_of_the_halves_of_one_digest() -> None:
    [drawn] = _draw(attempt=258)

    bits = _derived("derivation-2", PATIENT + b"\0\0\x01\x02")
    assert (drawn.code, drawn.token) == (secret_text(bits[:8]), secret_text(bits[8:16]))


def test_the_codes_of_earlier_releases_are_derived_again() -> None:
    generator = HmacTokenGenerator(a_key_ring())

    [again] = generator.draw_again("first", a_request_id(1), {a_patient_id(1): 258}).unwrap().values()

    code, token = (_derived("derivation", PATIENT + which + b"\0\0\x01\x02") for which in (b"c", b"t"))
    assert (again.code, again.token) == (secret_text(code), secret_text(token))
    assert again.code_digest == digested(again.code, "code-digest")


@pytest.mark.parametrize("derivation", ["first/3", "first/", "other/2", "first/2/2"])
def test_a_derivation_that_is_not_known_is_one_of_a_retired_key(derivation: str) -> None:
    generator = HmacTokenGenerator(a_key_ring())

    again = generator.draw_again(derivation, a_request_id(1), {a_patient_id(1): 0})

    assert again == Failure(KeyRetired())


def _derived(label: str, message: bytes) -> bytes:
    labelled = hmac.digest(b"a" * 32, f"invitation-tokens/{label}".encode(), "sha256")
    return hmac.digest(labelled, a_request_id(1).bytes + message, "sha256")


def test_digests_are_under_keys_of_their_own() -> None:
    [drawn] = _draw(f"key:{a_key()}")

    assert drawn.code_digest == digested(drawn.code, "code-digest")
    assert drawn.token_digest == digested(drawn.token, "token-digest")


def test_digests_cannot_be_made_without_the_key() -> None:
    [drawn] = _draw()

    guesses = {
        make(text.encode()) for text in (drawn.code, drawn.token) for make in (_plain, _under_the_bare_key)
    }
    assert not guesses & {drawn.code_digest, drawn.token_digest}


def _plain(text: bytes) -> bytes:
    return sha256(text).digest()


def _under_the_bare_key(text: bytes) -> bytes:
    return hmac.digest(b"a" * 32, text, "sha256")

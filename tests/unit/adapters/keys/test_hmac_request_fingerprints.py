"""The ten-digit numbers of a request cannot be found by trying all of them against its fingerprint."""

import hmac
from hashlib import sha256

from msgspec import json
from returns.result import Success

from adapters.keys.fingerprints import HmacRequestFingerprints
from adapters.keys.token_generator import HmacTokenGenerator
from domain.idempotency import Fingerprint
from tests.builders import NHS, a_requested_identifier, an_nhs_number
from tests.key_builders import a_key, a_key_ring

ASKED = [a_requested_identifier(1)]
WRITTEN = json.encode([[NHS, an_nhs_number(1)]])


def _digest(*entries: str) -> bytes:
    return HmacRequestFingerprints(a_key_ring(*entries)).take(ASKED).digest


def test_a_fingerprint_is_under_a_key_of_its_own() -> None:
    purpose = hmac.digest(b"a" * 32, b"invitation-tokens/request-fingerprint", "sha256")

    assert _digest(f"key:{a_key()}") == hmac.digest(purpose, WRITTEN, "sha256")


def test_a_fingerprint_cannot_be_made_without_the_key() -> None:
    guesses = {sha256(WRITTEN).digest(), hmac.digest(b"a" * 32, WRITTEN, "sha256")}

    assert _digest() not in guesses


def test_another_key_gives_another_fingerprint() -> None:
    assert _digest(f"key:{a_key('a')}") != _digest(f"key:{a_key('b')}")


def test_the_signing_key_is_named_with_the_derivation_of_the_codes() -> None:
    ring = a_key_ring(f"new:{a_key()}", f"old:{a_key('b')}")

    assert (
        HmacRequestFingerprints(ring).take(ASKED).derivation == HmacTokenGenerator(ring).derivation == "new/2"
    )


def test_a_fingerprint_by_an_earlier_derivation_is_taken_again() -> None:
    fingerprints = HmacRequestFingerprints(a_key_ring(f"new:{a_key('b')}", f"old:{a_key()}"))

    again = fingerprints.take_under("old", ASKED)

    assert again == Success(Fingerprint("old", _digest(f"old:{a_key()}")))


def test_a_fingerprint_holds_nothing_of_the_identifiers() -> None:
    fingerprint = HmacRequestFingerprints(a_key_ring()).take(ASKED)

    assert an_nhs_number(1) not in repr(fingerprint)
    assert len(fingerprint.digest) == 32

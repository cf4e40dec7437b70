"""Keys in a file are read again as soon as the file changes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.key_sources import JwksFile
from tests.integration.oauth.stopwatch import LIMITS, Stopwatch
from tests.integration.oauth.token_keys import TokenKey, key


def write(path: Path, *keys: TokenKey) -> None:
    """Replace the file in one step, as an operator should."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"keys": [each.jwk() for each in keys]}))
    draft.replace(path)


def overwrite(path: Path, content: bytes) -> None:
    """Write into the file as it stands."""
    path.write_bytes(content)


def remove(path: Path) -> None:
    path.unlink()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    write(path, key())
    return path


@pytest.fixture
async def signing_keys(path: Path, stopwatch: Stopwatch) -> AsyncIterator[CachedSigningKeys]:
    cached = CachedSigningKeys(JwksFile(path), stopwatch, LIMITS)
    yield cached
    await cached.aclose()


async def test_the_keys_of_the_file_are_found(signing_keys: CachedSigningKeys) -> None:
    found = await signing_keys.find("k1", "RS256")

    assert found


async def test_an_unchanged_file_is_not_read_again(path: Path) -> None:
    source = JwksFile(path)

    before = source.changed()
    await source.fetch()
    after = source.changed()

    assert (before, after) == (True, False)


async def test_a_changed_file_counts_at_once(signing_keys: CachedSigningKeys, path: Path) -> None:
    await signing_keys.find("k1", "RS256")

    write(path, key("k2"))

    assert not await signing_keys.find("k1", "RS256")
    assert await signing_keys.find("k2", "RS256")


async def test_a_file_rewritten_in_place_counts_at_once(signing_keys: CachedSigningKeys, path: Path) -> None:
    await signing_keys.find("k1", "RS256")

    overwrite(path, json.dumps({"keys": [key("another").jwk()]}).encode())

    assert await signing_keys.find("another", "RS256")


async def test_the_keys_of_a_deleted_file_stay_in_use_for_a_bounded_time(
    signing_keys: CachedSigningKeys, path: Path, stopwatch: Stopwatch
) -> None:
    await signing_keys.find("k1", "RS256")
    remove(path)
    stopwatch.advance(LIMITS.lifetime + LIMITS.stale)

    with pytest.raises(IssuerUnavailable):
        await signing_keys.find("k1", "RS256")


@pytest.mark.parametrize("content", [b"", b'{"keys":[', b'{"keys":[{}]}', b" " * 262_145 + b"{}"])
async def test_an_unusable_file_leaves_the_cached_keys_in_use(
    signing_keys: CachedSigningKeys, path: Path, content: bytes
) -> None:
    await signing_keys.find("k1", "RS256")

    overwrite(path, content)

    assert await signing_keys.find("k1", "RS256")


async def test_a_deleted_file_leaves_the_cached_keys_in_use(
    signing_keys: CachedSigningKeys, path: Path
) -> None:
    await signing_keys.find("k1", "RS256")

    remove(path)

    assert await signing_keys.find("k1", "RS256")


async def test_a_repaired_file_counts_at_once(signing_keys: CachedSigningKeys, path: Path) -> None:
    overwrite(path, b"half a fi")
    with pytest.raises(IssuerUnavailable):
        await signing_keys.find("k2", "RS256")

    write(path, key("k2"))

    assert await signing_keys.find("k2", "RS256")


async def test_no_token_is_verified_until_a_missing_file_appears(
    signing_keys: CachedSigningKeys, path: Path
) -> None:
    remove(path)
    with pytest.raises(IssuerUnavailable):
        await signing_keys.find("k1", "RS256")

    write(path, key())

    assert await signing_keys.find("k1", "RS256")


async def test_a_file_may_begin_with_a_byte_order_mark(signing_keys: CachedSigningKeys, path: Path) -> None:
    overwrite(path, json.dumps({"keys": [key("k2").jwk()]}).encode("utf-8-sig"))

    assert await signing_keys.find("k2", "RS256")


async def test_a_file_of_just_256_kib_is_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(b" " * 262_144)

    document = await JwksFile(path).fetch()

    assert len(document) == 262_144


async def test_a_file_is_not_read_beyond_the_size_limit() -> None:
    with pytest.raises(IssuerUnavailable, match=r"^the key file is too large$"):
        await JwksFile(Path("/dev/zero")).fetch()


async def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IssuerUnavailable, match=r"^the key file cannot be read$"):
        await JwksFile(tmp_path).fetch()

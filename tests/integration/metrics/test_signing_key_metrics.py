"""The metrics of the signing keys."""

import time
from pathlib import Path

import pytest

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.key_sources import JwksFile
from adapters.telemetry.prometheus import Metrics
from tests.integration.http.support.issuer import Issuer
from tests.integration.metrics.support.figures import Figures, figures_of

FETCHED_AT = "invitations_signing_keys_fetched_timestamp_seconds"


def fetches(figures: Figures) -> dict[str, float]:
    return figures.by("outcome", "invitations_signing_keys_fetches_total")


def damage(file: Path) -> None:
    file.write_bytes(b"{}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jwks.json"


@pytest.fixture
def keys(file: Path, metrics: Metrics) -> CachedSigningKeys:
    return CachedSigningKeys(JwksFile(file), time.monotonic, on_fetch=metrics.signing_keys.fetched)


def test_keys_that_were_never_fetched_have_no_age(metrics: Metrics) -> None:
    figures = figures_of(metrics)

    assert FETCHED_AT not in figures.names
    assert fetches(figures) == {}


async def test_a_fetch_is_counted_and_its_time_is_measured(
    metrics: Metrics, keys: CachedSigningKeys, file: Path, issuer: Issuer
) -> None:
    issuer.publish(file)
    began = time.time()

    await keys.find(None, "ES256")

    figures = figures_of(metrics)
    assert fetches(figures) == {"succeeded": 1}
    assert began <= figures.sum(FETCHED_AT) <= time.time()


async def test_a_fetch_that_fails_is_counted_and_makes_the_keys_no_younger(
    metrics: Metrics, keys: CachedSigningKeys, file: Path, issuer: Issuer
) -> None:
    issuer.publish(file)
    await keys.find(None, "ES256")
    before = figures_of(metrics)
    damage(file)

    await keys.find(None, "ES256")

    after = figures_of(metrics)
    assert fetches(after) == {"succeeded": 1, "failed": 1}
    assert after.sum(FETCHED_AT) == before.sum(FETCHED_AT)


async def test_an_unreachable_source_is_a_failed_fetch(metrics: Metrics, keys: CachedSigningKeys) -> None:
    with pytest.raises(IssuerUnavailable):
        await keys.find(None, "ES256")

    assert fetches(figures_of(metrics)) == {"failed": 1}

"""The release of the service that runs."""

from importlib.metadata import version

from adapters.fhir.conformance.capability_statement import Release

DISTRIBUTION = "invitation-tokens"

RELEASE_DATE = "2026-11-22"
"""The day of the newest release; CHANGELOG.md has the same."""


def this_release() -> Release:
    """Read the version that is installed."""
    return Release(DISTRIBUTION, version(DISTRIBUTION), RELEASE_DATE)

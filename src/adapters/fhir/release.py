"""The release that is running."""

from importlib.metadata import version

DISTRIBUTION = "invitation-tokens"

VERSION = version(DISTRIBUTION)

RELEASE_DATE = {"0.1.0": "2026-11-22"}[VERSION]
"""A date belongs to one version: a new version without its date does not start."""

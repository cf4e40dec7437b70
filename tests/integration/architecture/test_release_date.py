"""The date of the newest release is the same in the source and in the changelog."""

import re
from importlib.metadata import version

from entrypoints.release import DISTRIBUTION, RELEASE_DATE, this_release
from tests.integration.architecture.source import ROOT

_RELEASE = re.compile(r"^## \[(\d[^\]]*)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


def test_the_version_is_the_one_that_is_installed() -> None:
    release = this_release()

    assert (release.name, release.version) == (DISTRIBUTION, version("invitation-tokens"))


def test_the_date_is_that_of_the_newest_release_in_the_changelog() -> None:
    newest = [date for _version, date in _RELEASE.findall((ROOT / "CHANGELOG.md").read_text())][:1]

    # there may be no release yet
    assert newest in ([], [RELEASE_DATE])

"""Programs that tests need, and that a machine may lack."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip the test; in continuous integration, fail it."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)

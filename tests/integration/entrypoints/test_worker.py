"""What a worker logs of what Python itself would write."""

import subprocess
import sys

from msgspec import json

PROGRAM = """
from entrypoints.worker import configure_logging

class Fails:
    def __del__(self):
        raise ValueError("9990000018")

configure_logging("info", tracing=False)
Fails()
"""


def test_an_exception_that_cannot_be_raised_is_logged_as_json_without_its_text() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)

    [line] = [json.decode(each, type=dict[str, object]) for each in ended.stderr.splitlines()]
    assert (line["level"], line["message"], line["exception"]) == ("ERROR", "exception ignored", "ValueError")
    assert b"9990000018" not in ended.stderr

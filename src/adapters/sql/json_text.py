"""JSON for columns that hold it."""

from typing import Any

from msgspec import json


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever msgspec can write
    """Write a value as JSON."""
    return json.encode(value).decode()

"""Values that must not reach a log by accident."""

from typing import Any

from msgspec import Struct


class Confidential(Struct, frozen=True):
    """A value of which neither `repr` nor a debugger's pretty printer shows anything but the type."""

    def __repr__(self) -> str:
        """Show the type alone."""
        return f"{type(self).__name__}(<hidden>)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Show no field to `rich`, which would list those of a Struct otherwise."""
        return []

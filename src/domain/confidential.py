"""The base of values that must not reach a log by accident."""

from typing import Any

from msgspec import Struct


class Confidential(Struct, frozen=True, gc=False):
    """A value of which `repr` and pretty printers show the type only.

    The garbage collector skips these values: they cannot refer to themselves, and there are thousands.
    """

    def __repr__(self) -> str:
        """Show the type alone."""
        return f"{type(self).__name__}(<hidden>)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Show no field to `rich`, which would otherwise list those of a Struct."""
        return []

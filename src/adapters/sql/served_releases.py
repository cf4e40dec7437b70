"""Which releases a schema serves, as its revisions declare it."""

from collections.abc import Sequence

from msgspec import Struct


class AppliedRevision(Struct, frozen=True):
    """A revision of the schema, and what it declares: the oldest one whose release still runs on it."""

    revision: str
    oldest_served: str | None


def oldest_served(applied: Sequence[AppliedRevision]) -> str:
    """Tell the oldest revision whose release runs on a schema to which these were applied, in this order.

    What a revision does not serve, no later one does; one that declares nothing serves its own release
    alone.
    """
    order = [each.revision for each in applied]
    return max((each.oldest_served or each.revision for each in applied), key=order.index)

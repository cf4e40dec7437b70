"""Writes Markdown."""

from collections.abc import Iterable, Iterator, Sequence


def section(title: str, lines: Iterable[str], *plots: str) -> Iterator[str]:
    """Put a title and its plots above lines."""
    yield from ("", f"## {title}", "")
    for plot in plots:
        yield from (f"![{title}: {plot.removesuffix('.svg')}]({plot})", "")
    yield from lines


def table(*rows: Sequence[object]) -> Iterator[str]:
    """Write rows as a table. The first one is its head."""
    head, *others = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    yield head
    yield "|" + "---|" * len(rows[0])
    yield from others


def milliseconds(seconds: float | None) -> str:
    """Write seconds as milliseconds, or nothing for None."""
    return "" if seconds is None else f"{seconds * 1000:.1f}"

"""Markdown."""

from collections.abc import Iterable, Iterator, Sequence


def section(title: str, lines: Iterable[str], *plots: str) -> Iterator[str]:
    """Head lines by a title and the plots that go with them."""
    yield from ("", f"## {title}", "")
    for plot in plots:
        yield from (f"![{title}: {plot.removesuffix('.svg')}]({plot})", "")
    yield from lines


def table(*rows: Sequence[object]) -> Iterator[str]:
    """Set rows in a table, the first one as its head."""
    head, *others = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    yield head
    yield "|" + "---|" * len(rows[0])
    yield from others


def milliseconds(seconds: float | None) -> str:
    """Write seconds as milliseconds, nothing where there are none."""
    return "" if seconds is None else f"{seconds * 1000:.1f}"

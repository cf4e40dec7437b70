"""Reading while the database works."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterable[T], size: int) -> Iterator[T]:
    """Pass the items on, reading the next `size` of them in a thread while the last ones are in use."""
    remaining = iter(items)
    with ThreadPoolExecutor(max_workers=1) as reader:

        def next_items() -> Future[list[T]]:
            return reader.submit(lambda: list(islice(remaining, size)))

        ahead = next_items()
        while read := ahead.result():
            ahead = next_items()
            yield from read

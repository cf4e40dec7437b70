"""What the database libraries raise when the database is away, in the words of the ports."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from application.ports.unavailable import Unavailable


class StorageUnavailable(Unavailable):
    """The database cannot be reached, is busy beyond patience, or has no room. Nothing was stored."""


@contextmanager
def outages_as_unavailable() -> Iterator[None]:
    """Turn an outage of the database into StorageUnavailable; let every other error through.

    The cause is cut off: what the libraries chain to an error can quote the values of a statement.
    """
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError) as outage:
        cause = outage.orig if isinstance(outage, DBAPIError) else outage
        raise StorageUnavailable(f"{type(cause).__name__}: {cause}".splitlines()[0]) from None

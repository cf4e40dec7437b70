"""The plans: how much a run measures."""

from msgspec import Struct

DATABASE = "bench"
BATCHES = (1, 10, 100, 500)
CLIENTS = (1, 8, 32)
STATUS_BATCH = 5_000


class Plan(Struct, frozen=True):
    """The sizes of a run. Seconds belong to one slice. Each round has one slice of each kind.

    Before the first, each subject has its turn `warm_up_slices` times: with many patients it takes a process
    of PostgreSQL a while to have met all the pages that it will need.
    """

    rows: int = 1_000_000
    other_sizes: tuple[int, ...] = (100_000,)
    sqlite_rows: int = 200_000
    warm_up_slices: int = 1
    rounds: int = 5
    seconds: float = 0.4
    headline_seconds: float = 1.5
    requests_endured: int = 10_000
    minutes_endured: float = 0
    rows_imported: int = 100_000
    starts: int = 5
    life_rounds: int = 3
    patients_invited: int = 0

    @property
    def sizes(self) -> tuple[int, ...]:
        """The patients in each database, the smallest first."""
        return tuple(sorted({self.rows, *self.other_sizes}))

    @property
    def most_rows(self) -> int:
        """The patients in the largest database."""
        return max(self.rows, *self.other_sizes)


SHORT = Plan()
"""About nine minutes on two cores."""

FULL = Plan(
    other_sizes=(100_000, 10_000_000),
    warm_up_slices=20,
    rounds=10,
    headline_seconds=3,
    minutes_endured=10,
    rows_imported=1_000_000,
    starts=10,
    life_rounds=10,
    patients_invited=5_000_000,
)
"""About 45 minutes on two cores, and 12 GB of disk."""


def database_of(plan: Plan, rows: int) -> str:
    """Name the database with this number of patients."""
    return DATABASE if rows == plan.rows else f"{DATABASE}_{rows}"

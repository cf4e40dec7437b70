"""How far more processes, cores and machines go, by the processor time that was measured."""

from msgspec import Struct

from benchmarks.figures import Figures

POPULATION = 68_000_000
"""The United Kingdom, in round figures."""


class Model(Struct, frozen=True):
    """Patients a second that one core answers: one of the service's, and one of the database's."""

    service: float
    database: float

    @classmethod
    def of(cls, measured: Figures) -> "Model":
        """Read it off the processor time per 1,000 patients."""
        return cls(1000 / measured.subject_cpu, 1000 / measured.database_cpu)

    def pace(self, service_cores: float, database_cores: float) -> float:
        """Give the patients a second of so many cores, as long as nothing but processors is short."""
        return min(self.service * service_cores, self.database * database_cores)

    def pace_together(self, cores: float) -> float:
        """Give the patients a second of so many cores that service and database share."""
        return cores / (1 / self.service + 1 / self.database)

    @property
    def service_cores_for_each_of_the_database(self) -> float:
        """Tell how many cores of the service keep one of the database's busy."""
        return self.database / self.service

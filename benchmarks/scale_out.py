"""Estimates the pace of more processes, cores and machines from the measured processor time."""

from msgspec import Struct

from benchmarks.figures import Figures

POPULATION = 68_000_000
"""The population of the United Kingdom, rounded."""


class Model(Struct, frozen=True):
    """Patients a second that one core of the service answers, and one core of the database."""

    service: float
    database: float

    @classmethod
    def of(cls, measured: Figures) -> "Model":
        """Derive it from the processor time per 1,000 patients."""
        return cls(1000 / measured.subject_cpu, 1000 / measured.database_cpu)

    def pace(self, service_cores: float, database_cores: float) -> float:
        """Give the patients a second of this number of cores, if only processors are the limit."""
        return min(self.service * service_cores, self.database * database_cores)

    def pace_together(self, cores: float) -> float:
        """Give the patients a second of this number of cores, shared by service and database."""
        return cores / (1 / self.service + 1 / self.database)

    @property
    def service_cores_for_each_of_the_database(self) -> float:
        """Give the cores of the service that keep one core of the database busy."""
        return self.database / self.service

"""A check of readiness that finds what a test says."""

from application.ports.system import ReadinessCheck


class FixedReadiness(ReadinessCheck):
    """Has one problem or none. A test may change it."""

    def __init__(self, problem: str | None = None) -> None:
        self.found = problem

    async def problem(self) -> str | None:
        return self.found

"""The contract of `ReadinessCheck`.

The consumer supplies the fixtures `ready`, a check of something that is as it should be, and `unready`,
one of something that is not.
"""

from application.ports.system import ReadinessCheck


class ReadinessCheckContract:
    async def test_a_ready_dependency_has_no_problem(self, ready: ReadinessCheck) -> None:
        assert await ready.problem() is None

    async def test_a_problem_is_one_line(self, unready: ReadinessCheck) -> None:
        problem = await unready.problem()

        assert problem
        assert problem.splitlines() == [problem]

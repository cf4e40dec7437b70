"""The contract of `Pauses`."""

from application.ports.system import Pauses


class PausesContract:
    async def test_a_spread_lies_between_0_and_1(self, pauses: Pauses) -> None:
        drawn = [pauses.spread() for _ in range(100)]

        assert all(0 <= each <= 1 for each in drawn)

    async def test_a_wait_ends(self, pauses: Pauses) -> None:
        await pauses.wait(0.01)

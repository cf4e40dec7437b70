"""A patient who holds an invitation."""

import pytest

from application.ports.invitations import DrawnSecrets
from tests.unit.application.redemption import Redemption


@pytest.fixture
async def redemption() -> Redemption:
    redemption = Redemption()
    await redemption.bring_in()
    return redemption


@pytest.fixture
def issued(redemption: Redemption) -> DrawnSecrets:
    return redemption.issue()

"""The contract of `AuthorisationServerRepository`.

The consumer supplies the fixtures `described`, which knows of a server whose token endpoint the fixture
`token_endpoint` gives; `undescribed`, which is not to ask; and `unreachable`, which gets no answer.
"""

import pytest

from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable


class AuthorisationServerContract:
    async def test_a_server_that_describes_itself_is_described(
        self, described: AuthorisationServerRepository, token_endpoint: str
    ) -> None:
        server = await described.look_up()

        assert server == AuthorisationServer(token_endpoint=token_endpoint)

    async def test_it_is_described_as_often_as_it_is_asked_for(
        self, described: AuthorisationServerRepository
    ) -> None:
        assert await described.look_up() == await described.look_up()

    async def test_a_server_that_is_not_asked_is_not_described(
        self, undescribed: AuthorisationServerRepository
    ) -> None:
        assert await undescribed.look_up() is None

    async def test_a_server_that_does_not_answer_is_unavailable(
        self, unreachable: AuthorisationServerRepository
    ) -> None:
        with pytest.raises(Unavailable):
            await unreachable.look_up()

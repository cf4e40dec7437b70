"""A description of the issuer that a test sets."""

from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable


class FixedAuthorisationServer(AuthorisationServerRepository):
    """Describes one server or none. A test may remove it."""

    def __init__(self, server: AuthorisationServer | None = None) -> None:
        self._server = server
        self.is_away = False

    async def look_up(self) -> AuthorisationServer | None:
        if self.is_away:
            raise Unavailable
        return self._server

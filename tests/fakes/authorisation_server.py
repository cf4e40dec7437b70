"""What is known of the issuer, as a test says."""

from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable


class FixedAuthorisationServer(AuthorisationServerRepository):
    """Describes the one server that it was made with, or none; a test may take it away."""

    def __init__(self, server: AuthorisationServer | None = None) -> None:
        self._server = server
        self.is_away = False

    async def look_up(self) -> AuthorisationServer | None:
        if self.is_away:
            raise Unavailable
        return self._server

"""The page as a part of the HTTP application, which may do without one."""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from adapters.http.in_flight_limit import Refuse, send_unavailable


class JoinPage(Struct, frozen=True):
    """The handlers of the page's routes, and the answer while no slot is free."""

    handlers: Sequence[HTTPRouteHandler] = ()
    refuse: Refuse = send_unavailable


NO_PAGE = JoinPage()
"""The part of an application whose service has no portal."""

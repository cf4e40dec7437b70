"""The HTTP application."""

from collections.abc import Mapping, Sequence
from logging import getLogger
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import LifespanHook
from msgspec import Struct

from adapters.http.bodies import AsgiApp, BodyDeadline
from adapters.http.calls import HttpOperations
from adapters.http.conformance import ConformanceSettings, conformance_routes
from adapters.http.docs.routes import docs_routes
from adapters.http.exact_paths import ExactPaths
from adapters.http.framing import FramingCheck
from adapters.http.generate_invitation_tokens import generate_invitation_tokens
from adapters.http.head import HeadAsGet
from adapters.http.health import Exposition, live, metrics, ready
from adapters.http.in_flight_limit import ConcurrencyLimit, Refuse, send_unavailable
from adapters.http.query_invitation_status import query_invitation_status
from adapters.http.query_patient_status import query_patient_status
from adapters.http.redemption import claim_invitation, confirm_registration
from adapters.http.request_log import RequestLog
from adapters.http.responses import PUBLIC_ROOT, refuse_raised
from adapters.http.revoke_invitations import revoke_invitations
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.serving.request_log import Observe
from application.ports.system import ReadinessCheck


class HttpLimits(Struct, frozen=True):
    """What one process takes: bytes of a body, seconds to receive it, requests in progress at once."""

    body_bytes: int
    body_seconds: float
    in_flight: InFlightLimit


class Observability(Struct, frozen=True):
    """The probes, the metrics if they are answered here, and the observer of each request."""

    readiness_checks: Sequence[ReadinessCheck]
    exposition: Exposition | None
    observe: Observe


class Lifespan(Struct, frozen=True):
    """The hooks before the first request and after the last one."""

    on_shutdown: Sequence[LifespanHook]
    on_startup: Sequence[LifespanHook] = ()


class JoinPage(Struct, frozen=True):
    """The handlers of the page's routes, the answer while no slot is free, and how large a form may be."""

    handlers: Sequence[HTTPRouteHandler] = ()
    refuse: Refuse = send_unavailable
    forms: Mapping[str, int] = {}


NO_PAGE = JoinPage()
"""What stands for the page if the service has no portal."""

_OPERATIONS = (
    generate_invitation_tokens,
    query_patient_status,
    query_invitation_status,
    revoke_invitations,
    claim_invitation,
    confirm_registration,
)


def create_http_app(  # noqa: PLR0913, PLR0917 - the parts of the application
    operations: HttpOperations,
    observability: Observability,
    published: ConformanceSettings,
    limits: HttpLimits,
    lifespan: Lifespan,
    join: JoinPage = NO_PAGE,
) -> AsgiApp:
    """Assemble the application. Limits and log are outside the framework, so they see all requests."""
    public_root = urlsplit(published.base_url).path.rstrip("/")
    litestar = Litestar(
        route_handlers=[
            *_OPERATIONS,
            *conformance_routes(published),
            live,
            ready,
            *([] if observability.exposition is None else [metrics]),
            *docs_routes(published.release.version, public_root),
            *join.handlers,
        ],
        state=State({PUBLIC_ROOT: public_root}),
        dependencies={
            # one dependency, because the framework would start a task for each of several
            "operations": _provide(operations),
            "readiness_checks": _provide(observability.readiness_checks),
            "exposition": _provide(observability.exposition),
        },
        exception_handlers={Exception: refuse_raised},
        request_max_body_size=limits.body_bytes,
        on_startup=lifespan.on_startup,
        on_shutdown=lifespan.on_shutdown,
        logging_config=None,
        openapi_config=None,
    )
    whole = HeadAsGet(cast("AsgiApp", litestar))
    bounded = ConcurrencyLimit(whole, limits.in_flight, limits.body_bytes, join.forms, join.refuse)
    timed = BodyDeadline(FramingCheck(bounded), limits.body_seconds)
    return RequestLog(ExactPaths(timed), getLogger("invitations.request"), observability.observe)


def _provide(value: Any) -> Provide:  # noqa: ANN401 - any port or use case
    async def provided() -> Any:  # noqa: ANN401 - as given
        return value

    return Provide(provided)

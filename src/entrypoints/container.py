"""The container of the service, in which everything is put together."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic, monotonic_ns
from typing import TYPE_CHECKING

from dependency_injector import containers, providers

from adapters.fhir.conformance.capability_statement import Release
from adapters.http.app import NO_PAGE, HttpLimits, JoinPage, Lifespan, Observability, create_http_app
from adapters.http.bodies import AsgiApp
from adapters.http.calls import HttpOperations, OperationCalls
from adapters.http.conformance import ConformanceSettings
from adapters.http.health import Exposition
from adapters.http.join.client_addresses import NO_PROXIES, TrustedProxies
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.serving.readiness import SharedReadiness
from adapters.telemetry.prometheus import CONTENT_TYPE
from application.claim_invitation import ClaimInvitation
from application.ports.system import Clock
from entrypoints.file_limit import max_connections
from entrypoints.loading import OnDemand
from entrypoints.ports import Security, Storage, System
from entrypoints.release import this_release
from entrypoints.resources import close_resources, open_resources, service_resource
from entrypoints.settings import Settings, tls_files
from entrypoints.telemetry import ObservedPorts, Telemetry
from entrypoints.use_cases import Administration, Operations

if TYPE_CHECKING:
    from adapters.http.join.routes import JoinRoutes

BODY_SECONDS = 10.0
"""How long a caller may take to send a body: at the largest size, 3.4 Mbit/s."""

IDLE_SECONDS = 60.0
"""How long a stream may wait for its caller's next message."""


def served_join_page(
    portal_url: str, claim: ClaimInvitation, clock: Clock, proxies: TrustedProxies, now: Callable[[], int]
) -> JoinPage:
    """Make the page."""
    routes: JoinRoutes = OnDemand.JOIN_ROUTES(portal_url, claim, clock, proxies, now)
    return JoinPage(routes.handlers(), routes.refuse_unread, routes.forms)


class Grpc(containers.DeclarativeContainer):
    """The gRPC server."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    in_flight_limit: providers.Dependency[InFlightLimit] = providers.Dependency()
    readiness: providers.Dependency[Sequence[SharedReadiness]] = providers.Dependency()
    telemetry = providers.DependenciesContainer()
    operations = providers.DependenciesContainer()

    server = providers.Singleton(
        OnDemand.GRPC_SERVER,
        providers.Factory(
            OnDemand.GRPC_OPERATIONS,
            operations.authorise_caller,
            operations.audit_recorder,
            operations.generate_invitation_tokens,
            operations.query_patient_status,
            operations.revoke_invitations,
            around_batch=providers.Callable(partial, telemetry.traces.provided.around_part, "batch"),
        ),
        readiness_checks=readiness,
        limits=providers.Factory(
            OnDemand.GRPC_LIMITS,
            providers.Factory(
                OnDemand.GRPC_CALL_LIMITS, settings.provided.max_body_bytes, BODY_SECONDS, IDLE_SECONDS
            ),
            in_flight_limit,
            connections=providers.Callable(max_connections),
        ),
        tls=providers.Callable(tls_files, settings),
        observe=telemetry.metrics.provided.requests.observer.call("grpc", OnDemand.GRPC_STATUS_NAME),
    ).add_attributes(interceptors=telemetry.traces.provided.grpc_interceptors)


class Http(containers.DeclarativeContainer):
    """The HTTP application."""

    metrics_answered: providers.Dependency[str] = providers.Dependency()
    settings: providers.Dependency[Settings] = providers.Dependency()
    release: providers.Dependency[Release] = providers.Dependency()
    in_flight_limit: providers.Dependency[InFlightLimit] = providers.Dependency()
    readiness: providers.Dependency[Sequence[SharedReadiness]] = providers.Dependency()
    lifespan: providers.Dependency[Lifespan] = providers.Dependency()
    trusted_proxies: providers.Dependency[TrustedProxies] = providers.Dependency()
    system = providers.DependenciesContainer()
    telemetry = providers.DependenciesContainer()
    security = providers.DependenciesContainer()
    operations = providers.DependenciesContainer()

    join_page = providers.Selector(
        settings.provided.join_page,
        none=providers.Object(NO_PAGE),
        served=providers.Factory(
            served_join_page,
            settings.provided.portal_url,
            operations.claim_invitation,
            system.clock,
            trusted_proxies,
            monotonic_ns,
        ),
    )
    untraced_app = providers.Singleton(
        create_http_app,
        providers.Factory(
            HttpOperations,
            providers.Factory(
                OperationCalls,
                operations.authorise_caller,
                operations.authorise_portal,
                operations.audit_recorder,
            ),
            operations.generate_invitation_tokens,
            operations.query_patient_status,
            operations.query_invitation_status,
            operations.revoke_invitations,
            settings.provided.base_url,
            operations.claim_invitation,
            operations.confirm_registration,
        ),
        observability=providers.Factory(
            Observability,
            readiness,
            providers.Selector(
                metrics_answered,
                here=providers.Factory(Exposition, telemetry.metrics.provided.exposition, CONTENT_TYPE),
                elsewhere=providers.Object(None),
            ),
            telemetry.metrics.provided.requests.observer.call("http"),
        ),
        published=providers.Factory(
            ConformanceSettings,
            settings.provided.base_url,
            settings.provided.scopes,
            security.authorisation_servers,
            release,
        ),
        limits=providers.Factory(HttpLimits, settings.provided.max_body_bytes, BODY_SECONDS, in_flight_limit),
        lifespan=lifespan,
        join=join_page,
    )
    app: providers.Provider[AsgiApp] = telemetry.traces.provided.around_http.call(untraced_app)


class Container(containers.DeclarativeContainer):
    """The service. Nothing is opened before it is used; a test overrides any part of it."""

    __self__ = providers.Self()

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    statement_seconds: providers.Object[float | None] = providers.Object(None)
    metrics_directory: providers.Object[Path | None] = providers.Object(None)
    grpc_address: providers.Object[str | None] = providers.Object(None)
    metrics_answered: providers.Object[str] = providers.Object("here")
    trusted_proxies: providers.Object[TrustedProxies] = providers.Object(NO_PROXIES)
    release = providers.Singleton(this_release)

    system = providers.Container(System)
    telemetry = providers.Container(
        Telemetry, settings=settings, release=release, metrics_directory=metrics_directory
    )
    storage = providers.Container(
        Storage,
        settings=settings,
        statement_seconds=statement_seconds,
        connections=telemetry.metrics.provided.saturation.connections,
    )
    security = providers.Container(
        Security,
        settings=settings,
        system=system,
        storage=storage,
        on_keys_fetched=telemetry.metrics.provided.signing_keys.fetched,
    )
    observed = providers.Container(ObservedPorts, telemetry=telemetry, storage=storage, security=security)
    administration = providers.Container(Administration, settings=settings, system=system, storage=storage)
    operations = providers.Container(
        Operations, settings=settings, system=system, storage=storage, security=security, observed=observed
    )
    in_flight_limit = providers.Singleton(
        InFlightLimit,
        settings.provided.max_concurrent_requests,
        telemetry.metrics.provided.saturation.requests.call(settings.provided.max_concurrent_requests),
    )
    readiness = providers.List(
        providers.Singleton(SharedReadiness, storage.schema, monotonic),
        providers.Singleton(SharedReadiness, storage.privileges, monotonic),
        providers.Singleton(SharedReadiness, storage.key_checks, monotonic),
    )
    grpc = providers.Container(
        Grpc,
        settings=settings,
        in_flight_limit=in_flight_limit,
        readiness=readiness,
        telemetry=telemetry,
        operations=operations,
    )
    service = providers.Resource(
        service_resource,
        grpc.server.provider,
        grpc_address,
        storage.database.provided.close,
        security.signing_keys.provided.aclose,
        security.introspection.provided.aclose,
        security.issuer_description.provided.aclose,
        telemetry.traces.provided.aclose,
    )
    http = providers.Container(
        Http,
        metrics_answered=metrics_answered,
        settings=settings,
        release=release,
        in_flight_limit=in_flight_limit,
        readiness=readiness,
        lifespan=providers.Factory(
            Lifespan,
            providers.List(providers.Callable(partial, close_resources, __self__)),
            providers.List(providers.Callable(partial, open_resources, __self__)),
        ),
        trusted_proxies=trusted_proxies,
        system=system,
        telemetry=telemetry,
        security=security,
        operations=operations,
    )

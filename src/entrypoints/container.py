"""The one place where everything is put together."""

from dependency_injector import providers

from adapters.grpc.call import CallLimits, GrpcLimits
from adapters.grpc.refusals import name_of
from adapters.grpc.server import GrpcOperations, create_grpc_server
from adapters.http.app import HttpLimits, Lifespan, Observability, create_http_app
from adapters.http.calls import HttpOperations, OperationCalls
from adapters.http.conformance import ConformanceSettings
from adapters.http.health import Exposition
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.telemetry.prometheus import CONTENT_TYPE
from entrypoints.ports import Ports
from entrypoints.settings import tls_files
from entrypoints.use_cases import UseCases

BODY_SECONDS = 10.0
"""How long a caller may take to send a body: at the largest size, 3.4 Mbit/s."""

IDLE_SECONDS = 60.0
"""How long the next message of a stream may be waited for."""


class Container(UseCases):
    """The doors to the use cases. A test overrides any of it."""

    places = providers.Singleton(
        InFlightLimit,
        Ports.settings.provided.max_concurrent_requests,
        Ports.metrics.provided.saturation.places.call(Ports.settings.provided.max_concurrent_requests),
    )
    grpc_operations = providers.Factory(
        GrpcOperations,
        UseCases.authorise_caller,
        UseCases.audit_recorder,
        UseCases.generate_invitation_tokens,
        UseCases.query_patient_status,
    )
    grpc_server = providers.Singleton(
        create_grpc_server,
        grpc_operations,
        readiness_checks=providers.List(Ports.schema),
        limits=providers.Factory(
            GrpcLimits,
            providers.Factory(CallLimits, Ports.settings.provided.max_body_bytes, BODY_SECONDS, IDLE_SECONDS),
            places,
        ),
        tls=providers.Callable(tls_files, Ports.settings),
        observe=Ports.metrics.provided.requests.at_door.call("grpc", name_of),
    )
    on_shutdown = providers.List(
        grpc_server.provided.stop,
        Ports.database.provided.close,
        Ports.signing_keys.provided.aclose,
        Ports.introspection.provided.aclose,
        Ports.issuer_description.provided.aclose,
    )
    http_app = providers.Singleton(
        create_http_app,
        providers.Factory(
            HttpOperations,
            providers.Factory(OperationCalls, UseCases.authorise_caller, UseCases.audit_recorder),
            UseCases.generate_invitation_tokens,
            UseCases.query_patient_status,
            Ports.settings.provided.base_url,
        ),
        observability=providers.Factory(
            Observability,
            providers.List(Ports.schema),
            providers.Factory(Exposition, Ports.metrics.provided.exposition, CONTENT_TYPE),
            Ports.metrics.provided.requests.at_door.call("http"),
        ),
        published=providers.Factory(
            ConformanceSettings,
            Ports.settings.provided.base_url,
            Ports.settings.provided.scopes,
            Ports.authorisation_servers,
        ),
        limits=providers.Callable(
            HttpLimits,
            Ports.settings.provided.max_body_bytes,
            BODY_SECONDS,
            places,
        ),
        lifespan=providers.Factory(Lifespan, on_shutdown),
    )

"""Tracing, put into a container that was made without it. To import this takes time and memory."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from dependency_injector import providers
from dependency_injector.providers import Provider

from adapters.grpc.spans import GrpcSpans
from adapters.http.app import create_http_app
from adapters.http.bodies import AsgiApp
from adapters.http.spans import HttpSpans
from adapters.serving.spans import ServerSpans
from adapters.telemetry.otlp import OtlpTracing
from adapters.telemetry.traced_ports import (
    PartSpans,
    TracedAccessTokenVerifier,
    TracedAuditRepository,
    TracedDecideInvitations,
    TracedIdempotencyRepository,
    TracedInvitationRepository,
    TracedOrganisationGrants,
    TracedPatientRepository,
)
from entrypoints.container import Container

Port = TypeVar("Port")


def trace(container: Container) -> None:
    """Trace the calls that a container's doors answer from now on, as the environment says.

    Raises ValueError where OpenTelemetry cannot work with what the environment says.
    """
    tracing = OtlpTracing()
    container.on_shutdown.add_args(tracing.aclose)
    trace_parts(container, PartSpans(tracing.tracer))
    trace_calls(container, ServerSpans(tracing.tracer))


def trace_parts(container: Container, spans: PartSpans) -> None:
    """Put a span around each part of a call that takes time."""

    def trace_port(port: Provider[Port], traced: Callable[[Port, PartSpans], object]) -> None:
        port.override(providers.Object(traced(port(), spans)))

    trace_port(container.access_token_verifier, TracedAccessTokenVerifier)
    trace_port(container.organisation_grants, TracedOrganisationGrants)
    trace_port(container.patient_repository, TracedPatientRepository)
    trace_port(container.idempotency_repository, TracedIdempotencyRepository)
    trace_port(container.invitation_repository, TracedInvitationRepository)
    trace_port(container.audit_repository, TracedAuditRepository)
    decide = container.decide_invitations
    decide.override(providers.Singleton(TracedDecideInvitations, *decide.args, spans))
    container.grpc_operations.add_kwargs(around_batch=providers.Object(partial(spans.part, "batch")))


def trace_calls(container: Container, spans: ServerSpans) -> None:
    """Put a span around each call, at either door."""

    def create_traced_app(*parts: Any, **named_parts: Any) -> AsgiApp:  # noqa: ANN401 - whatever the app takes
        return HttpSpans(create_http_app(*parts, **named_parts), spans)

    container.http_app.set_provides(create_traced_app)
    container.grpc_server.add_attributes(interceptors=(GrpcSpans(spans),))

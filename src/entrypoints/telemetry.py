"""The container of metrics and traces."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dependency_injector import containers, providers

from adapters.fhir.conformance.capability_statement import Release
from adapters.http.bodies import AsgiApp
from adapters.telemetry.observed_ports import (
    ObservedAccessTokenVerifier,
    ObservedAuditRepository,
    ObservedIdempotencyRepository,
    ObservedInvitationRepository,
    ObservedInvitationRevocations,
    ObservedOrganisationGrants,
    ObservedPatientRepository,
    ObservedRedemptionGrants,
    unobserved,
)
from adapters.telemetry.observed_redemption import ObservedRedemptionRepository
from adapters.telemetry.prometheus import Metrics
from entrypoints.loading import OnDemand
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from grpc.aio import ServerInterceptor


class NoTraces:
    """Puts nothing around calls and their parts."""

    around_part = staticmethod(unobserved)
    grpc_interceptors: "Sequence[ServerInterceptor]" = ()

    def around_http(self, app: AsgiApp) -> AsgiApp:
        """Give the application itself."""
        return app

    async def aclose(self) -> None:
        """Do nothing."""


class Telemetry(containers.DeclarativeContainer):
    """Metrics and traces."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    release: providers.Dependency[Release] = providers.Dependency()
    metrics_directory: providers.Object[Path | None] = providers.Object(None)

    metrics = providers.Singleton(Metrics, release.provided.version, metrics_directory)
    traces = providers.Selector(
        settings.provided.traces,
        exported=providers.Singleton(OnDemand.TRACES, release.provided.name, release.provided.version),
        none=providers.Singleton(NoTraces),
    )


class ObservedPorts(containers.DeclarativeContainer):
    """The ports whose calls are traced and counted."""

    telemetry = providers.DependenciesContainer()
    storage = providers.DependenciesContainer()
    security = providers.DependenciesContainer()

    around = telemetry.traces.provided.around_part
    count = telemetry.metrics.provided.count

    access_token_verifier = providers.Singleton(
        ObservedAccessTokenVerifier, security.access_token_verifier, around
    )
    organisation_grants = providers.Singleton(
        ObservedOrganisationGrants, security.organisation_grants, around
    )
    patient_repository = providers.Singleton(ObservedPatientRepository, storage.patient_repository, around)
    idempotency_repository = providers.Singleton(
        ObservedIdempotencyRepository, storage.idempotency_repository, around
    )
    invitation_repository = providers.Singleton(
        ObservedInvitationRepository, storage.invitation_repository, around, count
    )
    invitation_revocations = providers.Singleton(
        ObservedInvitationRevocations,
        storage.invitation_revocations,
        around,
        count,
        telemetry.metrics.provided.calls.revoked,
    )
    redemption_grants = providers.Singleton(ObservedRedemptionGrants, security.redemption_grants, around)
    redemption_repository = providers.Singleton(
        ObservedRedemptionRepository,
        storage.redemption_repository,
        around,
        count,
        telemetry.metrics.provided.redemptions.redeemed,
    )
    audit_repository = providers.Singleton(ObservedAuditRepository, storage.audit_repository, around, count)

"""Every port, and the adapter that is plugged into it."""

from pathlib import Path
from time import monotonic, monotonic_ns

from dependency_injector import containers, providers

from adapters.caches import CachedGrants
from adapters.fhir.release import VERSION
from adapters.keys.fingerprints import HmacRequestFingerprints
from adapters.keys.token_generator import HmacTokenGenerator
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.introspection import IntrospectionAccessTokenVerifier, IntrospectionEndpoint
from adapters.oauth.issuer import (
    CachedAuthorisationServer,
    configured_issuer_description,
    configured_key_source,
)
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.serving.rate_limits import InProcessRateLimits
from adapters.sql.audit import SqlAuditEvents, SqlAuditRepository
from adapters.sql.connect import connect
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlExpiredInvitations, SqlInvitationRepository
from adapters.sql.organisations import SqlGrants, SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.schema import Schema
from adapters.system import OrderedPatientIds, RandomRequestIds, SystemClock
from adapters.telemetry.counted_ports import CountedAuditRepository, CountedInvitationRepository
from adapters.telemetry.prometheus import Metrics
from domain.eligibility import EligibilityPolicy
from entrypoints.settings import Settings


class Ports(containers.DeclarativeContainer):
    """What the use cases need from outside. Nothing is opened before it is used."""

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    statement_seconds: providers.Object[float | None] = providers.Object(None)

    metrics_directory: providers.Object[Path | None] = providers.Object(None)

    metrics = providers.Singleton(Metrics, VERSION, metrics_directory)
    database = providers.Singleton(
        connect, settings.provided.database_url, statement_seconds, metrics.provided.saturation.connections
    )
    schema = providers.Singleton(Schema, database)
    signing_keys = providers.Singleton(
        CachedSigningKeys,
        providers.Callable(configured_key_source, settings.provided.issuer, settings.provided.jwks),
        monotonic,
        on_fetch=metrics.provided.signing_keys.fetched,
    )

    issuer_description = providers.Singleton(
        configured_issuer_description, settings.provided.issuer, settings.provided.jwks
    )
    authorisation_servers = providers.Singleton(CachedAuthorisationServer, issuer_description, monotonic)
    access_token_rules = providers.Singleton(
        AccessTokenRules,
        settings.provided.issuer,
        settings.provided.audience,
        settings.provided.require_at_jwt,
    )
    introspection_endpoint = providers.Singleton(
        IntrospectionEndpoint,
        settings.provided.introspection_url,
        settings.provided.introspection_client_id,
        settings.provided.introspection_client_secret,
    )

    clock = providers.Singleton(SystemClock)
    request_ids = providers.Singleton(RandomRequestIds)
    patient_ids = providers.Singleton(OrderedPatientIds)
    token_generator = providers.Singleton(HmacTokenGenerator, settings.provided.token_keys)
    request_fingerprints = providers.Singleton(HmacRequestFingerprints, settings.provided.token_keys)
    introspection = providers.Singleton(
        IntrospectionAccessTokenVerifier, introspection_endpoint, clock, monotonic, access_token_rules
    )
    access_token_verifier = providers.Selector(
        settings.provided.access_tokens,
        jwt=providers.Singleton(JwtAccessTokenVerifier, signing_keys, clock, monotonic, access_token_rules),
        opaque=introspection,
    )
    organisation_grants = providers.Singleton(
        CachedGrants, providers.Singleton(SqlGrants, database), monotonic
    )
    grant_repository = providers.Singleton(SqlGrants, database)
    organisation_repository = providers.Singleton(SqlOrganisationRepository, database)
    patient_report_repository = providers.Singleton(SqlPatientReportRepository, database)
    eligibility_policy = providers.Singleton(EligibilityPolicy, settings.provided.minimum_age)
    patient_repository = providers.Singleton(SqlPatientRepository, database)
    expired_invitations = providers.Singleton(SqlExpiredInvitations, database)
    invitation_repository = providers.Singleton(SqlInvitationRepository, database)
    idempotency_repository = providers.Singleton(SqlIdempotencyRepository, database)
    audit_repository = providers.Singleton(SqlAuditRepository, database)
    counted_invitation_repository = providers.Singleton(
        CountedInvitationRepository, invitation_repository, metrics.provided.calls
    )
    counted_audit_repository = providers.Singleton(
        CountedAuditRepository, audit_repository, metrics.provided.calls
    )
    audit_events = providers.Singleton(SqlAuditEvents, database)
    rate_limits = providers.Singleton(
        InProcessRateLimits, settings.provided.max_requests_per_minute, monotonic_ns
    )
    identifier_allowances = providers.Singleton(
        InProcessRateLimits, settings.provided.max_identifiers_per_minute, monotonic_ns
    )

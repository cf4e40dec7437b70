"""The containers of the driven ports: each port, and the adapter that implements it."""

from time import monotonic, monotonic_ns

from dependency_injector import containers, providers

from adapters.caches import CachedGrants, CachedRedemptionGrants
from adapters.keys.fingerprints import HmacRequestFingerprints
from adapters.keys.redemption_secrets import HmacRedemptionSecrets
from adapters.keys.token_generator import HmacTokenGenerator
from adapters.oauth.cached_signing_keys import CachedSigningKeys, OnFetch
from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.introspection import IntrospectionAccessTokenVerifier, IntrospectionEndpoint
from adapters.oauth.issuer import (
    CachedAuthorisationServer,
    configured_issuer_description,
    configured_key_source,
)
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.serving.rate_limits import InProcessRateLimits
from adapters.sql.audit import SqlAuditRepository
from adapters.sql.care import SqlCareRepository
from adapters.sql.command_events import SqlCommandEventRepository
from adapters.sql.connect import connect
from adapters.sql.database import Watch
from adapters.sql.expired_invitations import SqlExpiredInvitations
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitation_counts import SqlInvitationCounts
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.key_checks import SqlKeyChecks
from adapters.sql.organisations import SqlGrants, SqlOrganisationRepository, SqlRedemptionGrants
from adapters.sql.patient_import import OrderedPatientIds, SqlPatientReportRepository
from adapters.sql.patient_invitations import (
    SqlInvitationBatches,
    SqlPatientIdentifiers,
    SqlPatientInvitations,
)
from adapters.sql.patient_records import SqlPatientRecordRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.privileges import ServicePrivileges
from adapters.sql.redemption import SqlFailedClaims, SqlRedemptionRepository
from adapters.sql.revocation import SqlInvitationRevocations
from adapters.sql.served_schema import ServedSchema
from adapters.system import AsyncioConcurrency, RandomRequestIds, SystemClock
from entrypoints.loading import OnDemand
from entrypoints.settings import Settings


class System(containers.DeclarativeContainer):
    """The machine: time, randomness and concurrency."""

    clock = providers.Singleton(SystemClock)
    request_ids = providers.Singleton(RandomRequestIds)
    concurrency = providers.Singleton(AsyncioConcurrency)


class Storage(containers.DeclarativeContainer):
    """The database, and the repositories in it. A connection opens when it is first used."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    statement_seconds: providers.Object[float | None] = providers.Object(None)
    connections: providers.Object[Watch | None] = providers.Object(None)

    database = providers.Singleton(connect, settings.provided.database_url, statement_seconds, connections)
    schema = providers.Singleton(ServedSchema, database)
    migrations = providers.Singleton(OnDemand.SCHEMA, database)
    privileges = providers.Singleton(ServicePrivileges, database)
    key_checks = providers.Singleton(SqlKeyChecks, database, settings.provided.token_keys.check_values)

    audit_repository = providers.Singleton(SqlAuditRepository, database)
    care_repository = providers.Singleton(SqlCareRepository, database)
    command_event_repository = providers.Singleton(SqlCommandEventRepository, database)
    expired_invitations = providers.Singleton(SqlExpiredInvitations, database)
    failed_claims = providers.Singleton(SqlFailedClaims, database)
    grant_repository = providers.Singleton(SqlGrants, database)
    idempotency_repository = providers.Singleton(SqlIdempotencyRepository, database)
    invitation_repository = providers.Singleton(SqlInvitationRepository, database)
    invitation_counts = providers.Singleton(SqlInvitationCounts, database)
    invitation_batches = providers.Singleton(SqlInvitationBatches, database)
    invitation_revocations = providers.Singleton(SqlInvitationRevocations, database)
    patient_identifiers = providers.Singleton(SqlPatientIdentifiers, database)
    patient_invitations = providers.Singleton(SqlPatientInvitations, database)
    organisation_repository = providers.Singleton(SqlOrganisationRepository, database)
    redemption_grant_repository = providers.Singleton(SqlRedemptionGrants, database)
    redemption_repository = providers.Singleton(SqlRedemptionRepository, database)
    patient_ids = providers.Singleton(OrderedPatientIds)
    patient_record_repository = providers.Singleton(SqlPatientRecordRepository, database)
    patient_report_repository = providers.Singleton(SqlPatientReportRepository, database)
    patient_repository = providers.Singleton(SqlPatientRepository, database)


class Security(containers.DeclarativeContainer):
    """Who may call and how often, and the keys of codes and tokens."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    system = providers.DependenciesContainer()
    storage = providers.DependenciesContainer()
    on_keys_fetched: providers.Dependency[OnFetch] = providers.Dependency()

    signing_keys = providers.Singleton(
        CachedSigningKeys,
        providers.Callable(configured_key_source, settings.provided.issuer, settings.provided.jwks),
        monotonic,
        on_fetch=on_keys_fetched,
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
        settings.provided.client_claims,
        settings.provided.scope_claims,
    )
    introspection_endpoint = providers.Singleton(
        IntrospectionEndpoint,
        settings.provided.introspection_url,
        settings.provided.introspection_client_id,
        settings.provided.introspection_client_secret,
    )
    introspection = providers.Singleton(
        IntrospectionAccessTokenVerifier, introspection_endpoint, system.clock, monotonic, access_token_rules
    )
    access_token_verifier = providers.Selector(
        settings.provided.access_tokens,
        jwt=providers.Singleton(
            JwtAccessTokenVerifier, signing_keys, system.clock, monotonic, access_token_rules
        ),
        opaque=introspection,
    )
    organisation_grants = providers.Singleton(CachedGrants, storage.grant_repository, monotonic)
    redemption_grants = providers.Singleton(
        CachedRedemptionGrants, storage.redemption_grant_repository, monotonic
    )
    rate_limits = providers.Singleton(
        InProcessRateLimits, settings.provided.max_requests_per_minute, monotonic_ns
    )
    identifier_allowances = providers.Singleton(
        InProcessRateLimits, settings.provided.max_identifiers_per_minute, monotonic_ns
    )

    token_generator = providers.Singleton(HmacTokenGenerator, settings.provided.token_keys)
    redemption_secrets = providers.Singleton(HmacRedemptionSecrets, settings.provided.token_keys)
    request_fingerprints = providers.Singleton(HmacRequestFingerprints, settings.provided.token_keys)

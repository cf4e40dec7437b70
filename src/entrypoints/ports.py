"""Every port, and the adapter that is plugged into it."""

from pathlib import Path
from time import monotonic, monotonic_ns

from dependency_injector import containers, providers

from adapters.call_allowances import CallAllowancesInProcess
from adapters.fhir.release import VERSION
from adapters.oauth.access_token_rules import AccessTokenRules
from adapters.oauth.cached_authorisation_server import CachedAuthorisationServer
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.configured_issuer_description import configured_issuer_description
from adapters.oauth.configured_key_source import configured_key_source
from adapters.oauth.introspection_endpoint import IntrospectionEndpoint
from adapters.oauth.introspection_verifier import IntrospectionAccessTokenVerifier
from adapters.oauth.jwt_verifier import JwtAccessTokenVerifier
from adapters.prometheus.counted_audit_trail import CountedAuditTrail
from adapters.prometheus.counted_invitation_store import CountedInvitationStore
from adapters.prometheus.metrics import Metrics
from adapters.random_ids import OrderedPatientIds, RandomRequestIds
from adapters.recent_grants import RecentGrants
from adapters.sql.audit_events import SqlAuditEvents
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.connect import connect
from adapters.sql.expired_invitations import SqlExpiredInvitations
from adapters.sql.grants import SqlGrants
from adapters.sql.invitation_store import SqlInvitationStore
from adapters.sql.organisation_register import SqlOrganisationRegister
from adapters.sql.patient_register import SqlPatientRegister
from adapters.sql.patient_repository import SqlPatientRepository
from adapters.sql.remembered_requests import SqlRememberedRequests
from adapters.sql.schema import Schema
from adapters.system_clock import SystemClock
from adapters.tokens.hmac_request_fingerprints import HmacRequestFingerprints
from adapters.tokens.hmac_token_generator import HmacTokenGenerator
from domain.eligibility_policy import EligibilityPolicy
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
        tell=metrics.provided.signing_keys.fetched,
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
        RecentGrants, providers.Singleton(SqlGrants, database), monotonic
    )
    grant_register = providers.Singleton(SqlGrants, database)
    organisation_register = providers.Singleton(SqlOrganisationRegister, database)
    patient_register = providers.Singleton(SqlPatientRegister, database)
    eligibility_policy = providers.Singleton(EligibilityPolicy, settings.provided.minimum_age)
    patient_repository = providers.Singleton(SqlPatientRepository, database)
    expired_invitations = providers.Singleton(SqlExpiredInvitations, database)
    invitation_store = providers.Singleton(SqlInvitationStore, database)
    remembered_requests = providers.Singleton(SqlRememberedRequests, database)
    audit_trail = providers.Singleton(SqlAuditTrail, database)
    counted_invitation_store = providers.Singleton(
        CountedInvitationStore, invitation_store, metrics.provided.calls
    )
    counted_audit_trail = providers.Singleton(CountedAuditTrail, audit_trail, metrics.provided.calls)
    audit_events = providers.Singleton(SqlAuditEvents, database)
    call_allowances = providers.Singleton(
        CallAllowancesInProcess, settings.provided.max_requests_per_minute, monotonic_ns
    )
    identifier_allowances = providers.Singleton(
        CallAllowancesInProcess, settings.provided.max_identifiers_per_minute, monotonic_ns
    )

"""The one place where everything is put together."""

from datetime import timedelta
from time import monotonic, monotonic_ns

from dependency_injector import containers, providers

from adapters.call_allowances import CallAllowancesInProcess
from adapters.http.app import HttpLimits, HttpOperations, create_http_app
from adapters.http.operation_calls import OperationCalls
from adapters.oauth.access_token_rules import AccessTokenRules
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.configured_key_source import configured_key_source
from adapters.oauth.jwt_verifier import JwtAccessTokenVerifier
from adapters.random_ids import OrderedPatientIds, RandomRequestIds
from adapters.sql.audit_events import SqlAuditEvents
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.connect import connect
from adapters.sql.expired_invitations import SqlExpiredInvitations
from adapters.sql.grants import SqlGrants
from adapters.sql.invitation_store import SqlInvitationStore
from adapters.sql.organisation_register import SqlOrganisationRegister
from adapters.sql.patient_register import SqlPatientRegister
from adapters.sql.patient_repository import SqlPatientRepository
from adapters.sql.schema import Schema
from adapters.system_clock import SystemClock
from adapters.tokens.hmac_token_generator import HmacTokenGenerator
from application.add_organisation import AddOrganisation
from application.authorise_caller import AuthoriseCaller
from application.export_audit_events import ExportAuditEvents
from application.find_patients import FindPatients
from application.generate_invitation_tokens import GenerateInvitationTokens
from application.grant_access import GrantAccess
from application.import_patients import ImportPatients
from application.issue_invitations import IssueInvitations
from application.list_grants import ListGrants
from application.purge_invitations import PurgeInvitations
from application.query_patient_status import QueryPatientStatus
from application.record_call import RecordCall
from application.revoke_access import RevokeAccess
from domain.eligibility_policy import EligibilityPolicy
from domain.operation import Operation
from entrypoints.settings import Settings

BODY_SECONDS = 10.0
"""How long a caller may take to send a body: at the largest size, 3.4 Mbit/s."""


class Container(containers.DeclarativeContainer):
    """Every port and use case. Nothing is opened before it is used, and a test overrides any of it.

    The ports come first, by role; below them, what is made of them.
    """

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    statement_seconds: providers.Object[float | None] = providers.Object(None)

    database = providers.Singleton(connect, settings.provided.database_url, statement_seconds)
    schema = providers.Singleton(Schema, database)
    signing_keys = providers.Singleton(
        CachedSigningKeys,
        providers.Callable(configured_key_source, settings.provided.issuer, settings.provided.jwks),
        monotonic,
    )

    clock = providers.Singleton(SystemClock)
    request_ids = providers.Singleton(RandomRequestIds)
    patient_ids = providers.Singleton(OrderedPatientIds)
    token_generator = providers.Singleton(HmacTokenGenerator, settings.provided.token_keys)
    access_token_verifier = providers.Singleton(
        JwtAccessTokenVerifier,
        signing_keys,
        clock,
        providers.Callable(AccessTokenRules, settings.provided.issuer, settings.provided.audience),
    )
    organisation_grants = providers.Singleton(SqlGrants, database)
    grant_register = providers.Singleton(SqlGrants, database)
    organisation_register = providers.Singleton(SqlOrganisationRegister, database)
    patient_register = providers.Singleton(SqlPatientRegister, database)
    eligibility_policy = providers.Singleton(EligibilityPolicy, settings.provided.minimum_age)
    patient_repository = providers.Singleton(SqlPatientRepository, database)
    expired_invitations = providers.Singleton(SqlExpiredInvitations, database)
    invitation_store = providers.Singleton(SqlInvitationStore, database)
    audit_trail = providers.Singleton(SqlAuditTrail, database)
    audit_events = providers.Singleton(SqlAuditEvents, database)
    call_allowances = providers.Singleton(
        CallAllowancesInProcess, settings.provided.max_requests_per_minute, monotonic_ns
    )
    identifier_allowances = providers.Singleton(
        CallAllowancesInProcess, settings.provided.max_identifiers_per_minute, monotonic_ns
    )

    add_organisation = providers.Singleton(AddOrganisation, organisation_register)
    grant_access = providers.Singleton(GrantAccess, organisation_register, grant_register)
    revoke_access = providers.Singleton(RevokeAccess, grant_register)
    list_grants = providers.Singleton(ListGrants, grant_register)
    import_patients = providers.Singleton(
        ImportPatients, organisation_register, patient_register, patient_ids, clock
    )
    purge_invitations = providers.Singleton(PurgeInvitations, expired_invitations, clock)
    export_audit_events = providers.Singleton(ExportAuditEvents, audit_events, clock)
    record_call = providers.Singleton(RecordCall, audit_trail, request_ids, clock)
    authorise_caller = providers.Singleton(
        AuthoriseCaller,
        access_token_verifier,
        organisation_grants,
        call_allowances,
        record_call,
        providers.Dict(
            {
                Operation.GENERATE_INVITATION_TOKENS: settings.provided.generate_scope,
                Operation.STATUS_QUERY: settings.provided.status_scope,
            }
        ),
    )
    find_patients = providers.Singleton(FindPatients, patient_repository, identifier_allowances, record_call)
    issue_invitations = providers.Singleton(
        IssueInvitations,
        invitation_store,
        token_generator,
        providers.Callable(timedelta, settings.provided.token_lifetime_days),
    )
    generate_invitation_tokens = providers.Singleton(
        GenerateInvitationTokens,
        find_patients,
        eligibility_policy,
        issue_invitations,
        record_call,
        clock,
    )
    query_patient_status = providers.Singleton(QueryPatientStatus, find_patients, record_call)

    http_app = providers.Singleton(
        create_http_app,
        providers.Factory(
            HttpOperations,
            providers.Factory(OperationCalls, authorise_caller, record_call),
            generate_invitation_tokens,
            query_patient_status,
        ),
        readiness_checks=providers.List(schema),
        limits=providers.Callable(
            HttpLimits,
            settings.provided.max_body_bytes,
            BODY_SECONDS,
            settings.provided.max_concurrent_requests,
        ),
        on_shutdown=providers.List(database.provided.close, signing_keys.provided.aclose),
    )

"""The one place where everything is put together."""

from datetime import timedelta

from dependency_injector import providers

from adapters.door.places import Places
from adapters.grpc.app import create_grpc_server
from adapters.grpc.call import CallLimits, GrpcLimits
from adapters.grpc.methods import GrpcOperations
from adapters.grpc.refusal import name_of
from adapters.http.app import HttpLimits, Lifespan, Watching, create_http_app
from adapters.http.conformance import Published
from adapters.http.metrics import Exposition
from adapters.http.operation_calls import OperationCalls
from adapters.http.operations import HttpOperations
from adapters.prometheus.metrics import CONTENT_TYPE
from application.add_organisation import AddOrganisation
from application.authorise_caller import AuthoriseCaller
from application.decide_invitations import DecideInvitations
from application.export_audit_events import ExportAuditEvents
from application.find_patients import FindPatients
from application.generate_invitation_tokens import GenerateInvitationTokens
from application.grant_access import GrantAccess
from application.import_patients import ImportPatients
from application.issue_invitations import IssueInvitations
from application.list_grants import ListGrants
from application.purge_invitations import PurgeInvitations
from application.query_patient_status import QueryPatientStatus
from application.recall_invitations import RecallInvitations
from application.record_call import RecordCall
from application.revoke_access import RevokeAccess
from domain.operation import Operation
from entrypoints.grpc_tls import tls_files
from entrypoints.ports import Ports

BODY_SECONDS = 10.0
"""How long a caller may take to send a body: at the largest size, 3.4 Mbit/s."""

IDLE_SECONDS = 60.0
"""How long the next message of a stream may be waited for."""


class Container(Ports):
    """The use cases, made of the ports, and the doors to them. A test overrides any of it."""

    add_organisation = providers.Singleton(AddOrganisation, Ports.organisation_register)
    grant_access = providers.Singleton(GrantAccess, Ports.organisation_register, Ports.grant_register)
    revoke_access = providers.Singleton(RevokeAccess, Ports.grant_register)
    list_grants = providers.Singleton(ListGrants, Ports.grant_register)
    import_patients = providers.Singleton(
        ImportPatients, Ports.organisation_register, Ports.patient_register, Ports.patient_ids, Ports.clock
    )
    retention = providers.Factory(timedelta, hours=Ports.settings.provided.idempotency_key_hours)
    purge_invitations = providers.Singleton(
        PurgeInvitations, Ports.expired_invitations, Ports.remembered_requests, retention, Ports.clock
    )
    export_audit_events = providers.Singleton(ExportAuditEvents, Ports.audit_events, Ports.clock)
    record_call = providers.Singleton(RecordCall, Ports.counted_audit_trail, Ports.request_ids, Ports.clock)
    authorise_caller = providers.Singleton(
        AuthoriseCaller,
        Ports.access_token_verifier,
        Ports.organisation_grants,
        Ports.call_allowances,
        record_call,
        providers.Dict(
            {
                Operation.GENERATE_INVITATION_TOKENS: Ports.settings.provided.generate_scope,
                Operation.STATUS_QUERY: Ports.settings.provided.status_scope,
            }
        ),
    )
    find_patients = providers.Singleton(
        FindPatients, Ports.patient_repository, Ports.identifier_allowances, record_call
    )
    issue_invitations = providers.Singleton(
        IssueInvitations,
        Ports.counted_invitation_store,
        Ports.token_generator,
        providers.Callable(timedelta, Ports.settings.provided.token_lifetime_days),
    )
    decide_invitations = providers.Singleton(
        DecideInvitations, find_patients, Ports.eligibility_policy, Ports.clock
    )
    generate_invitation_tokens = providers.Singleton(
        GenerateInvitationTokens,
        decide_invitations,
        issue_invitations,
        providers.Factory(
            RecallInvitations,
            Ports.remembered_requests,
            Ports.request_fingerprints,
            Ports.token_generator,
            retention,
            Ports.clock,
        ),
        record_call,
    )
    query_patient_status = providers.Singleton(QueryPatientStatus, find_patients, record_call)

    places = providers.Singleton(
        Places,
        Ports.settings.provided.max_concurrent_requests,
        Ports.metrics.provided.saturation.places.call(Ports.settings.provided.max_concurrent_requests),
    )
    grpc_operations = providers.Factory(
        GrpcOperations, authorise_caller, record_call, generate_invitation_tokens, query_patient_status
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
            providers.Factory(OperationCalls, authorise_caller, record_call),
            generate_invitation_tokens,
            query_patient_status,
            Ports.settings.provided.base_url,
        ),
        watching=providers.Factory(
            Watching,
            providers.List(Ports.schema),
            providers.Factory(Exposition, Ports.metrics.provided.exposition, CONTENT_TYPE),
            Ports.metrics.provided.requests.at_door.call("http"),
        ),
        published=providers.Factory(
            Published,
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

"""Every use case, made of the ports it needs."""

from datetime import timedelta

from dependency_injector import providers

from application.administration.audit import ExportAuditEvents
from application.administration.grants import GrantAccess, ListGrants, RevokeAccess
from application.administration.organisations import AddOrganisation
from application.administration.patients import ImportPatients
from application.administration.purge import PurgeInvitations
from application.audit_recorder import AuditRecorder
from application.authorise_caller import AuthoriseCaller
from application.find_patients import FindPatients
from application.generate_invitation_tokens.decide import DecideInvitations
from application.generate_invitation_tokens.issue import IssueInvitations
from application.generate_invitation_tokens.replay import ReplayInvitations
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.query_patient_status import QueryPatientStatus
from domain.access import Operation
from entrypoints.ports import Ports


class UseCases(Ports):
    """The use cases, without the doors to them: what a command needs that answers nobody."""

    add_organisation = providers.Singleton(AddOrganisation, Ports.organisation_repository)
    grant_access = providers.Singleton(GrantAccess, Ports.organisation_repository, Ports.grant_repository)
    revoke_access = providers.Singleton(RevokeAccess, Ports.grant_repository)
    list_grants = providers.Singleton(ListGrants, Ports.grant_repository)
    import_patients = providers.Singleton(
        ImportPatients,
        Ports.organisation_repository,
        Ports.patient_report_repository,
        Ports.patient_ids,
        Ports.clock,
    )
    retention = providers.Factory(timedelta, hours=Ports.settings.provided.idempotency_key_hours)
    purge_invitations = providers.Singleton(
        PurgeInvitations, Ports.expired_invitations, Ports.idempotency_repository, retention, Ports.clock
    )
    export_audit_events = providers.Singleton(ExportAuditEvents, Ports.audit_events, Ports.clock)
    audit_recorder = providers.Singleton(
        AuditRecorder, Ports.counted_audit_repository, Ports.request_ids, Ports.clock
    )
    authorise_caller = providers.Singleton(
        AuthoriseCaller,
        Ports.access_token_verifier,
        Ports.organisation_grants,
        Ports.rate_limits,
        audit_recorder,
        providers.Dict(
            {
                Operation.GENERATE_INVITATION_TOKENS: Ports.settings.provided.generate_scope,
                Operation.STATUS_QUERY: Ports.settings.provided.status_scope,
            }
        ),
    )
    find_patients = providers.Singleton(
        FindPatients, Ports.patient_repository, Ports.identifier_allowances, audit_recorder
    )
    issue_invitations = providers.Singleton(
        IssueInvitations,
        Ports.counted_invitation_repository,
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
            ReplayInvitations,
            Ports.idempotency_repository,
            Ports.request_fingerprints,
            Ports.token_generator,
            retention,
            Ports.clock,
        ),
        audit_recorder,
    )
    query_patient_status = providers.Singleton(QueryPatientStatus, find_patients, audit_recorder)

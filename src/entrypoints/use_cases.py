"""The containers of the use cases: those of operators, and those of callers."""

from datetime import timedelta

from dependency_injector import containers, providers

from adapters.telemetry.observed_ports import ObservedDecideInvitations
from application.administration.audit import ExportAuditEvents
from application.administration.grants import (
    GrantAccess,
    GrantRedemption,
    ListGrants,
    ListRedemptionGrants,
    RevokeAccess,
    RevokeRedemption,
)
from application.administration.holds import HoldPatients, ReleasePatients
from application.administration.named_patients import ChangeNamedPatients
from application.administration.organisations import (
    AddOrganisation,
    DisableOrganisation,
    EnableOrganisation,
    ListOrganisations,
)
from application.administration.patient_records import EndCare, ForgetPatients, ShowPatient, UnlinkIdentifier
from application.administration.patients import CorrectPatients, ImportPatients
from application.administration.purge import PurgeInvitations
from application.administration.record_command import RecordCommand
from application.administration.statistics import CountInvitations
from application.audit_recorder import AuditRecorder
from application.authorisation import Authorisation
from application.authorise_caller import AuthoriseCaller
from application.authorise_portal import AuthorisePortal
from application.charge_callers import ChargeCallers
from application.claim_invitation import ClaimInvitation
from application.confirm_registration import ConfirmRegistration
from application.find_invited import FindInvited
from application.find_patients import FindPatients
from application.generate_invitation_tokens.issue import IssueInvitations
from application.generate_invitation_tokens.replay import ReplayInvitations
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.query_invitation_status import QueryInvitationStatus
from application.query_patient_status import QueryPatientStatus
from application.revoke_invitations import RevokeInvitations
from domain.access import Operation
from domain.eligibility import EligibilityPolicy
from entrypoints.settings import Settings


class Administration(containers.DeclarativeContainer):
    """The use cases of operators."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    system = providers.DependenciesContainer()
    storage = providers.DependenciesContainer()

    add_organisation = providers.Singleton(AddOrganisation, storage.organisation_repository)
    disable_organisation = providers.Singleton(
        DisableOrganisation, storage.organisation_repository, system.clock
    )
    enable_organisation = providers.Singleton(EnableOrganisation, storage.organisation_repository)
    list_organisations = providers.Singleton(ListOrganisations, storage.organisation_repository)
    grant_access = providers.Singleton(GrantAccess, storage.organisation_repository, storage.grant_repository)
    revoke_access = providers.Singleton(RevokeAccess, storage.grant_repository)
    list_grants = providers.Singleton(ListGrants, storage.grant_repository)
    grant_redemption = providers.Singleton(GrantRedemption, storage.redemption_grant_repository)
    revoke_redemption = providers.Singleton(RevokeRedemption, storage.redemption_grant_repository)
    list_redemption_grants = providers.Singleton(ListRedemptionGrants, storage.redemption_grant_repository)
    import_patients = providers.Singleton(
        ImportPatients,
        storage.organisation_repository,
        storage.patient_report_repository,
        storage.patient_ids,
        system.clock,
        system.concurrency,
    )
    correct_patients = providers.Singleton(
        CorrectPatients,
        storage.organisation_repository,
        storage.patient_report_repository,
        storage.patient_ids,
        system.clock,
        system.concurrency,
    )
    change_named_patients = providers.Singleton(
        ChangeNamedPatients,
        storage.organisation_repository,
        storage.patient_report_repository,
        system.clock,
    )
    hold_patients = providers.Singleton(
        HoldPatients, change_named_patients, storage.care_repository, system.clock
    )
    release_patients = providers.Singleton(ReleasePatients, change_named_patients, storage.care_repository)
    end_care = providers.Singleton(EndCare, change_named_patients, storage.care_repository)
    forget_patients = providers.Singleton(
        ForgetPatients, change_named_patients, storage.patient_record_repository
    )
    unlink_identifier = providers.Singleton(UnlinkIdentifier, storage.patient_record_repository, system.clock)
    show_patient = providers.Singleton(ShowPatient, storage.patient_record_repository, system.clock)
    record_command = providers.Singleton(
        RecordCommand, storage.command_event_repository, system.request_ids, system.clock
    )
    purge_invitations = providers.Singleton(
        PurgeInvitations,
        storage.expired_invitations,
        storage.idempotency_repository,
        storage.failed_claims,
        system.clock,
    )
    count_invitations = providers.Singleton(CountInvitations, storage.invitation_counts, system.clock)
    export_audit_events = providers.Singleton(
        ExportAuditEvents, storage.audit_repository, storage.command_event_repository, system.clock
    )


class Operations(containers.DeclarativeContainer):
    """The use cases of callers, and their steps."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    system = providers.DependenciesContainer()
    storage = providers.DependenciesContainer()
    security = providers.DependenciesContainer()
    observed = providers.DependenciesContainer()

    eligibility_policy = providers.Singleton(EligibilityPolicy, settings.provided.minimum_age)
    audit_recorder = providers.Singleton(
        AuditRecorder, observed.audit_repository, system.request_ids, system.clock
    )
    authorisation = providers.Singleton(
        Authorisation,
        observed.access_token_verifier,
        providers.Factory(ChargeCallers, security.rate_limits, audit_recorder),
        audit_recorder,
    )
    authorise_caller = providers.Singleton(
        AuthoriseCaller,
        authorisation,
        observed.organisation_grants,
        providers.Dict(
            {
                Operation.GENERATE_INVITATION_TOKENS: settings.provided.generate_scope,
                Operation.STATUS_QUERY: settings.provided.status_scope,
                Operation.INVITATION_STATUS: settings.provided.invitation_status_scope,
                Operation.REVOKE_INVITATIONS: settings.provided.revoke_scope,
            }
        ),
    )
    charge_patients = providers.Singleton(ChargeCallers, security.identifier_allowances, audit_recorder)
    find_patients = providers.Singleton(
        FindPatients, observed.patient_repository, charge_patients, audit_recorder
    )
    decide_invitations = providers.Singleton(
        ObservedDecideInvitations,
        find_patients,
        eligibility_policy,
        storage.patient_invitations,
        system.clock,
        observed.around,
    )
    issue_invitations = providers.Singleton(
        IssueInvitations,
        observed.invitation_repository,
        security.token_generator,
        providers.Factory(timedelta, days=settings.provided.token_lifetime_days),
    )
    replay_invitations = providers.Singleton(
        ReplayInvitations,
        observed.idempotency_repository,
        security.request_fingerprints,
        security.token_generator,
        providers.Factory(timedelta, hours=settings.provided.idempotency_key_hours),
        system.clock,
    )
    generate_invitation_tokens = providers.Singleton(
        GenerateInvitationTokens, decide_invitations, issue_invitations, replay_invitations, audit_recorder
    )
    query_patient_status = providers.Singleton(QueryPatientStatus, find_patients, audit_recorder)
    find_invited = providers.Singleton(
        FindInvited,
        find_patients,
        storage.invitation_batches,
        storage.patient_identifiers,
        charge_patients,
        audit_recorder,
    )
    query_invitation_status = providers.Singleton(
        QueryInvitationStatus, find_invited, storage.patient_invitations, audit_recorder, system.clock
    )
    revoke_invitations = providers.Singleton(
        RevokeInvitations, find_invited, observed.invitation_revocations, audit_recorder
    )
    authorise_portal = providers.Singleton(
        AuthorisePortal,
        authorisation,
        observed.redemption_grants,
        providers.Dict(
            {
                Operation.CLAIM_INVITATION: settings.provided.redeem_scope,
                Operation.CONFIRM_REGISTRATION: settings.provided.redeem_scope,
            }
        ),
    )
    claim_invitation = providers.Singleton(
        ClaimInvitation,
        observed.redemption_repository,
        security.redemption_secrets,
        eligibility_policy,
        audit_recorder,
        system.clock,
    )
    confirm_registration = providers.Singleton(
        ConfirmRegistration,
        observed.redemption_repository,
        security.redemption_secrets,
        eligibility_policy,
        audit_recorder,
        system.clock,
    )

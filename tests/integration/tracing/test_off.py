"""Tracing costs nothing when it is off."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.caches import CachedGrants
from adapters.http.request_log import RequestLog
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.sql.audit import SqlAuditRepository
from adapters.sql.idempotency import SqlIdempotencyRepository
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.patients import SqlPatientRepository
from application.generate_invitation_tokens.decide import DecideInvitations
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.entrypoints.watched import printed_by

PLAIN = {
    "access_token_verifier": JwtAccessTokenVerifier,
    "organisation_grants": CachedGrants,
    "patient_repository": SqlPatientRepository,
    "idempotency_repository": SqlIdempotencyRepository,
    "invitation_repository": SqlInvitationRepository,
    "audit_repository": SqlAuditRepository,
    "decide_invitations": DecideInvitations,
    "http_app": RequestLog,
}
LIBRARY_LOADED = """
import sys
from entrypoints.http_process import create_app

create_app()
# other libraries import the names of attributes and interfaces too, if they are installed
print(bool({"opentelemetry.sdk", "opentelemetry.exporter"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("setting", [{}, {"INVITATIONS_TRACING": "false"}], ids=["by-default", "false"])
def test_no_part_is_wrapped(environment: Mapping[str, str], setting: Mapping[str, str]) -> None:
    container = Container(settings=read_settings({**environment, **setting}, to_serve=True).unwrap())

    made = {name: type(container.providers[name]()) for name in PLAIN}

    assert made == PLAIN
    assert container.grpc_server().interceptors == ()


@pytest.mark.full
@pytest.mark.parametrize(("setting", "loaded"), [("false", "False"), ("true", "True")])
def test_only_processes_that_trace_load_the_library(
    environment: Mapping[str, str], tmp_path: Path, setting: str, loaded: str
) -> None:
    settings = {**environment, "INVITATIONS_TRACING": setting}

    assert printed_by(LIBRARY_LOADED, tmp_path, settings) == loaded

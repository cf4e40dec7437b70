"""The client's adapters fulfil the contracts of their ports."""

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.client.access_tokens import ReadyAccessToken
from adapters.client.fhir_operation import FhirOperation, read_invitations
from adapters.client.service_calls import RemoteAddress
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS
from adapters.system import SystemPauses
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationToken
from tests.builders import HOSPITAL, an_identifier
from tests.contracts.pauses_contract import PausesContract
from tests.contracts.remote_operation_contract import RemoteOperationContract
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service


class TestFhirOperation(RemoteOperationContract):
    @pytest.fixture
    async def remote_operation(
        self, service: Service, issuer: Issuer
    ) -> AsyncIterator[FhirOperation[InvitationToken]]:
        address = RemoteAddress(f"{service.url}/fhir/", str(HOSPITAL))
        token = ReadyAccessToken(issuer.access_token())
        async with httpx.AsyncClient(verify=False) as client:
            yield FhirOperation(client, address, token, GENERATE_INVITATION_TOKENS, read_invitations)

    @pytest.fixture
    def eligible(self) -> PatientIdentifier:
        return an_identifier(1)

    @pytest.fixture
    def left_out(self) -> PatientIdentifier:
        return an_identifier(0)


class TestSystemPauses(PausesContract):
    @pytest.fixture
    def pauses(self) -> SystemPauses:
        return SystemPauses()

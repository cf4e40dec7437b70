"""Each log line that is written during a request carries its id, from any part of the service."""

from collections.abc import Iterator, Mapping

import pytest

from tests.integration.http.support.people import ADULT
from tests.integration.service import Service, free_port, running_service
from tests.integration.transports.setup import open_transport
from tests.integration.transports.transport import Access


@pytest.fixture(scope="module")
def service_without_authorisation_server(
    sqlite_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Run a service whose authorisation server does not answer. It logs a warning for each access token."""
    settings = {
        **sqlite_environment,
        "INVITATIONS_INTROSPECTION_URL": f"http://127.0.0.1:{free_port()}/introspect",
        "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations",
        "INVITATIONS_INTROSPECTION_CLIENT_SECRET": "Xanthippe",
    }
    with running_service(settings, tmp_path_factory.mktemp("alone") / "log", grpc=True) as running:
        yield running


@pytest.mark.full
def test_a_warning_of_an_adapter_carries_the_id_of_its_request(
    service_without_authorisation_server: Service, transport_name: str
) -> None:
    request_id = f"warned-{transport_name}"

    with open_transport(transport_name, service_without_authorisation_server) as transport:
        transport.generate(Access((f"Bearer {request_id}",)), [ADULT], request_id=request_id)

    lines = service_without_authorisation_server.log_lines_of(request_id, 2)
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("WARNING", "adapters.oauth.introspection"),
        ("INFO", "invitations.request"),
    ]


@pytest.mark.full
def test_the_log_says_where_grpc_listens(service_without_authorisation_server: Service) -> None:
    service = service_without_authorisation_server

    [line] = [line for line in service.log_lines() if line["logger"] == "invitations.server"]
    assert (line["message"], line["address"]) == ("listening", f"127.0.0.1:{service.grpc_port}")

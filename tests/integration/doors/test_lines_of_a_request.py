"""Every line that is logged while a request is in work tells which one, whichever part writes it."""

from collections.abc import Iterator, Mapping

import pytest

from tests.integration.doors.door import Access
from tests.integration.doors.setup import open_door
from tests.integration.http.support.people import ADULT
from tests.integration.service import Service, free_port, running_service


@pytest.fixture(scope="module")
def service_on_its_own(
    sqlite_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Run a service whose authorisation server is away: it warns of every access token."""
    settings = {
        **sqlite_environment,
        "INVITATIONS_INTROSPECTION_URL": f"http://127.0.0.1:{free_port()}/introspect",
        "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations",
        "INVITATIONS_INTROSPECTION_CLIENT_SECRET": "Xanthippe",
    }
    with running_service(settings, tmp_path_factory.mktemp("alone") / "log", grpc=True) as running:
        yield running


@pytest.mark.full
def test_a_warning_of_an_adapter_tells_the_request_that_it_met(
    service_on_its_own: Service, door_name: str
) -> None:
    request_id = f"warned-{door_name}"

    with open_door(door_name, service_on_its_own) as door:
        door.generate(Access((f"Bearer {request_id}",)), [ADULT], request_id=request_id)

    lines = service_on_its_own.log_lines_of(request_id, 2)
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("WARNING", "adapters.oauth.introspection"),
        ("INFO", "invitations.request"),
    ]

"""A running service behind a proxy limits each client, and not the proxy."""

from collections.abc import Iterator, Mapping

import httpx
import pytest

from entrypoints.demo.service import service
from tests.integration.databases import Databases
from tests.integration.join.typed import LINK, PORTAL, RIGHT
from tests.integration.service import free_port


@pytest.fixture(scope="module")
def url(
    lost_environment: Mapping[str, str], sqlite: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port, log = free_port(), tmp_path_factory.mktemp("service") / "log"
    settings = {"INVITATIONS_DATABASE_URL": sqlite.migrated_url(), "INVITATIONS_PORTAL_URL": PORTAL}
    with service(port, {**lost_environment, **settings}, log, "--forwarded-for", "127.0.0.1"):
        yield f"http://127.0.0.1:{port}"


def statuses(url: str, client: str, times: int) -> list[int]:
    headers = {"X-Forwarded-For": f"203.0.113.1, {client}"}
    # a code each, because each code has a limit of its own
    forms = [{**RIGHT, "code": f"00000{number:05}"} for number in range(times)]
    return [httpx.post(f"{url}/join", data=form, headers=headers, timeout=60).status_code for form in forms]


def test_each_client_behind_the_proxy_has_its_own_tries(url: str) -> None:
    tries = statuses(url, "192.0.2.7", 60)

    assert {*tries} == {422, 429}
    assert tries[:10] == [422] * 10
    assert statuses(url, "192.0.2.8", 1) == [422]


def test_looking_at_the_page_is_no_try(url: str) -> None:
    looks = [httpx.get(f"{url}{LINK}", timeout=60).status_code for _ in range(12)]

    assert looks == [200] * 12

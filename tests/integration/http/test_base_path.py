"""Behind a proxy that gives the service a base path, everything that it says of itself leads there.

This needs nginx, on the PATH or where TEST_NGINX says.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

import httpx
import pytest

from tests.integration.http.support.call import STATUS_OPERATION, asking_for, request_headers
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.lacking import lacking
from tests.integration.service import free_port, running_service

pytestmark = pytest.mark.full

NGINX = os.environ.get("TEST_NGINX") or shutil.which("nginx")
CONFIGURATION = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /api/ {{ proxy_pass http://127.0.0.1:{upstream}/; }}
  }}
}}
"""


@pytest.fixture(scope="module")
def proxy(
    environment: Mapping[str, str], peopled_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Run the service behind nginx, and give the address of its base path."""
    if NGINX is None:
        lacking("needs nginx: apt-get install nginx-light, or set TEST_NGINX to the path of one")
    directory, port = tmp_path_factory.mktemp("nginx"), free_port()
    settings = {
        **environment,
        "INVITATIONS_DATABASE_URL": peopled_database_url,
        "INVITATIONS_BASE_URL": f"http://127.0.0.1:{port}/api/fhir",
        "INVITATIONS_AUDIENCE": environment.get("INVITATIONS_AUDIENCE", "http://127.0.0.1:8080/fhir"),
    }
    with running_service(settings, directory / "service.log") as service:
        configuration = directory / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(directory=directory, port=port, upstream=service.port))
        process = subprocess.Popen([NGINX, "-p", str(directory), "-c", str(configuration)])
        try:
            _wait(f"http://127.0.0.1:{port}/api/health/live", process)
            yield f"http://127.0.0.1:{port}/api"
        finally:
            process.terminate()
            process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            httpx.get(url).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx did not start")


def test_the_page_and_its_files_are_found(proxy: str) -> None:
    page = httpx.get(f"{proxy}/docs")

    loaded = [urljoin(f"{proxy}/docs", each) for each in re.findall(r'(?:src|href)="([^":]*)"', page.text)]
    assert len(loaded) == 2
    assert [httpx.get(each).status_code for each in loaded] == [200, 200]


def test_the_operations_of_the_document_are_found(proxy: str, issuer: Issuer) -> None:
    document = httpx.get(f"{proxy}/docs/openapi.json").json()
    [server] = document["servers"]
    [path] = [each for each in document["paths"] if each.endswith("$status-query")]

    response = httpx.post(
        urljoin(f"{proxy}/docs/openapi.json", server["url"]) + path,
        headers=request_headers(issuer.access_token()),
        content=asking_for(ADULT),
    )

    assert response.status_code == 200


def test_a_refusal_names_the_path_that_the_caller_has_to_call(proxy: str) -> None:
    response = httpx.get(f"{proxy}/fhir/Organization/$status-query")

    [issue] = response.json()["issue"]
    assert issue["diagnostics"] == (f"The operation is on the type Patient: POST /api{STATUS_OPERATION}.")


def test_the_definitions_are_found_where_the_capability_statement_says(proxy: str) -> None:
    statement = httpx.get(f"{proxy}/fhir/metadata").json()

    assert statement["implementation"]["url"] == f"{proxy}/fhir"
    addresses = [each["definition"]["reference"] for each in statement["rest"][0]["operation"]]
    answers = [httpx.get(urljoin(f"{proxy}/fhir/", each)) for each in addresses]
    assert {answer.status_code for answer in answers} == {200}

"""The pods of the chart run the image as an unprivileged user, and end without losing requests."""

from typing import Any

import pytest

from adapters.http.health import live, ready
from adapters.http.join.client_addresses import TrustedProxies
from entrypoints.commands.db import db
from entrypoints.commands.serve import serve
from entrypoints.http_process import DRAIN_SECONDS
from tests.integration.deploy.helm import rendered
from tests.integration.deploy.image import USER
from tests.integration.deploy.values import ALL_OF_IT, AS_LITTLE_AS_POSSIBLE, CHOICES, REQUIRED

IDS = ("runAsUser", "runAsGroup", "fsGroup")
ALL_VALUES = pytest.mark.parametrize("values", CHOICES.values(), ids=CHOICES)


def service_container(values: dict[str, Any]) -> dict[str, Any]:
    """Give the container of the service."""
    (container,) = rendered(values).one("Deployment")["spec"]["template"]["spec"]["containers"]
    return dict(container)


@ALL_VALUES
def test_pods_keep_to_the_restricted_pod_security_standard(values: dict[str, Any]) -> None:
    # https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
    specs = [pod["spec"] for pod in rendered(values).pods()]

    for spec in specs:
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert {*spec} & {"hostNetwork", "hostPID", "hostIPC"} == set()
        assert [volume for volume in spec["volumes"] if not {*volume} & {"secret", "emptyDir"}] == []
    for container in (container for spec in specs for container in spec["containers"]):
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


@ALL_VALUES
def test_pods_write_nothing_and_have_no_access_to_the_cluster(values: dict[str, Any]) -> None:
    specs = [pod["spec"] for pod in rendered(values).pods()]

    for spec in specs:
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        assert [each["securityContext"]["readOnlyRootFilesystem"] for each in spec["containers"]] == [True]


def test_openshift_chooses_the_ids_unless_they_are_given() -> None:
    # its restricted-v2 refuses every id that is not of the namespace's range, and all SELinux options
    # https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/authentication_and_authorization/managing-pod-security-policies
    chosen = [pod["spec"]["securityContext"] for pod in rendered(REQUIRED).pods()]
    given = [pod["spec"]["securityContext"] for pod in rendered(ALL_OF_IT).pods()]

    assert [{*context} for context in chosen] == [{"runAsNonRoot", "seccompProfile"}] * 2
    assert [{context[name] for name in IDS} for context in given] == [{USER}] * 2


@ALL_VALUES
def test_containers_leave_their_ids_to_the_pod(values: dict[str, Any]) -> None:
    containers = [each for pod in rendered(values).pods() for each in pod["spec"]["containers"]]

    for container in containers:
        assert {*container["securityContext"]} == {
            "allowPrivilegeEscalation",
            "capabilities",
            "readOnlyRootFilesystem",
        }
        assert "hostPort" not in {key for port in container.get("ports", []) for key in port}


@ALL_VALUES
def test_whichever_user_runs_a_pod_can_read_its_secrets(values: dict[str, Any]) -> None:
    volumes = [volume for pod in rendered(values).pods() for volume in pod["spec"]["volumes"]]

    assert {volume["secret"]["defaultMode"] for volume in volumes if "secret" in volume} == {0o444}


def test_grpc_without_tls_is_for_a_mesh_that_encrypts_alone() -> None:
    arguments = service_container(AS_LITTLE_AS_POSSIBLE)["args"]

    assert "--grpc-plaintext" in arguments
    assert "--grpc-plaintext" not in service_container(ALL_OF_IT)["args"]


def test_the_service_gets_arguments_that_it_has() -> None:
    _name, *arguments = service_container(ALL_OF_IT)["args"]

    given = serve.make_context("serve", arguments).params

    assert given == {
        "host": "0.0.0.0",
        "port": 8080,
        "grpc_port": 50051,
        "grpc_plaintext": False,
        "metrics_port": None,
        "workers": 2,
        "forwarded_for": TrustedProxies.parse("10.0.0.0/8, 2001:db8::1"),
    }


def test_the_migration_runs_an_existing_command() -> None:
    (container,) = rendered(REQUIRED).one("Job")["spec"]["template"]["spec"]["containers"]

    group, command = container["args"]
    assert (group, command in db.commands) == (db.name, True)


def test_the_migration_runs_before_the_pods_of_a_release_and_needs_nothing_that_comes_with_it() -> None:
    job = rendered(REQUIRED).one("Job")

    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert "serviceAccountName" not in job["spec"]["template"]["spec"]


def test_probes_ask_for_what_the_service_answers() -> None:
    container = service_container(REQUIRED)

    asked = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
    assert asked == {
        "startupProbe": {"path": min(live.paths), "port": "http"},
        "livenessProbe": {"path": min(live.paths), "port": "http"},
        "readinessProbe": {"path": min(ready.paths), "port": "http"},
    }


def test_a_pod_that_ends_has_time_for_the_requests_in_progress() -> None:
    spec = rendered(REQUIRED).one("Deployment")["spec"]["template"]["spec"]

    _sleep, pause = spec["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
    assert spec["terminationGracePeriodSeconds"] > int(pause) + DRAIN_SECONDS


def test_an_image_goes_by_its_digest_where_one_is_given() -> None:
    images = {pod["spec"]["containers"][0]["image"] for pod in rendered(ALL_OF_IT).pods()}

    assert images == {f"registry.example.org/invitation-tokens@sha256:{'0' * 64}"}


def test_only_the_autoscaler_sets_the_number_of_pods() -> None:
    scaled, fixed = rendered(REQUIRED), rendered(ALL_OF_IT)

    assert "replicas" not in scaled.one("Deployment")["spec"]
    assert fixed.one("Deployment")["spec"]["replicas"] == 3
    assert fixed.all("HorizontalPodAutoscaler") == []

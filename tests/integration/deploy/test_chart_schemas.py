"""The rendered chart is valid for the oldest supported release of Kubernetes, and for the newest."""

import re
from importlib.metadata import version
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.integration.deploy.helm import CHART, lint, rendered
from tests.integration.deploy.values import ALL_OF_IT, CHOICES, REQUIRED

CHART_YAML: dict[str, Any] = yaml.safe_load((CHART / "Chart.yaml").read_text())
OLDEST = re.findall(r"[0-9]+\.[0-9]+", CHART_YAML["kubeVersion"])[0]
NEWEST = kubernetes_validate.latest_version()
WITHOUT_SCHEMA = {"ServiceMonitor"}
"""Defined by the Prometheus operator, whose schemas are not among those of Kubernetes."""


@pytest.mark.parametrize("values", CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("kubernetes", [OLDEST, NEWEST])
def test_every_object_fits_the_schema_of_kubernetes(kubernetes: str, values: dict[str, Any]) -> None:
    objects = [each for each in rendered(values).objects if each["kind"] not in WITHOUT_SCHEMA]

    judged_by = {kubernetes_validate.validate(each, kubernetes, strict=True) for each in objects}

    assert judged_by == {".".join(kubernetes.split(".")[:2])}


@pytest.mark.parametrize("kubernetes", [OLDEST, NEWEST])
def test_the_schemas_refuse_what_kubernetes_does_not_know(kubernetes: str) -> None:
    deployment = rendered(REQUIRED).one("Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["livenessProb"] = {}

    with pytest.raises(kubernetes_validate.ValidationError, match="livenessProb"):
        kubernetes_validate.validate(deployment, kubernetes, strict=True)


def test_the_chart_has_all_that_the_service_needs_in_a_cluster() -> None:
    kinds = sorted(each["kind"] for each in rendered(ALL_OF_IT | {"autoscaling": {"enabled": True}}).objects)

    assert kinds == [
        "Deployment",
        "HorizontalPodAutoscaler",
        "Job",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
    ]


@pytest.mark.parametrize("values", CHOICES.values(), ids=CHOICES)
def test_helm_finds_nothing_wrong_with_the_chart(values: dict[str, Any]) -> None:
    ended = lint(values)

    assert ended.returncode == 0, ended.stdout


def test_the_chart_brings_the_version_that_it_stands_beside() -> None:
    assert CHART_YAML["appVersion"] == version("invitation-tokens")
    assert CHART_YAML["version"] == version("invitation-tokens")

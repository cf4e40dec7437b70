"""Traffic reaches the pods of the service, and nothing else."""

from typing import Any

import pytest

from tests.integration.deploy.helm import RenderedChart, rendered
from tests.integration.deploy.values import ALL_OF_IT, CHOICES, REQUIRED


def labels_of(chart: RenderedChart, kind: str) -> dict[str, str]:
    """Give the labels of a workload's pods."""
    return dict(chart.one(kind)["spec"]["template"]["metadata"]["labels"])


@pytest.mark.parametrize("values", CHOICES.values(), ids=CHOICES)
def test_service_deployment_and_disruption_budget_select_the_same_pods(values: dict[str, Any]) -> None:
    chart = rendered(values)

    selectors = [
        chart.one("Service")["spec"]["selector"],
        chart.one("Deployment")["spec"]["selector"]["matchLabels"],
        chart.one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
    ]
    assert [each.items() <= labels_of(chart, "Deployment").items() for each in selectors] == [True] * 3


def test_a_migration_is_sent_no_requests() -> None:
    chart = rendered(REQUIRED)

    selector = chart.one("Service")["spec"]["selector"]
    assert not selector.items() <= labels_of(chart, "Job").items()


@pytest.mark.parametrize(
    ("values", "ports"),
    [(REQUIRED, {"http": 8080}), (ALL_OF_IT, {"http": 8080, "grpc": 50051})],
    ids=["http", "http-and-grpc"],
)
def test_ports_are_open_from_the_policy_to_the_container(
    values: dict[str, Any], ports: dict[str, int]
) -> None:
    chart = rendered(values)

    (container,) = chart.one("Deployment")["spec"]["template"]["spec"]["containers"]
    let_in = chart.one("NetworkPolicy")["spec"]["ingress"][0]["ports"]
    assert {each["name"]: each["containerPort"] for each in container["ports"]} == ports
    assert {each["targetPort"] for each in chart.one("Service")["spec"]["ports"]} == {*ports}
    assert {each["port"] for each in let_in} == {*ports}


def test_the_policy_allows_the_configured_peers_and_dns_only() -> None:
    given = ALL_OF_IT["networkPolicy"]

    policy = rendered(ALL_OF_IT).one("NetworkPolicy")["spec"]

    names = {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [each["from"] for each in policy["ingress"]] == [given["from"]]
    assert policy["egress"] == [names, *given["egress"]]


def test_the_policy_holds_for_all_pods_of_a_release() -> None:
    chart = rendered(REQUIRED)

    selector = chart.one("NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
    assert [selector.items() <= labels_of(chart, kind).items() for kind in ("Deployment", "Job")] == [
        True,
        True,
    ]


def test_the_service_monitor_names_a_port_of_the_service() -> None:
    chart = rendered(ALL_OF_IT)

    monitor, service = chart.one("ServiceMonitor"), chart.one("Service")
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["spec"]["endpoints"] == [{"port": "http", "path": "/metrics", "interval": "30s"}]
    assert "http" in {each["name"] for each in service["spec"]["ports"]}

"""The metrics of a service, read by the parser of Prometheus's own library."""

from collections.abc import Mapping

import httpx
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from adapters.telemetry.prometheus import Metrics


class Figures:
    """The metrics of one answer."""

    def __init__(self, text: str) -> None:
        self.families: Mapping[str, Metric] = {
            family.name: family for family in text_string_to_metric_families(text)
        }
        self._samples = [sample for family in self.families.values() for sample in family.samples]

    @property
    def names(self) -> set[str]:
        """Give the names that a query can use."""
        return {sample.name for sample in self._samples}

    @property
    def labels(self) -> dict[str, set[str]]:
        """Give the names of the labels of each of them."""
        return {sample.name: {*sample.labels} for sample in self._samples}

    def values(self, label: str) -> set[str]:
        """Give all values of a label."""
        return {sample.labels[label] for sample in self._samples if label in sample.labels}

    def sum(self, name: str, **labels: str) -> float:
        """Add up the series with this name and these labels."""
        return sum(
            sample.value
            for sample in self._samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """Add up for each value of a label, without zeros."""
        values = {sample.labels[label] for sample in self._samples if sample.name == name}
        sums = {value: self.sum(name, **{label: value}, **labels) for value in values}
        return {value: figure for value, figure in sums.items() if figure}


def figures_of(metrics: Metrics) -> Figures:
    """Read the metrics of this process."""
    return Figures(metrics.exposition().decode())


def collect(url: str) -> Figures:
    """Ask a service like Prometheus, over a new connection, so that any worker may answer."""
    # without certificates, because reading them takes longer than the answer
    response = httpx.get(f"{url}/metrics", timeout=30, verify=False).raise_for_status()
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Figures(response.text)

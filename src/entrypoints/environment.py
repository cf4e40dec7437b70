"""Checks what the environment says to the libraries, so that a mistake shows at the start."""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from adapters.proxies import Proxies

_PROTOCOL = "http/protobuf"
_SAMPLERS = (
    *("always_on", "always_off", "traceidratio"),
    *("parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"),
)


def problems_of_http_clients(environment: Mapping[str, str]) -> list[str]:
    """List what is wrong with the proxies and the certificates. Each problem names its variable."""
    problems = []
    try:
        Proxies.read(environment)
    except ValueError as error:
        problems.append(str(error))
    file, directory = environment.get("SSL_CERT_FILE"), environment.get("SSL_CERT_DIR")
    if file and not _holds_certificates(file):
        problems.append("SSL_CERT_FILE does not name a file of certificates")
    if directory and not file and not _is_directory(directory):
        problems.append("SSL_CERT_DIR does not name a directory")
    return problems


def _holds_certificates(path: str) -> bool:
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        return False
    return True


def _is_directory(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def problems_of_tracing(environment: Mapping[str, str]) -> list[str]:
    """List the variables of OpenTelemetry that the service cannot follow.

    Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
    """
    return [*_problems_of_tracing(environment)]


def traces_are_exported(environment: Mapping[str, str]) -> bool:
    """Check whether OpenTelemetry's own variables leave tracing on."""
    is_disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not is_disabled and _of(environment, "OTEL_TRACES_EXPORTER", "otlp") != "none"


def _problems_of_tracing(environment: Mapping[str, str]) -> Iterator[str]:
    if _of(environment, "OTEL_TRACES_EXPORTER", "otlp") not in {"otlp", "none"}:
        yield "OTEL_TRACES_EXPORTER must be otlp or none"
    for variable in ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"):
        if _of(environment, variable, _PROTOCOL) != _PROTOCOL:
            yield f"{variable} must be {_PROTOCOL}"
    for variable in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        # without a scheme, the exporter would drop every span
        if not _of(environment, variable, "http://").startswith(("http://", "https://")):
            yield f"{variable} must be an http or https URL"
    sampler = _of(environment, "OTEL_TRACES_SAMPLER", _SAMPLERS[0])
    if sampler not in _SAMPLERS:
        yield f"OTEL_TRACES_SAMPLER must be one of: {', '.join(_SAMPLERS)}"
    elif sampler.endswith("ratio") and not _is_ratio(_of(environment, "OTEL_TRACES_SAMPLER_ARG", "1")):
        yield "OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1"


def _of(environment: Mapping[str, str], variable: str, default: str) -> str:
    return environment.get(variable, "").strip().lower() or default


def _is_ratio(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False

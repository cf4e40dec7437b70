"""What the environment says to libraries is checked before the start."""

from pathlib import Path

import certifi
import pytest

from tests.integration.entrypoints.a_setup import problems_of, settings_of

TRACING = {"INVITATIONS_TRACING": "true"}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"NO_PROXY": "fd00::/200"}, "NO_PROXY"),
        ({"ALL_PROXY": "socks5://127.0.0.1:1080"}, "ALL_PROXY"),
        ({"HTTPS_PROXY": "ftp://x:1"}, "HTTPS_PROXY"),
        ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "SSL_CERT_FILE"),
        ({"SSL_CERT_FILE": __file__}, "SSL_CERT_FILE"),
        ({"SSL_CERT_DIR": "/nowhere"}, "SSL_CERT_DIR"),
        ({**TRACING, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_PROTOCOL"),
        (
            {**TRACING, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"},
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        ),
        ({**TRACING, "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ({**TRACING, "OTEL_EXPORTER_OTLP_ENDPOINT": '"http://c:4318"'}, "OTEL_EXPORTER_OTLP_ENDPOINT"),
        (
            {**TRACING, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "grpc://c:4317"},
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        ),
        ({**TRACING, "OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER"),
        ({**TRACING, "OTEL_TRACES_SAMPLER": "bogus"}, "OTEL_TRACES_SAMPLER"),
        (
            {**TRACING, "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "half"},
            "OTEL_TRACES_SAMPLER_ARG",
        ),
        (
            {**TRACING, "OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "2"},
            "OTEL_TRACES_SAMPLER_ARG",
        ),
    ],
)
def test_a_variable_that_a_library_cannot_follow_is_named(environment: dict[str, str], named: str) -> None:
    [problem] = problems_of(environment)

    assert problem.startswith(f"{named} ")


@pytest.mark.parametrize(
    "environment",
    [
        {"NO_PROXY": "localhost,127.0.0.1,[::1]", "HTTPS_PROXY": "http://proxy.example:3128"},
        {"SSL_CERT_FILE": certifi.where()},
        {"SSL_CERT_FILE": "", "SSL_CERT_DIR": str(Path(__file__).parent)},
        {"OTEL_TRACES_SAMPLER": "bogus"},
        {
            **TRACING,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "HTTPS://collector.example/v1/traces",
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": "0.25",
        },
    ],
)
def test_what_can_be_followed_is_taken(environment: dict[str, str]) -> None:
    settings_of(environment)


@pytest.mark.parametrize("variable", [{"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_SDK_DISABLED": "true"}])
def test_nothing_is_traced_where_opentelemetry_is_told_not_to(variable: dict[str, str]) -> None:
    assert settings_of(TRACING).traces == "exported"
    assert settings_of({**TRACING, **variable}).traces == "none"


@pytest.mark.parametrize(
    "content",
    [
        b"s3cret",
        b"s3cret\n",
        b"s3cret\r\n",
        b"\xef\xbb\xbfs3cret\r\n",
        "s3cret\r\n".encode("utf-16"),
        b"\xfe\xff" + "s3cret\n".encode("utf-16-be"),
    ],
    ids=["plain", "line", "windows-line", "byte-order-mark", "utf-16", "utf-16-be"],
)
def test_a_setting_in_a_file_is_read_however_it_is_encoded(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "scope"
    file.write_bytes(content)

    assert settings_of({"INVITATIONS_GENERATE_SCOPE_FILE": str(file)}).generate_scope == "s3cret"


@pytest.mark.parametrize(
    "content",
    [b"s\xff", "s3cret".encode("utf-16-le"), b"\xff\xfes", b"s3\0cret"],
    ids=["latin-1", "utf-16-without-mark", "half-a-character", "nul"],
)
def test_a_file_that_is_not_text_names_its_setting(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "scope"
    file.write_bytes(content)

    [problem] = problems_of({"INVITATIONS_GENERATE_SCOPE_FILE": str(file)})

    assert problem.startswith("INVITATIONS_GENERATE_SCOPE cannot be read from the file")
    assert problem.endswith("it is not text in UTF-8")

"""The interface file passes the linter, its code is current, and the service implements all of it."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

from adapters.grpc.generated.invitations.v1.invitations_pb2 import DESCRIPTOR
from tests.integration.grpc.support.client import PATIENCE_SECONDS, SERVICE, GrpcClient
from tests.integration.grpc.support.refused import trailing

ROOT = Path(__file__).parents[3]
PROTO = ROOT / "proto"
GENERATED = ROOT / "src" / "adapters" / "grpc" / "generated"
FILE = "invitations/v1/invitations.proto"
IMPORTS = ["google/rpc/status.proto", "google/type/date.proto"]
LIBRARIES = Path(sysconfig.get_path("purelib"))


def files_in(directory: Path) -> dict[str, str]:
    paths = [path for path in directory.rglob("*.py*") if path.suffix in {".py", ".pyi"}]
    return {str(path.relative_to(directory)): path.read_text() for path in paths}


def run(command: list[str], directory: Path = ROOT) -> str:
    """Run a command, and return its output if it failed."""
    ended = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return ended.stdout + ended.stderr


def ask_about(client: GrpcClient, question: ServerReflectionRequest) -> ServerReflectionResponse:
    ask = client.channel.stream_stream(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        ServerReflectionRequest.SerializeToString,
        ServerReflectionResponse.FromString,
    )
    (answer,) = ask(iter([question]), PATIENCE_SECONDS)
    return answer


def test_the_generated_code_is_what_the_interface_file_gives(tmp_path: Path) -> None:
    paths = [f"--proto_path={PROTO}", f"--proto_path={LIBRARIES}"]
    outputs = [f"--python_out={tmp_path}", f"--pyi_out={tmp_path}"]

    said = run([sys.executable, "-m", "grpc_tools.protoc", *paths, *outputs, FILE])

    assert said == ""
    assert files_in(tmp_path) == files_in(GENERATED)


def test_the_interface_file_is_formatted_and_passes_the_rules_of_buf(tmp_path: Path) -> None:
    shutil.copytree(PROTO, tmp_path, dirs_exist_ok=True)
    for name in IMPORTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(LIBRARIES / name, tmp_path / name)
    buf = str(Path(sys.executable).with_name("buf"))

    assert run([buf, "lint", "--path", "invitations"], tmp_path) == ""
    assert run([buf, "format", "--diff", "--path", "invitations"], tmp_path) == ""


@pytest.mark.parametrize(
    "method", [each.name for each in DESCRIPTOR.services_by_name["InvitationTokens"].methods]
)
def test_every_method_of_the_interface_is_there(client: GrpcClient, method: str) -> None:
    call = client.raw(f"/{SERVICE}/{method}")

    with pytest.raises(grpc.RpcError) as refused:
        call(b"", PATIENCE_SECONDS)

    assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_an_unknown_method_is_unimplemented(client: GrpcClient) -> None:
    call = client.raw(f"/{SERVICE}/Nothing")

    with pytest.raises(grpc.RpcError) as refused:
        call(b"", PATIENCE_SECONDS, (("x-request-id", "nothing"),))

    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert trailing(refused.value)["x-request-id"] == "nothing"


def test_reflection_names_the_services(client: GrpcClient) -> None:
    answer = ask_about(client, ServerReflectionRequest(list_services=""))

    assert {each.name for each in answer.list_services_response.service} == {
        SERVICE,
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }


def test_reflection_describes_the_interface(client: GrpcClient) -> None:
    answer = ask_about(client, ServerReflectionRequest(file_containing_symbol=SERVICE))

    described = [
        FileDescriptorProto.FromString(each).name
        for each in answer.file_descriptor_response.file_descriptor_proto
    ]
    assert {FILE, *IMPORTS} <= {*described}

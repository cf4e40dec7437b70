"""The service as the interface file describes it."""

from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection

from adapters.grpc.generated.invitations.v1.invitations_pb2 import DESCRIPTOR

_DESCRIPTOR = DESCRIPTOR.services_by_name["InvitationTokens"]

SERVICE: str = _DESCRIPTOR.full_name
HEALTH: str = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name
REFLECTION: str = reflection.SERVICE_NAME

METHOD_PATHS = frozenset(f"/{SERVICE}/{name}" for name in _DESCRIPTOR.methods_by_name)
"""The paths that the methods of the service are called by."""


def path_of(method: str) -> str:
    """Give the path that a method is called by. Raises KeyError if the service has none of this name."""
    return f"/{SERVICE}/{_DESCRIPTOR.methods_by_name[method].name}"

"""What is loaded when it is first used, and how modules are loaded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from importlib import import_module
from typing import Any


class OnDemand(Enum):
    """What few processes use, and whose libraries take time and memory to load, as "module:attribute".

    A call loads the module and calls the attribute. Everything else is imported at the top of a module.
    """

    GRPC_CALL_LIMITS = "adapters.grpc.call:CallLimits"
    GRPC_LIMITS = "adapters.grpc.call:GrpcLimits"
    GRPC_OPERATIONS = "adapters.grpc.server:GrpcOperations"
    GRPC_SERVER = "adapters.grpc.server:create_grpc_server"
    GRPC_STATUS_NAME = "adapters.grpc.status_codes:name_of"
    JOIN_ROUTES = "adapters.http.join.routes:JoinRoutes"
    SCHEMA = "adapters.sql.schema:Schema"
    TRACES = "entrypoints.tracing:ExportedTraces"

    def __call__(self, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 - each gives its own
        """Call it."""
        return self.loaded()(*args, **kwargs)

    def loaded(self) -> Any:  # noqa: ANN401 - each is of its own type
        """Load it."""
        module, _, attribute = self.value.partition(":")
        return getattr(import_module(module), attribute)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Collect no garbage while modules are loaded, and never look at what they hold again.

    Modules stay until the process ends: looking for garbage among them takes a sixth of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

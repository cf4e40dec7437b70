"""Starts programs that refuse to run as root."""

import os
import sys
from collections.abc import Sequence

UNPRIVILEGED = 65534

_BECOME = (
    "import os, sys; os.setgroups([]); "
    f"os.setgid({UNPRIVILEGED}); os.setuid({UNPRIVILEGED}); os.execv(sys.argv[1], sys.argv[1:])"
)


def unprivileged(command: Sequence[str]) -> list[str]:
    """Give the command that runs another one as a user without rights, if this process is root's.

    `Popen` can do it too, but forks this process for it. Then gRPC, if it is loaded, starts its threads in
    the child and may end it before the program runs.
    """
    return [sys.executable, "-I", "-S", "-c", _BECOME, *command] if os.geteuid() == 0 else [*command]

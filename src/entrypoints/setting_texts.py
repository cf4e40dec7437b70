"""Where the text of a setting stands: in a variable of the environment, or in a file that one names."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

_PREFIX = "INVITATIONS_"
_OF_CLIENTS = ("INVITATIONS_ACCESS_TOKEN", "INVITATIONS_CLIENT_SECRET")
"""What callers of the service keep in the environment that they may share with it."""

_OF_A_CLUSTER = re.compile(
    r"INVITATIONS_(\w+_)?"
    r"(SERVICE_HOST=.*|SERVICE_PORT(_\w+)?=\d+|PORT=\w+://.*|PORT_\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?=.*)"
)
"""What Kubernetes tells every process about services whose names begin like ours.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""


def file_variable(variable: str) -> str:
    """Name the variable that holds the path of a setting's file, as container engines mount secrets."""
    return f"{variable}_FILE"


def setting_text(environment: Mapping[str, str], variable: str) -> str | None:
    """Give the text of a setting; that of a file goes without the line end that most files end with.

    Raises ValueError, whose message goes on from the variable and shows neither path nor content.
    """
    text, path = environment.get(variable), environment.get(file_variable(variable))
    if not path:
        return text
    if text:
        raise ValueError(f"and {file_variable(variable)} are both set")
    try:
        return Path(path).read_text(encoding="utf-8").removesuffix("\n")
    except OSError as error:
        reason = error.strerror
    except ValueError:
        reason = "it is not text in UTF-8"
    raise ValueError(f"cannot be read from the file that {file_variable(variable)} names: {reason}")


def unknown_variables(environment: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Give the variables that begin as settings do, and are none."""
    settings = {*known, *map(file_variable, known), *_OF_CLIENTS}
    return [
        name
        for name, text in environment.items()
        if name.startswith(_PREFIX) and name not in settings and not _OF_A_CLUSTER.fullmatch(f"{name}={text}")
    ]

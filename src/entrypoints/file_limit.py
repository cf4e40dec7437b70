"""The limit of open files of a process, which bounds its connections."""

import resource

_MOST = 65_536
"""Enough for every connection that is accepted. Where there is no limit, some libraries walk through all."""

_OTHER_FILES = 256
"""Files other than callers' connections: the database, metrics, the log, libraries."""

_MOST_CONNECTIONS = 16_000


def raise_file_limit() -> None:
    """Let this process, and those that it starts, open as many files as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def max_connections() -> int:
    """Give how many connections each transport of a process may accept, of the files that it may open."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _MOST if soft == resource.RLIM_INFINITY else soft
    return max(1, min(_MOST_CONNECTIONS, (files - _OTHER_FILES) // 2))

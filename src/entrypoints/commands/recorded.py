"""Administrative commands on record: who runs them, and the file that they read."""

import getpass
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from returns.result import Result

from application.administration.record_command import CommandEntry, CommandReport
from entrypoints.command_container import CommandContainer
from entrypoints.commands.context import run

T = TypeVar("T")
E = TypeVar("E")


class VisibleTextType(click.ParamType[str]):
    """Text that a person can read."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept text with visible characters and without control characters."""
        if not value.strip() or not value.isprintable():
            self.fail("it needs visible characters, and no control characters", param, ctx)
        return value.strip()


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # a container may run under a number that has no name
        return f"uid {os.getuid()}"


operator_option = click.option(
    "--operator",
    default=_os_user,
    show_default="the user of the operating system",
    metavar="NAME",
    type=VisibleTextType(),
    help="Who runs the command, for the audit.",
)

reason_option = click.option(
    "--reason", required=True, metavar="TEXT", type=VisibleTextType(), help="Why, for the audit."
)


def run_recorded(
    entry: CommandEntry,
    work: Callable[[CommandContainer], Awaitable[Result[T, E]]],
    report: Callable[[T], CommandReport] = lambda _done: CommandReport(),
) -> Result[T, E]:
    """Carry out a command between two audit events. Raises what `run` raises."""
    return run(
        lambda container: container.administration().record_command()(entry, lambda: work(container), report)
    )

"""The question whether a result is a failure, in a form that keeps the type of the error."""

from typing import TYPE_CHECKING, TypeVar

from returns.result import Failure, Result

if TYPE_CHECKING:
    from typing_extensions import TypeIs

T = TypeVar("T")
E = TypeVar("E")


def failed(result: Result[T, E]) -> "TypeIs[Failure[E]]":
    """Return whether a result is a failure, and narrow it to a failure with the same error type.

    `isinstance(result, Failure)` narrows to `Failure[Any]`, and with `Any` an error that no caller
    expects goes unnoticed.
    """
    return isinstance(result, Failure)

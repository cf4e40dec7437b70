"""Headers that may be sent more than once."""

from litestar.datastructures import Headers


def combined(headers: Headers, name: str) -> str | None:
    """Give the value of a header, those of a repeated one joined; None when it is missing.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.3
    """
    values = headers.getall(name, [])
    return ", ".join(values) if values else None

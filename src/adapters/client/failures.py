"""What a failed call means: why there is no answer, and when to call again."""

import errno
import os
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from socket import gaierror

import httpx

from application.ports.mailing import NotAnswered, Refused

_OF_CLOUDFLARE = {520, 521, 522, 523, 524}
"""It does not reach the server behind it.

Source: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
"""

TRANSIENT = {408, 425, 429, 500, 502, 503, 504, *_OF_CLOUDFLARE}
"""With these statuses, the same request may succeed later."""

_MOST_CHARACTERS = 200
_LONGEST_WAIT_SECONDS = 1e9
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"}


def no_answer(error: httpx.HTTPError, url: str) -> Refused | NotAnswered:
    """Say why nothing came back from a URL. Only failures that time does not mend are refusals."""
    causes = [*_causes(error)]
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Refused(
                f"{url}: its certificate cannot be verified ({cause.verify_message}). If its authority is "
                "your own, name the file of the authority's certificate in SSL_CERT_FILE."
            )
        if isinstance(cause, ssl.SSLError) and cause.reason in _NO_TLS:
            return Refused(f"{url}: the server does not speak TLS. Perhaps its address begins with http:")
    return NotAnswered(
        f"{url}: {_in_words(error, causes)}", may_have_acted=not isinstance(error, _NEVER_SENT)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what it comes from; of several attempts to connect, the first."""
    while error is not None:
        yield error
        several = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        error = several[0] if several else error.__cause__ or error.__context__


def _in_words(error: httpx.HTTPError, causes: list[BaseException]) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time" if isinstance(error, httpx.ReadTimeout) else "no connection in time"
    for cause in causes:
        if isinstance(cause, gaierror):
            return f"the name of the server is not found ({cause.strerror})"
        if isinstance(cause, ssl.SSLError):
            return f"TLS failed ({cause.reason})"
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno in errno.errorcode:
            return os.strerror(cause.errno).lower()
    if isinstance(error, httpx.DecodingError):
        return str(error)
    if isinstance(error, httpx.ProxyError):
        return f"the proxy refuses the connection ({printable(str(error))})"
    return "the connection was closed without an answer"


def retry_after_seconds(response: httpx.Response) -> float:
    """Read the seconds or the date of https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 , else 0.

    A date counts from the server's own clock, if the response shows it.
    """
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_WAIT_SECONDS)
    until = _moment(text)
    if until is None:
        return 0.0
    now = _moment(response.headers.get("Date", "")) or datetime.now(UTC)
    return min(max((until - now).total_seconds(), 0.0), _LONGEST_WAIT_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # a date without a zone is in GMT, as all dates of HTTP are
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def printable(text: str) -> str:
    """Give text of a server without control characters, which could move the cursor of a terminal."""
    return "".join(each if each.isprintable() else " " for each in text[:_MOST_CHARACTERS])

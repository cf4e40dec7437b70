"""What a caller would like, and may not get.

Source: https://www.rfc-editor.org/rfc/rfc7240
"""

from litestar.datastructures import Headers

from adapters.http.headers import combined


def prefers(headers: Headers, preference: str) -> bool:
    """Tell whether the caller has this preference, written in lower case, as `name=value`."""
    preferences = (combined(headers, "Prefer") or "").lower().split(",")
    return preference in {each.partition(";")[0].strip().replace('"', "") for each in preferences}

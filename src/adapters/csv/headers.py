"""The names of columns, as people and spreadsheets write them."""

import re
from collections.abc import Mapping, Sequence

_SPELLINGS: Mapping[str, Sequence[str]] = {
    "nhs_number": ("nhsnumber", "nhsno", "nhsnum", "nhs"),
    "chi_number": ("chinumber", "chino", "chinum", "chi"),
    "health_and_care_number": ("healthandcarenumber", "healthandcareno", "hcnumber", "handcnumber", "hcn"),
    "date_of_birth": ("dateofbirth", "birthdate", "dob"),
    "name": ("fullname", "patientname"),
    **{f"address_{line}": (f"address{line}", f"addressline{line}") for line in range(1, 6)},
    "postcode": ("postcode", "postalcode"),
}
_NAMES = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}
_NO_LETTER = re.compile(r"[\W_]+")


def column_names(fields: Sequence[str]) -> list[str]:
    """Give the names of columns in small letters, and those that the commands know in our spelling.

    A column in our spelling has the name for itself: beside `name`, a `Full Name` is another column.
    """
    written = [field.strip().lower() for field in fields]
    known = [_NAMES.get(_NO_LETTER.sub("", name.replace("&", "and")), name) for name in written]
    return [ours if ours not in written else name for name, ours in zip(written, known, strict=True)]

"""The expected and the shown rows of the demo."""

INVITED = ["9990000018", "1503651231", "9990000026", "3201234567", "9990000034"]
OMITTED = {
    "9990000042": "under-minimum-age",
    "9990000050": "deceased",
    "9990000069": "already-registered",
    "9990000077": "no-date-of-birth",
    "9990000085": "no-care-relationship",
    "9990000107": "not-to-be-invited",
    "9990000093": "not-found",
    "9990000019": "not-found",
}


def shown_table(output: str) -> dict[str, list[str]]:
    """Give the rows of the table of outcomes by their first column."""
    lines = [line for line in output.splitlines() if line.startswith("│")]
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]
    return {row[0]: row[1:] for row in rows}


def invited(table: dict[str, list[str]]) -> list[str]:
    """Name those who are shown as invited."""
    return [number for number, row in table.items() if row[1] == "invited"]


def omitted(table: dict[str, list[str]]) -> dict[str, str]:
    """Give the reasons of the others."""
    return {number: row[-1] for number, row in table.items() if row[1] == "omitted"}

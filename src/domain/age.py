"""Ages in completed years."""

from datetime import date


def age_on(day: date, date_of_birth: date) -> int:
    """Count the birthdays reached by `day`, the birthday itself included.

    Who was born on 29 February reaches the age on 1 March in a common year.
    Source: Family Law Reform Act 1969 s.9; Age of Legal Capacity (Scotland) Act 1991 s.6.
    """
    birthday_is_ahead = (day.month, day.day) < (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - birthday_is_ahead

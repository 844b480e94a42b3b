"""Numbers of cases: the date of receipt and a code that cannot be guessed and can be read out."""

from datetime import date

from tongban.base.ids import new_code

CODE_LENGTH = 8


def case_number(day: date) -> str:
    """Return a new number, e.g. 20261123-7KQ4M2XA."""
    return f"{day:%Y%m%d}-{new_code(CODE_LENGTH)}"

"""What stands in the cells of exported tables: nothing that a spreadsheet would take for a formula."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is reckoned by spreadsheets when it is opened (OWASP: CSV injection)."""

Cell = str | int | float | None


def harmless(cell: Cell) -> Cell:
    """Return a text with a quotation mark before it where it might be taken for a formula; numbers as they are."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(DANGEROUS):
        return f"'{cell}"
    return cell

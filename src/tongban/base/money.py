"""Money is whole fen 分 (1/100 yuan)."""

from decimal import Decimal, InvalidOperation

LARGEST_FEN = 10**15
"""Ten trillion yuan: beyond it an amount is a slip, and would not fit where amounts are added up."""


def to_fen(yuan: str | int | Decimal) -> int:
    """Return fen for an amount in yuan with at most two decimals; raises ValueError, above `LARGEST_FEN` too."""
    try:
        amount = Decimal(str(yuan))
    except InvalidOperation as wrong:
        message = f"not an amount: {yuan!r}"
        raise ValueError(message) from wrong
    if not amount.is_finite() or not -LARGEST_FEN // 100 <= amount <= LARGEST_FEN // 100:
        message = f"not an amount: {yuan!r}"
        raise ValueError(message)
    if amount != round(amount, 2):
        message = f"not whole fen: {yuan!r}"
        raise ValueError(message)
    return int(amount * 100)


def yuan_words(fen: int) -> str:
    """Return an amount in yuan with two decimals and thousands separators: 1,234.50."""
    return f"{Decimal(fen) / 100:,.2f}"

"""Money is whole fen 分 (1/100 yuan)."""

from decimal import Decimal, InvalidOperation


def to_fen(yuan: str | int | Decimal) -> int:
    """Return fen for an amount in yuan with at most two decimals; raises ValueError."""
    try:
        fen = Decimal(str(yuan)) * 100
    except InvalidOperation as wrong:
        message = f"not an amount: {yuan!r}"
        raise ValueError(message) from wrong
    if not fen.is_finite() or fen != fen.to_integral_value():
        message = f"not whole fen: {yuan!r}"
        raise ValueError(message)
    return int(fen)


def yuan_words(fen: int) -> str:
    """Return an amount in yuan with two decimals and thousands separators: 1,234.50."""
    return f"{Decimal(fen) / 100:,.2f}"

"""Figures as they stand in a sentence: thousands separated, no decimals where there are none."""

from __future__ import annotations


def plain(value: float) -> str:
    """Write a number with at most two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def cny(fen: int) -> str:
    """Write whole fen as an amount in CNY."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def percent(share: float) -> str:
    """Write a share in hundredths."""
    return f"{plain(100 * share)}%"

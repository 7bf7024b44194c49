"""Exact amounts. Every number inside is a `Fraction`, in units of the currency; rounding and splitting are done here alone.

Sources of the rules: language reference, 'Money' and 'Rounding'.
"""

from sibdsl.money.amounts_in_text import (
    bare,
    currency,
    grain_name,
    in_digits,
    number,
    parse,
    percent,
    plain,
    show,
    show_exact,
    show_short,
)
from sibdsl.money.rounding import GRAINS, Way, round_to
from sibdsl.money.split_to_the_penny import split

__all__ = [
    "GRAINS",
    "Way",
    "bare",
    "currency",
    "grain_name",
    "in_digits",
    "number",
    "parse",
    "percent",
    "plain",
    "round_to",
    "show",
    "show_exact",
    "show_short",
    "split",
]

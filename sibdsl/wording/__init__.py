"""How a contract reads in words: its amounts, conditions, bands, metrics, limits, times and places.

One place for findings, reasons of rows, explanations, formulas and drawings. The English itself is in `sibdsl.english`.
"""

from sibdsl.wording.bands import band_words, bands_of, days_written
from sibdsl.wording.clauses import cite, clause, clause_title, place
from sibdsl.wording.conditions import amount, condition, not_known, not_over, time_asked
from sibdsl.wording.givens import day_said, given_said, taken_said
from sibdsl.wording.limits import TAKEN_BACK, limited, selection, share, who
from sibdsl.wording.metrics import counted, definition, quantity_said, reached
from sibdsl.wording.rounding import to_the_grain
from sibdsl.wording.steps import is_nothing
from sibdsl.wording.tiers import tier_units
from sibdsl.wording.times import (
    contract_years,
    counted_in,
    days,
    each,
    each_time,
    each_time_named,
    over,
    period_name,
    when,
)
from sibdsl.wording.values import noun, one_with, row_of, values, written

__all__ = [
    "TAKEN_BACK",
    "amount",
    "band_words",
    "bands_of",
    "cite",
    "clause",
    "clause_title",
    "condition",
    "contract_years",
    "counted",
    "counted_in",
    "day_said",
    "days",
    "days_written",
    "definition",
    "each",
    "each_time",
    "each_time_named",
    "given_said",
    "is_nothing",
    "limited",
    "not_known",
    "not_over",
    "noun",
    "one_with",
    "over",
    "period_name",
    "place",
    "quantity_said",
    "reached",
    "row_of",
    "selection",
    "share",
    "taken_said",
    "tier_units",
    "time_asked",
    "to_the_grain",
    "values",
    "when",
    "who",
    "written",
]

"""How a step says what it is for, on a screen and in JSON. Nothing reads these words back."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sibdsl import money
from sibdsl.dates import long
from sibdsl.price.provenance import (
    AllBands,
    AmountOf,
    AmountPart,
    CarriedBy,
    ChosenBy,
    CountedTo,
    Meaning,
    PercentPart,
    Purpose,
    QuartersBegun,
    RestPart,
    SharePart,
    TierName,
    WholeUnits,
)
from sibdsl.wording.tiers import many_units

if TYPE_CHECKING:
    from sibdsl.price.graph import TakenOf

_SAID: dict[Purpose, str] = {
    Purpose.ROOM: "room under the cap",
    Purpose.OUTSTANDING: "outstanding of the investment",
    Purpose.INTEREST_OWED: "interest on the investment",
    Purpose.INTEREST_MET: "interest that is paid",
    Purpose.OWED: "owed on the investment",
    Purpose.DUE_BEFORE_LIMIT: "due before the cap",
    Purpose.PAYABLE: "payable under the cap",
    Purpose.CUT: "cut by the cap",
    Purpose.DUE_TO_DATE: "due to date",
    Purpose.BEYOND_LIMIT: "beyond the cap",
    Purpose.CUT_TO_DATE: "cut to date",
    Purpose.LIMIT_IS_SHARE_OF: "what the limit is a share of",
    Purpose.DUE_BEFORE_DEDUCTION: "due before the deduction",
    Purpose.DEDUCTED: "deducted, at most what is due",
    Purpose.PART_OF_DEDUCTION: "its part of the deduction",
    Purpose.PART_OF_CUT: "its part of the cut",
    Purpose.CUT_IN_TURN: "cut, from the last clause",
    Purpose.STILL_TO_CUT: "still to be cut",
    Purpose.CUT_OF_ALL_AGES: "cut, of all ages",
    Purpose.FEES_SO_FAR: "fees so far",
    Purpose.DUE_NOW: "due now",
    Purpose.MET_SO_FAR: "met by the block so far",
    Purpose.MET_NOW: "met by the block now",
    Purpose.MET_OF_QUARTERS: "met by the block of its quarters",
    Purpose.QUARTERS_LEFT: "of the quarters so far",
    Purpose.PART_MET: "its part of what the block meets",
    Purpose.UNUSED_OF_BLOCK: "unused part of the block",
    Purpose.PAID_TO_DATE: "paid to date",
    Purpose.MORE_THAN_BEFORE: "more than was paid before",
    Purpose.LEAST: "at least",
    Purpose.NOT_BELOW_LEAST: "not below the least",
    Purpose.MOST: "at most",
    Purpose.NOT_ABOVE_MOST: "not above the most",
    Purpose.EARLIER_TIERS: "units of earlier tiers",
    Purpose.BEYOND_EARLIER_TIERS: "beyond earlier tiers",
    Purpose.UNITS_OF_TIER: "units of the tier",
    Purpose.UNITS_IN_TIER: "units in the tier",
    Purpose.LESS_THE_LIMIT: "less the limit",
    Purpose.CONDITION: "condition of payment",
    Purpose.FIRST_GIVEN: "the first that is not blank",
    Purpose.HELD_BACK: "held back until then",
    Purpose.RELEASED: "held back before",
    Purpose.HELD_SO_FAR: "held back so far",
    Purpose.SHARE: "share",
    Purpose.SHARE_OF_LINE: "its share of the line",
    Purpose.AMOUNT_OF_LINE: "its amount of the line",
    Purpose.LINE_SO_FAR: "the line so far",
    Purpose.LEFT_OF_LINE: "left of the line",
    Purpose.PART_OF_STATEMENT: "its part of the rounded statement",
    Purpose.PART_OF_PERIOD: "its part of the period's",
    Purpose.ABOVE_NOUGHT: "above nought",
    Purpose.BELOW_NOUGHT: "below nought",
    Purpose.NOT_BELOW_NOUGHT: "not below nought",
    Purpose.IN_STATEMENT: "in the statement period",
    Purpose.TAKEN_BACK: "taken back",
    Purpose.LOST_IN_PART: "lost in this part",
    Purpose.OWED_BACK: "owed back",
    Purpose.COME_TO_SO_FAR: "come to so far",
    Purpose.PAID_SO_FAR: "paid so far",
    Purpose.NOT_TAKEN_BACK: "not taken back yet",
    Purpose.LEFT_AFTER_PERSONS: "left after the limit for each person",
    Purpose.CUT_FOR_PERSONS: "cut for each person, as rounded",
    Purpose.LEFT_TO_PAY: "left to pay",
}


def meaning_said(meaning: Meaning | None) -> str:
    """What a step is for, in words; '' where it says nothing."""
    match meaning:
        case None:
            return ""
        case Purpose():
            return _SAID[meaning]
        case AmountOf(clause):
            return clause
        case WholeUnits(block):
            return f"{block}, whole units"
        case QuartersBegun(block, begun, of):
            return f"{block}, {begun} of {of} quarters"
        case CountedTo(name, last):
            return f"{name} to {long(last)}"
        case AllBands(metric):
            return f"{metric}, all bands"
        case ChosenBy(name):
            return f"by {name}"
        case CarriedBy(cap):
            return f"carried forward by {cap}"
        case _:
            assert_never(meaning)


def taken_said(taken: TakenOf) -> tuple[str, str]:
    """What a limit for each person takes, as the metric and the band of its unknown read."""
    return f"cut by {taken.cap}", f"{taken.row} {taken.payment}, line {taken.line}"


def tier_said(tier: TierName | None) -> str:
    """`first 20`, `next 1,000`, `further`; '' where there are no tiers."""
    if tier is None:
        return ""
    if tier.many is not None:
        return f"{tier.place} {many_units(tier.many, '')}"
    return tier.place if tier.units is None else f"{tier.place} {tier.units:,}"


def share_said(part: SharePart | None, currency: str) -> str:
    """Which part of a line a payer bears: `30%`, `£500.00`, `the rest`; '' where nobody shares it."""
    match part:
        case None:
            return ""
        case PercentPart(share):
            return money.percent(share)
        case AmountPart(amount):
            return money.show(amount, currency)
        case RestPart():
            return "the rest"
        case _:
            assert_never(part)

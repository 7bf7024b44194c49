"""Where the steps and the lines of a price graph come from, as data.

Whoever explains an amount, writes its formula or proves something of it reads this, and matches no words: a step says what
it is for (`Meaning`), a line by what it came about (`Provenance`), with the numbers of the steps that show it. How a meaning
reads on a screen is said in `step_words`.
"""

from __future__ import annotations

from datetime import date
from enum import Enum, auto
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from sibdsl.dates import Period
from sibdsl.model.nodes import (
    Advance,
    Amount,
    BlockAdvance,
    Cap,
    CapRow,
    Deduction,
    Payment,
    SharedCap,
    SharedRow,
    TakenBack,
    Term,
    Tier,
    Variation,
)

if TYPE_CHECKING:
    from sibdsl.price.graph import Key, Line

# ------------------------------------------------------------------ what a step is for


class Purpose(Enum):
    """What a step is for, where the clause that it serves adds nothing to it."""

    # Limits: the room that is left, what it lets through, and what is cut.
    ROOM = auto()
    OUTSTANDING = auto()
    INTEREST_OWED = auto()
    INTEREST_MET = auto()
    OWED = auto()
    DUE_BEFORE_LIMIT = auto()
    PAYABLE = auto()
    CUT = auto()
    DUE_TO_DATE = auto()
    BEYOND_LIMIT = auto()
    CUT_TO_DATE = auto()
    LIMIT_IS_SHARE_OF = auto()
    PART_OF_CUT = auto()
    CUT_IN_TURN = auto()
    STILL_TO_CUT = auto()
    CUT_OF_ALL_AGES = auto()
    # Block advances: what they meet of fees.
    FEES_SO_FAR = auto()
    DUE_NOW = auto()
    MET_SO_FAR = auto()
    MET_NOW = auto()
    MET_OF_QUARTERS = auto()
    QUARTERS_LEFT = auto()
    PART_MET = auto()
    UNUSED_OF_BLOCK = auto()
    # Sums to date, tiers and bounds.
    PAID_TO_DATE = auto()
    MORE_THAN_BEFORE = auto()
    LEAST = auto()
    NOT_BELOW_LEAST = auto()
    MOST = auto()
    NOT_ABOVE_MOST = auto()
    EARLIER_TIERS = auto()
    BEYOND_EARLIER_TIERS = auto()
    UNITS_OF_TIER = auto()
    UNITS_IN_TIER = auto()
    # Deductions.
    DUE_BEFORE_DEDUCTION = auto()
    DEDUCTED = auto()
    PART_OF_DEDUCTION = auto()
    # Conditions of payment.
    LESS_THE_LIMIT = auto()
    CONDITION = auto()
    # What stands for a blank.
    FIRST_GIVEN = auto()
    # What is held back until a condition is met.
    HELD_BACK = auto()
    RELEASED = auto()
    HELD_SO_FAR = auto()
    # Payers who share a line.
    SHARE = auto()
    SHARE_OF_LINE = auto()
    AMOUNT_OF_LINE = auto()
    LINE_SO_FAR = auto()
    LEFT_OF_LINE = auto()
    # Statements that are rounded once.
    PART_OF_STATEMENT = auto()
    PART_OF_PERIOD = auto()
    # Amounts below nought, and what is left of a line.
    ABOVE_NOUGHT = auto()
    BELOW_NOUGHT = auto()
    NOT_BELOW_NOUGHT = auto()
    IN_STATEMENT = auto()
    TAKEN_BACK = auto()
    LOST_IN_PART = auto()
    OWED_BACK = auto()
    COME_TO_SO_FAR = auto()
    PAID_SO_FAR = auto()
    NOT_TAKEN_BACK = auto()
    LEFT_AFTER_PERSONS = auto()
    CUT_FOR_PERSONS = auto()
    LEFT_TO_PAY = auto()


@frozen
class AmountOf:
    """The fixed amount that a clause names: of a regular sum, a block advance or a limit."""

    clause: str


@frozen
class WholeUnits:
    """What of a block advance comes to whole units."""

    block: str


@frozen
class QuartersBegun:
    """The equal parts of a block advance for the quarters that have begun."""

    block: str
    begun: int
    of: int


@frozen
class CountedTo:
    """A metric, or a step of workings, over days that run to `last`."""

    name: str
    last: date


@frozen
class AllBands:
    """A metric in all its bands."""

    metric: str


@frozen
class ChosenBy:
    """A choice by the value of a metric or of a step of workings."""

    name: str


@frozen
class CarriedBy:
    """All that a cap carries forward under one line."""

    cap: str


Meaning = Purpose | AmountOf | WholeUnits | QuartersBegun | CountedTo | AllBands | ChosenBy | CarriedBy


@frozen
class TierName:
    """Which tier of a tariff a line pays: its first units, so many next ones, or all further ones."""

    place: Literal["first", "next", "further"]
    units: int | None
    many: Amount | None = None


# ------------------------------------------------------------------ which part of a line a payer bears


@frozen
class PercentPart:
    """So much of the whole; by the largest remainder where it is rounded by itself."""

    part: Fraction


@frozen
class AmountPart:
    """So much of what the row comes to in the statement period, as far as it goes."""

    amount: Fraction


@frozen
class RestPart:
    """What the others leave."""


SharePart = PercentPart | AmountPart | RestPart


# ------------------------------------------------------------------ what is taken of lines that fall due together


@frozen(eq=False)
class Taking:
    """What is taken at once of lines that fall due together; all of them hold the same one.

    `whole` is the step of all that is taken, `due` the steps of what there was to take from, line by line. `in_turn`: the
    last clause first (of what was carried forward, of one clause the latest first), in place of all of them pro rata.
    """

    whole: int
    due: tuple[int, ...]
    in_turn: bool = False


@frozen(eq=False)
class ShareTaken:
    """What a limit is a share of (a step), and which part of that it comes to."""

    of: int
    part: Fraction


@frozen(eq=False)
class CapRoom:
    """A limit over one of its times as it stands when it cuts. Steps: the most that it allows, and what had used it.

    `used` is what was paid under it before and what comes first on the day. Of a limit that stands alone it is all that came
    due before, of which `cut_before` was cut.
    """

    cap: Cap | SharedCap
    row: CapRow | SharedRow
    days: Period
    most: int
    used: tuple[int, ...]
    cut_before: int | None = None
    share: ShareTaken | None = None
    #: Of a limit that contracts share: what was paid of it before under each of them, as steps to be added.
    used_by: tuple[tuple[str, tuple[int, ...]], ...] = ()


@frozen(eq=False)
class BlockUse:
    """A block advance as it stands when it meets fees.

    Steps: what is paid of it, what of that can meet fees, the fees so far, and what it had met before.
    """

    block: BlockAdvance
    advance: Advance
    amount: int
    usable: int
    fees: int
    before: tuple[int, ...]


# ------------------------------------------------------------------ by what a line came about


@frozen(eq=False)
class EarnedBy:
    """A line that a row of a payment earns (`tier` of its tiers).

    `came_to` is the step of what it came to before it was held to nought, where it was.
    """

    payment: Payment
    term: Term
    tier: Tier | None = None
    came_to: int | None = None


@frozen(eq=False)
class PaidInAdvance:
    """What a block advance pays on its day."""

    block: BlockAdvance
    advance: Advance


@frozen(eq=False)
class Recovered:
    """What a block advance met no fees with, owed back at the end of its time."""

    block: BlockAdvance
    advance: Advance


@frozen(eq=False)
class BlockMet:
    """What a block advance meets of a line: the part at `index` of all that it meets at once."""

    use: BlockUse
    taking: Taking
    index: int


@frozen(eq=False)
class CapCut:
    """What a limit cuts of a line: the part at `index` of all that it cuts at once."""

    room: CapRoom
    taking: Taking
    index: int


@frozen(eq=False)
class Deducted:
    """What a deduction takes of a line: the part at `index` of all that it takes at once. Steps: what was due, and what is taken of it."""

    deduction: Deduction
    of: int
    taking: Taking
    index: int


@frozen(eq=False)
class WithheldForPersons:
    """What a limit for each person takes of a line; `most` is what each may earn in `days`, `key` the unknown that it takes."""

    cap: Cap
    row: CapRow
    days: Period
    most: Fraction
    key: Key


@frozen(eq=False)
class Carried:
    """What a limit cut in an earlier time, due again in its next: all those cuts."""

    cap: Cap | SharedCap
    row: CapRow | SharedRow
    cuts: tuple[CapCut, ...]


@frozen(eq=False)
class TakenOver:
    """What a limit cut, owed by another party."""

    cut: CapCut


@frozen(eq=False)
class Released:
    """What was held back of a payment, paid at last: the lines that it was due on, each with its step."""

    payment: Payment
    lines: tuple[tuple[Line, int], ...]


@frozen(eq=False)
class HeldFromNought:
    """What is taken off a line for what others of its payment came to below nought."""

    payment: Payment
    way: TakenBack


@frozen(eq=False)
class OwedBack:
    """What a payment came to below nought, owed back."""

    payment: Payment
    way: TakenBack


@frozen(eq=False)
class Adjusted:
    """What a variation makes of what had been stated."""

    variation: Variation


@frozen(eq=False)
class KnownLater:
    """What changed what had been stated: records that became known, changed or were withdrawn, and variations agreed since."""

    variations: tuple[Variation, ...] = ()
    records: bool = True

    @property
    def alone(self) -> bool:
        """Whether one variation alone changed it."""
        return not self.records and len(self.variations) == 1

    def and_(self, other: KnownLater) -> KnownLater:
        """What changed it by one or the other."""
        return KnownLater(
            tuple(dict.fromkeys((*self.variations, *other.variations))), records=self.records or other.records
        )


@frozen(eq=False)
class InterestOnWhatComesBack:
    """The interest on what later records take back of a payment."""

    payment: Payment


Provenance = (
    EarnedBy
    | PaidInAdvance
    | Recovered
    | BlockMet
    | CapCut
    | Deducted
    | WithheldForPersons
    | Carried
    | TakenOver
    | Released
    | HeldFromNought
    | OwedBack
    | Adjusted
    | KnownLater
    | InterestOnWhatComesBack
)

"""The price graph: a contract's arithmetic unrolled over its periods, with the quantities as unknowns.

A graph is a list of steps, each of which uses only earlier ones. Amounts are exact, in units of the currency. Every
interpreter of prices (exact evaluation, proofs, formulas) walks these same steps; none states a rule of its own.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal, assert_never

from attrs import define, field, frozen

from sibdsl.dates import Period
from sibdsl.model.periods import Segment
from sibdsl.model.types import Interval
from sibdsl.money import Way
from sibdsl.price.provenance import Meaning, Provenance, SharePart, TierName
from sibdsl.source import NOWHERE, Span


@frozen
class TakenOf:
    """By which row of which cap money is taken for the sake of each person, and of which line: a payment's, by its number."""

    cap: str
    row: int
    payment: str
    line: int


@frozen(order=True)
class Key:
    """What one unknown counts: a metric (in a band; '' where it has none) in a segment.

    `contract` tells the contracts of a programme apart; '' outside one.
    """

    segment: Segment
    metric: str
    band: str
    contract: str = ""
    #: Of money that a limit for each person takes, which no metric counts: of what. `metric` and `band` then say so in words.
    taken_of: TakenOf | None = field(default=None, order=False)

    @property
    def withheld(self) -> bool:
        """Whether it is money that a limit for each person takes, not what a metric counts."""
        return self.taken_of is not None


@frozen
class VerifiedQuantity:
    """A verified volume."""

    key: Key

    inputs: tuple[int, ...] = ()


@frozen
class Constant:
    """A fixed amount."""

    value: Fraction
    meaning: Meaning | None = None

    inputs: tuple[int, ...] = ()


@frozen
class Sum:
    """The inputs added, each times its sign (1 or -1)."""

    inputs: tuple[int, ...]
    signs: tuple[int, ...]
    meaning: Meaning | None = None


@frozen
class Scale:
    """The input times a fixed factor: a rate times a quantity."""

    inputs: tuple[int, ...]
    factor: Fraction


@frozen
class Least:
    """The least of the inputs."""

    inputs: tuple[int, ...]
    meaning: Meaning | None = None


@frozen
class Greatest:
    """The greatest of the inputs."""

    inputs: tuple[int, ...]
    meaning: Meaning | None = None


@frozen
class Round:
    """The input rounded to whole `grain`s."""

    inputs: tuple[int, ...]
    grain: Fraction
    way: Way


@frozen
class SplitPart:
    """One part of the first input, split pro rata to the others by the largest remainder; `index` says whose part.

    `by` is what the others are: amounts due, none of which its part exceeds; fixed shares; amounts that are rounded
    together, from which its part differs by less than two grains; or the amounts of the parts of a period, of which the
    whole was rounded so, from which it differs by less than three.
    """

    inputs: tuple[int, ...]
    index: int
    grain: Fraction
    meaning: Meaning | None = None
    by: Literal["due", "shares", "rounded", "parts"] = "due"


@frozen
class Withheld:
    """What a limit for each person takes of the input: known from records alone, from nought to the whole of it.

    Where nobody says who earned what, it is nought. Source: language reference, 'A limit for each person'.
    """

    inputs: tuple[int, ...]
    key: Key


@frozen
class Choose:
    """The branch of the range that holds the first input; `ranges` hold every value once, a branch for each."""

    inputs: tuple[int, ...]
    ranges: tuple[Interval, ...]
    meaning: Meaning | None = None


@frozen
class Known:
    """The first input where all of these quantities were measured; the second where one of them is blank."""

    inputs: tuple[int, ...]
    keys: tuple[Key, ...]
    meaning: Meaning | None = None


Step = (
    VerifiedQuantity
    | Constant
    | Sum
    | Scale
    | Least
    | Greatest
    | Round
    | SplitPart
    | Choose
    | Known
    | Withheld
)


def meaning_of(step: Step) -> Meaning | None:
    """What a step is for, where it says so."""
    match step:
        case Constant() | Sum() | Least() | Greatest() | SplitPart() | Choose() | Known():
            return step.meaning
        case VerifiedQuantity() | Scale() | Round() | Withheld():
            return None
        case _:
            assert_never(step)


LineKind = Literal[
    "payment", "released", "carried", "taken_over", "taken_back", "repaid", "advance", "recovered", "set_off", "cap_cut", "deducted", "adjustment",
    "interest",
]  # fmt: skip


@frozen
class Line:
    """One line of money. `amount` and `quantity` are numbers of steps; `clause` and `span` are what pays or cuts it.

    `segment` is when it was earned (for an advance, the segment that holds its date, `due`).
    `rule` names the block that the amount comes from: the payment, the block advance, or the cap. `metrics` are those
    that it is worked out from, one of which is `metric` where there is only one. `due` is the day of a sum that falls due on a day;
    `agent` pays in cash what the payer owes. `tier` tells the tiers of one tariff apart. Of a line that several payers
    share, `whole` is the step of all of it and `share` says which part of it this is.
    """

    kind: LineKind
    segment: Segment
    payer: str
    payee: str
    clause: str
    payment: str
    metric: str
    band: str
    quantity: int | None
    rate: Fraction | None
    amount: int
    rule: str
    due: date | None = None
    agent: str = ""
    metrics: tuple[str, ...] = ()
    tier: TierName | None = None
    contract: str = ""
    share: SharePart | None = None
    whole: int | None = None
    #: The cap whose excess it is, of what is carried forward or owed by another, and of what is taken of that.
    origin: str = ""
    #: Of what is carried forward, and what is taken of that: the segment in which it was first due.
    result: Segment | None = None
    span: Span = field(default=NOWHERE, eq=False, repr=False)
    #: By what it came about. It takes no part in whether two lines are the same.
    provenance: Provenance = field(eq=False, repr=False, kw_only=True)

    @property
    def earned_in(self) -> Segment:
        """The segment of the result that earned it, though it may be carried to a later one."""
        return self.segment if self.result is None else self.result

    @property
    def stated_on(self) -> date:
        """The day on which it is stated: the day on which it falls due, or the last of its statement period."""
        return self.due if self.due is not None else self.segment.statement.last


@frozen
class Kept:
    """What is kept of a payment: what it came to below nought and has not been taken from later payments yet, or is held back.

    `amount` is its step.
    """

    contract: str
    payment: str
    payer: str
    payee: str
    amount: int


@define
class Graph:
    """Steps and lines of one contract under one set of settings."""

    steps: list[Step] = field(factory=list)
    lines: list[Line] = field(factory=list)
    segments: tuple[Segment, ...] = ()
    grain: Fraction = Fraction(1, 100)
    #: The metrics whose quantities may be any number; those of others are from nought.
    free: set[str] = field(factory=set)
    #: By contract, payment, payer and payee, what is kept of payments `taken back from later payments`.
    kept: dict[tuple[str, str, str, str], Kept] = field(factory=dict)
    #: By contract, payment, payer and payee, what is held back at the end of each statement period.
    held: dict[tuple[str, str, str, str], dict[Period, Kept]] = field(factory=dict)
    _known: dict[Step, int] = field(factory=dict, repr=False)

    def add(self, step: Step) -> int:
        """The number of the step, which is made once however often it is asked for."""
        found = self._known.get(step)
        if found is None:
            found = len(self.steps)
            self.steps.append(step)
            self._known[step] = found
        return found

    def constant(self, value: Fraction, meaning: Meaning | None = None) -> int:
        return self.add(Constant(value, meaning))

    def total(self, inputs: list[int], meaning: Meaning | None = None) -> int:
        """The sum of steps; a single one is itself, none is nought."""
        if len(inputs) == 1:
            return inputs[0]
        return (
            self.add(Sum(tuple(inputs), (1,) * len(inputs), meaning))
            if inputs
            else self.constant(Fraction(0))
        )

    def less(self, whole: int, parts: list[int], meaning: Meaning | None = None) -> int:
        """A step less others."""
        return self.add(Sum((whole, *parts), (1, *(-1 for _ in parts)), meaning)) if parts else whole

    def add_negative(self, number: int) -> int:
        """A step taken away: its amount with the sign turned."""
        return self.add(Scale((number,), Fraction(-1)))

    def keys(self) -> tuple[Key, ...]:
        """Every unknown of the graph, in order."""
        return tuple(step.key for step in self.steps if isinstance(step, VerifiedQuantity))

    def behind(self, number: int) -> list[int]:
        """The steps that the given one is made from, itself included, each before those that use it."""
        seen: set[int] = set()
        stack = [number]
        while stack:
            at = stack.pop()
            if at not in seen:
                seen.add(at)
                stack.extend(self.steps[at].inputs)
        return sorted(seen)

"""Rules on every one of many quantities, worked out column by column, and verdicts held against that.

Written from the language reference: what a rule's payments are, when it is tested, and which quantities are admissible. Of
the product only the price graph is used, whose amounts are held against the slow reference pricer elsewhere. A column is
one figure for each point, in whole parts of the currency's unit, so that nothing is ever rounded on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise, product
from math import lcm
from random import Random

from attrs import field, frozen

from sibdsl.check.rules.budget import Purse
from sibdsl.check.rules.inequality import Inequality
from sibdsl.check.rules.judge import Judge
from sibdsl.check.rules.verdict import Occasion, Verdict
from sibdsl.check.rules.within import ContractsTogether
from sibdsl.compile import CompiledProgramme, compile_source
from sibdsl.dates import Period
from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Condition, Contract, Programme, Rule, Selection
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import programme_settings
from sibdsl.model.periods import Segment, segments, selection_cuts, statements
from sibdsl.price import Graph, Key, Line, build, build_all, shared_cuts
from sibdsl.price.graph import Constant, Greatest, Least, Round, Scale, SplitPart, Step, Sum, VerifiedQuantity
from sibdsl.source import Source
from tests.check.rules.small import Small

Column = list[int]
Point = dict[Key, int]

#: How many points are tried at most, and what single quantities go up to.
MOST_POINTS = 2_500
TOP = 6
#: On so many points the columns are held against the exact executor.
EXACTLY = 8
HALF = 0.5
#: Units of the prover's work for one rule of a programme.
WORK = 10_000_000


# ------------------------------------------------------------------ which quantities are tried


def box(keys: Sequence[Key], random: Random) -> list[tuple[int, ...]]:
    """All quantities up to some number; all with one or two that are not nought, up to a greater; and others."""
    top = TOP
    while top > 1 and (top + 1) ** len(keys) > MOST_POINTS:
        top -= 1
    found: dict[tuple[int, ...], None] = {}
    if (top + 1) ** len(keys) <= MOST_POINTS:
        found = dict.fromkeys(product(range(top + 1), repeat=len(keys)))
    if top < TOP:
        found[(0,) * len(keys)] = None
        for places in combinations(range(len(keys)), 1):
            found |= dict.fromkeys(_only(places, numbers, len(keys)) for numbers in product(range(1, 13)))
        pairs = list(combinations(range(len(keys)), 2))
        random.shuffle(pairs)
        for pair in pairs[:40]:
            numbers = product(range(1, TOP + 1), repeat=2)
            found |= dict.fromkeys(_only(pair, one, len(keys)) for one in numbers)
        for _ in range(MOST_POINTS // 3):
            most = random.choice((1, 2, 4, 9))
            found[tuple(random.randint(0, most) * (random.random() < 0.7) for _ in keys)] = None
    return list(found)


def wide(keys: Sequence[Key], random: Random) -> list[tuple[int, ...]]:
    """Other quantities, up to some hundreds, of which a part is nought."""
    found = []
    for _ in range(2 * MOST_POINTS):
        top, share = random.choice((3, 10, 30, 100, 400)), random.choice((0.15, 0.3, 0.6, 1.0))
        found.append(tuple(random.randint(0, top) * (random.random() < share) for _ in keys))
    return found


def _only(places: tuple[int, ...], numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    one = [0] * length
    for place, number in zip(places, numbers, strict=True):
        one[place] = number
    return tuple(one)


def added(columns: Iterable[Column], length: int) -> Column:
    return [sum(row) for row in zip([0] * length, *columns, strict=True)]


@frozen
class Points:
    """Quantities that are admissible, in columns by key."""

    columns: Mapping[Key, Column]
    length: int

    def point(self, at: int) -> Point:
        return {key: column[at] for key, column in self.columns.items() if column[at]}


def admissible(small: Small, segments: Sequence[Segment], point: Mapping[Key, int]) -> bool:
    """Whether some records could produce the quantities.

    To date, at the end of every segment, no metric has more than the metric that it needs; each lies where a result can be
    dated; there are no more than the cohort's size allows; and only sums that may be are below nought.
    """
    for fewer, more in small.needs:
        ahead = 0
        for segment in segments:
            for key, number in point.items():
                if key.segment == segment:
                    ahead += number * ((key.metric == more) - (key.metric == fewer))
            if ahead < 0:
                return False
    for name, first, last in small.days:
        for key, number in point.items():
            days = key.segment.days
            if key.metric == name and number and (days.end <= first or days.start > last):
                return False
    for name, band, most in small.most:
        if (
            sum(number for key, number in point.items() if key.metric == name and band in ("", key.band))
            > most
        ):
            return False
    return all(number >= 0 or key.metric in small.below for key, number in point.items())


# ------------------------------------------------------------------ what is paid


@frozen
class Sheet:
    """Every step of a graph in columns; amounts are in `unit`s to the currency's unit. `own` are the contracts of the rules."""

    graph: Graph
    points: Points
    unit: int
    own: Mapping[str, Contract]
    columns: list[Column] = field(factory=list)


def priced(graph: Graph, points: Points, own: Mapping[str, Contract]) -> Sheet:
    unit = lcm(graph.grain.denominator, *(_parts(step) for step in graph.steps))
    sheet = Sheet(graph, points, unit, own)
    for step in graph.steps:
        sheet.columns.append(_column(sheet, step))
    return sheet


def _parts(step: Step) -> int:
    match step:
        case Constant(value) | Scale(factor=value) | Round(grain=value) | SplitPart(grain=value):
            return value.denominator
    return 1


def _column(sheet: Sheet, step: Step) -> Column:
    inputs = [sheet.columns[one] for one in step.inputs]
    match step:
        case VerifiedQuantity(key):
            return [number * sheet.unit for number in sheet.points.columns[key]]
        case Constant(value):
            return [int(value * sheet.unit)] * sheet.points.length
        case Sum(signs=signs):
            return [
                sum(sign * one for sign, one in zip(signs, row, strict=True))
                for row in zip(*inputs, strict=True)
            ]
        case Scale(factor=factor):
            return [one * factor.numerator // factor.denominator for one in inputs[0]]
        case Least():
            return [min(row) for row in zip(*inputs, strict=True)]
        case Greatest():
            return [max(row) for row in zip(*inputs, strict=True)]
        case Round(grain=grain, way=way):
            size = int(grain * sheet.unit)
            return [_grains(one, size, way) * size for one in inputs[0]]
        case SplitPart(index=index, grain=grain):
            size = int(grain * sheet.unit)
            return [_shares(row[0], row[1:], size)[index] for row in zip(*inputs, strict=True)]
    raise TypeError(type(step).__name__)  # none of the small contracts has it


def _grains(amount: int, size: int, way: str) -> int:
    if amount < 0:
        return -_grains(-amount, size, way)
    below, over = divmod(amount, size)
    if over == 0 or way == "down":
        return below
    if way == "up" or 2 * over > size:
        return below + 1
    if 2 * over < size:
        return below
    return below + 1 if way == "half up" else below + below % 2


def _shares(whole: int, weights: tuple[int, ...], size: int) -> list[int]:
    """By the largest remainder; ties to the first."""
    if not whole:
        return [0 for _ in weights]
    base = sum(weights)
    parts = [whole * one // (base * size) for one in weights]
    rest = [whole * one % (base * size) for one in weights]
    for place in sorted(range(len(weights)), key=lambda one: -rest[one])[: whole // size - sum(parts)]:
        parts[place] += 1
    return [part * size for part in parts]


# ------------------------------------------------------------------ rules


@frozen
class Ratio:
    """A column of numbers over one number."""

    column: Column
    over: int


def lines(sheet: Sheet, chosen: Selection, days: Period) -> list[Line]:
    """The lines that a side of a rule speaks of, in those days."""
    found = []
    for line in sheet.graph.lines:
        if line.contract not in sheet.own:
            continue
        kinds = {one.name: one.kind for one in sheet.own[line.contract].metrics}
        advance = line.kind == "advance"
        unearned = chosen.kind == "unearned block" and (advance or line.kind == "set_off")
        names = (line.payment, line.rule) if advance or chosen.kind == "all" else (line.rule,)
        metric, kind = ("", "") if unearned else (line.metric, kinds.get(line.metric, ""))
        payer, payee = (line.payee, line.payer) if _repaid(line) else (line.payer, line.payee)
        tests = (
            not chosen.contracts or line.contract in chosen.contracts,
            days.start <= line.segment.days.start and line.segment.days.end <= days.end,
            chosen.kind == "all" or advance or unearned,
            not chosen.payers or payer in chosen.payers,
            not chosen.payees or payee in chosen.payees,
            not chosen.by_results or bool(line.metric),
            not chosen.metrics or metric in chosen.metrics,
            not chosen.metric_kinds or kind in chosen.metric_kinds,
            not chosen.payments or any(name in chosen.payments for name in names),
            chosen.earned_to is None or line.segment.days.last <= _day(chosen.earned_to),
            chosen.earned_from is None or line.segment.days.start >= _day(chosen.earned_from),
        )
        if all(tests):
            found.append(line)
    return found


def _repaid(line: Line) -> bool:
    """Whether it is what is owed back of a payment, from payee to payer: among its payments, and taken off them."""
    return str(line.kind) == "repaid"


def _signed(line: Line, column: Column) -> Column:
    return [-one for one in column] if _repaid(line) else column


def _day(amount: Amount) -> date:
    assert isinstance(amount, nodes.Value)
    assert isinstance(amount.value, date)
    return amount.value


def side(sheet: Sheet, amount: Amount, days: Period) -> Ratio:
    """What one side of a rule comes to at every point."""
    length = sheet.points.length
    match amount:
        case nodes.Paid(selection):
            chosen = lines(sheet, selection, days)
            columns = [_signed(one, sheet.columns[one.amount]) for one in chosen]
            return Ratio(added(columns, length), sheet.unit)
        case nodes.MetricTotal(metric, band):
            counted = [
                column
                for key, column in sheet.points.columns.items()
                if key.contract in sheet.own
                and key.metric == metric
                and band in ("", key.band)
                and days.start <= key.segment.days.start
                and key.segment.days.end <= days.end
            ]
            return Ratio(added(counted, length), 1)
        case nodes.Value(value):
            assert isinstance(value, Fraction)
            return Ratio([value.numerator] * length, value.denominator)
        case nodes.Arithmetic(op, first, second):
            a, b = side(sheet, first, days), side(sheet, second, days)
            pairs = list(zip(a.column, b.column, strict=True))
            if op == "times":
                return Ratio([one * other for one, other in pairs], a.over * b.over)
            sign = {"plus": 1, "minus": -1}[op]
            return Ratio([one * b.over + sign * other * a.over for one, other in pairs], a.over * b.over)
    raise TypeError(type(amount).__name__)


def met(sheet: Sheet, condition: Condition, days: Period) -> list[bool]:
    """At which points the condition is met in those days."""
    match condition:
        case nodes.Compare(left, op, right):
            a, b = side(sheet, left, days), side(sheet, right, days)
            gaps = [one * b.over - other * a.over for one, other in zip(a.column, b.column, strict=True)]
            tests = {"=": (0,), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}[op]
            return [(gap > 0) - (gap < 0) in tests for gap in gaps]
        case nodes.Not(test):
            return [not one for one in met(sheet, test, days)]
        case nodes.Both(parts):
            return [all(row) for row in zip(*(met(sheet, one, days) for one in parts), strict=True)]
        case nodes.Either(parts):
            return [any(row) for row in zip(*(met(sheet, one, days) for one in parts), strict=True)]
    raise TypeError(type(condition).__name__)


def tested(contract: Contract, rule: Rule) -> list[Period]:
    """The days of each test of a rule."""
    whole, claims = contract.payment_period, statements(contract)
    if rule.tested == "in each claim":
        return list(claims)
    if rule.tested == "to date in each claim":
        return [Period(whole.start, one.end) for one in claims]
    if rule.tested == "in each year":
        years: dict[int, list[Period]] = {}
        for one in claims:
            years.setdefault(
                one.start.year - ((one.start.month, one.start.day) < contract.years_begin), []
            ).append(one)
        return [Period(each[0].start, each[-1].end) for each in years.values()]
    return [whole if rule.days is None else rule.days]


def tested_together(programme: Programme, rule: Rule) -> list[Period]:
    """The days of each test of a programme's own rule."""
    whole = Period(
        min(one.payment_period.start for one in programme.members),
        max(one.payment_period.end for one in programme.members),
    )
    if rule.tested != "in each year":
        return [whole if rule.days is None else rule.days]
    ends = [date(year, *programme.years_begin) for year in range(whole.start.year, whole.end.year + 1)]
    days = [whole.start, *(end for end in ends if whole.start < end < whole.end), whole.end]
    return [Period(start, end) for start, end in pairwise(days)]


def told_apart(rule: Rule) -> frozenset[date]:
    """The days at which a rule tells earlier results from later ones."""
    found: set[date] = set()
    stack: list[object] = [rule.requires]
    while stack:
        one = stack.pop()
        if isinstance(one, nodes.Paid):
            found |= selection_cuts(one.selection)
        elif isinstance(one, nodes.Compare | nodes.Arithmetic):
            stack += [one.left, one.right]
        elif isinstance(one, nodes.Both | nodes.Either):
            stack += one.tests
        elif isinstance(one, nodes.Not):
            stack.append(one.test)
    return frozenset(found)


# ------------------------------------------------------------------ verdicts held against it


@frozen
class Trial:
    """What was decided of one contract's rules, and all that is wrong with it."""

    wrong: list[str] = field(factory=list)
    counts: Counter[str] = field(factory=Counter)

    def check(self, right: bool, said: str) -> None:
        if not right:
            self.wrong.append(said)


@frozen
class Member:
    """One of the contracts that are paid together, with its segments, and how its quantities are told from those of others."""

    small: Small
    contract: Contract
    segments: Sequence[Segment]
    key: str = ""


@frozen
class Ground:
    """What rules of the contracts `own` are tried on: the box, and a wider sheet for what does not show in it."""

    members: Sequence[Member]
    own: Sequence[Member]
    judge: Judge
    graph: Graph
    random: Random
    #: Whether quantities that meet a rule are sought: among those of several contracts they may lie too far off.
    reaches: bool = True

    def sheet(self, way: Callable[[Sequence[Key], Random], list[tuple[int, ...]]]) -> Sheet:
        keys = [
            Key(segment, metric.name, band, member.key)
            for member in self.members
            for segment in member.segments
            for metric in member.contract.metrics
            for band in _bands(member.contract, metric)
        ]
        rows = [
            row
            for row in self._turned(keys, way(keys, self.random))
            if self.admits(dict(zip(keys, row, strict=True)))
        ]
        columns = {key: [row[place] for row in rows] for place, key in enumerate(keys)}
        return priced(self.graph, Points(columns, len(rows)), {one.key: one.contract for one in self.own})

    def admits(self, point: Mapping[Key, int]) -> bool:
        """Whether some records of each contract could produce its quantities."""
        return all(
            admissible(
                one.small, one.segments, {key: each for key, each in point.items() if key.contract == one.key}
            )
            for one in self.members
        )

    def _turned(self, keys: Sequence[Key], rows: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """The rows, with half of what may be below nought turned there."""
        below_of = {one.key: one.small.below for one in self.members}
        below = [key.metric in below_of[key.contract] for key in keys]
        if not any(below):
            return rows
        return [
            tuple(
                -one if at and self.random.random() < HALF else one
                for at, one in zip(below, row, strict=True)
            )
            for row in rows
        ]

    @cached_property
    def near(self) -> Sheet:
        return self.sheet(box)

    @cached_property
    def far(self) -> Sheet:
        return self.sheet(wide)


def try_out(small: Small) -> Trial:
    """Every rule of a contract decided, and held against brute force."""
    trial = Trial()
    contract = compile_source(Source(f"small {small.number}", small.text)).contract
    settings = as_written(contract)
    judge = Judge(contract, settings)
    grounds: dict[frozenset[date], Ground] = {}
    for rule in contract.rules:
        cuts = told_apart(rule)
        if cuts not in grounds:
            graph = build(contract, settings, cuts)
            own = Member(small, contract, graph.segments)
            grounds[cuts] = Ground((own,), (own,), judge, graph, Random(small.number))
        verdict = judge.decide(rule)
        trial.counts[verdict.says] += 1
        _rule(trial, grounds[cuts], rule, verdict, tested(contract, rule))
    return trial


def try_out_together(smalls: Mapping[str, Small], whole: CompiledProgramme) -> Trial:
    """Every rule of a programme and of its contracts decided, and held against brute force over all their quantities."""
    trial = Trial()
    settings = programme_settings(whole.programme, ())
    terms = {one.name: one for one in whole.programme.members}
    together = ContractsTogether(whole.programme, terms, settings)
    shared = shared_cuts(whole.programme, terms, settings.own)
    asked = [(rule, name) for name, contract in terms.items() for rule in contract.rules]
    for rule, name in [*asked, *((rule, None) for rule in whole.programme.rules)]:
        # So much work that none takes long; what is not decided within it is told so.
        judge = Judge.within(together, name, Purse(WORK))
        cuts = told_apart(rule)
        cut = terms if name is None else (name,)
        graph = build_all(whole.programme, terms, settings, dict.fromkeys(cut, cuts))
        members = [
            Member(smalls[one], each, segments(each, shared | (cuts if one in cut else frozenset())), one)
            for one, each in terms.items()
        ]
        own = [one for one in members if one.key in cut]
        verdict = judge.decide(rule)
        trial.counts[verdict.says] += 1
        trial.counts["of the programme"] += name is None
        ground = Ground(members, own, judge, graph, Random(own[0].small.number), reaches=False)
        days = tested_together(whole.programme, rule) if name is None else tested(terms[name], rule)
        _rule(trial, ground, rule, verdict, days)
    return trial


def _bands(contract: Contract, metric: nodes.Metric) -> tuple[str, ...]:
    return tuple(each.name for one in contract.bands if one.name == metric.bands for each in one.bands) or (
        "",
    )


def _rule(trial: Trial, ground: Ground, rule: Rule, verdict: Verdict, days: list[Period]) -> None:
    sheet, judge = ground.near, ground.judge
    if days != [one.horizon.days for one in verdict.occasions]:
        trial.wrong.append(f"{rule.name}: tested at {[one.horizon.said for one in verdict.occasions]}")
        return
    truths = [met(sheet, rule.requires, one) for one in days]
    for occasion, truth in zip(verdict.occasions, truths, strict=True):
        where = f"{rule.name} {occasion.horizon.said}, {occasion.says}"
        trial.counts[f"occasion {occasion.says}"] += 1
        for at in ground.random.sample(range(len(truth)), min(EXACTLY, len(truth))):
            exactly = judge.meets(rule, occasion.horizon.days, _exact(sheet.points.point(at)))
            trial.check(
                exactly is truth[at], f"{where}: executors differ at {_shown(sheet.points.point(at))}"
            )
        _occasion(trial, sheet, occasion, truth, where)
        if occasion.says == "holds when" and not occasion.alternatives:
            _met_somewhere(trial, ground, rule, occasion, truth, where)
        if occasion.counterexample is not None:
            _counterexample(trial, ground, rule, occasion, truth, where)
    throughout = [all(row) for row in zip(*truths, strict=True)]
    if verdict.says == "holds":
        trial.check(all(throughout), f"{rule.name} holds, but not everywhere")
    if verdict.says == "fails":
        trial.check(not any(throughout), f"{rule.name} fails, but can be met")
    if verdict.says in ("fails", "holds when"):
        trial.check(verdict.failing is not None, f"{rule.name} {verdict.says}: no counterexample")


def _occasion(trial: Trial, sheet: Sheet, occasion: Occasion, truth: list[bool], where: str) -> None:
    """What is said of one occasion is so at every point."""
    points = sheet.points
    says: list[bool | None] = [None] * points.length
    if occasion.says in ("holds", "fails"):
        says = [occasion.says == "holds"] * points.length
    elif occasion.alternatives:
        trial.counts["exact"] += 1
        ways = [[_room(one, points) for one in way] for way in occasion.alternatives]
        says = [any(all(room[at] >= 0 for room in way) for way in ways) for at in range(points.length)]
    elif occasion.says == "holds when":
        trial.counts["within bounds"] += 1
    wrong = [at for at in range(points.length) if says[at] not in (None, truth[at])]
    trial.check(not wrong, f"{where}: wrong at {len(wrong)} of {points.length}, as {_first(points, wrong)}")
    for at in [*range(0, points.length, 97), *wrong[:3]]:
        trial.check(
            occasion.met(_exact(points.point(at))) is says[at],
            f"{where}: it reads its own condition otherwise",
        )
    for bound in occasion.enough:
        wrong = [at for at, room in enumerate(_room(bound, points)) if room >= 0 and not truth[at]]
        trial.check(not wrong, f"{where}: not enough at {_first(points, wrong)}")
    for bound in occasion.needed:
        wrong = [at for at, room in enumerate(_room(bound, points)) if room < 0 and truth[at]]
        trial.check(not wrong, f"{where}: not needed at {_first(points, wrong)}")


def _room(bound: Inequality, points: Points) -> Column:
    """By how much the sum of the terms exceeds the bound."""
    columns = [
        [term.coefficient * number for number in column]
        for term in bound.terms
        for key, column in points.columns.items()
        if (key.contract, key.metric, key.band) == (term.contract, term.metric, term.band)
        and term.period.start <= key.segment.days.start
        and key.segment.days.end <= term.period.end
    ]
    return [total - bound.bound for total in added(columns, points.length)]


def _met_somewhere(
    trial: Trial, ground: Ground, rule: Rule, occasion: Occasion, truth: list[bool], where: str
) -> None:
    """Some admissible quantities meet the rule; that others do not, the counterexample shows."""
    seen = not ground.reaches or any(truth) or any(met(ground.far, rule.requires, occasion.horizon.days))
    trial.check(seen, f"{where}: met nowhere")


def _counterexample(
    trial: Trial, ground: Ground, rule: Rule, occasion: Occasion, truth: list[bool], where: str
) -> None:
    """It is admissible and breaks the rule; said to be the smallest, no point with fewer quantities or a smaller sum does."""
    found, points = occasion.counterexample or {}, ground.near.points
    whole = {key: int(number) for key, number in found.items()}
    counted = all(number == int(number) for key, number in found.items() if key.metric != "Saving")
    trial.check(counted and all(found.values()), f"{where}: {found} are not whole numbers")
    shown = _shown(whole)
    trial.check(ground.admits(whole), f"{where}: inadmissible {shown}")
    trial.check(set(whole) <= set(points.columns), f"{where}: {shown} counts what the contract does not")
    trial.check(
        not ground.judge.meets(rule, occasion.horizon.days, found), f"{where}: {shown} does not break it"
    )
    if not occasion.smallest:
        trial.counts["not the smallest"] += 1
        return
    size = _size(whole)
    smaller = [at for at in range(points.length) if not truth[at] and _size(points.point(at)) < size]
    trial.check(not smaller, f"{where}: {shown} is not the smallest, {_first(points, smaller)} is smaller")


def _size(point: Point) -> tuple[int, int]:
    return len(point), sum(abs(number) for number in point.values())


def _exact(point: Point) -> dict[Key, Fraction]:
    return {key: Fraction(number) for key, number in point.items()}


def _first(points: Points, places: list[int]) -> str:
    return _shown(points.point(places[0])) if places else "none"


def _shown(point: Point) -> str:
    return (
        ", ".join(
            f"{number} {key.contract} {key.metric} {key.band}".strip() + f" from {key.segment.days.start}"
            for key, number in point.items()
        )
        or "nothing at all"
    )

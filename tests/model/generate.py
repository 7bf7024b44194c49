"""Random valid contracts, each as a model and as the text that says it; and quantities to price them with.

    contracts() -> strategy of (text, contract)       the text translates to exactly that contract
    quantities(contract) -> strategy of dict[Key, Fraction]

Contracts vary in clocks (odd year starts, part years, run-off), calendars, rounding, bands, payers who follow one
another, rates, tiers, regular sums and sums to date with workings, limits within payments, days on which payments start
and end, paying agents, block advances in money and in units over every scope, and caps over every scope and choice of
payments, small enough to bind. All particulars that a payment needs have defaults, so `as_written(contract)` is enough to
price them; one without a default leaves out the payments that are paid only if it is given.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple, TypeVar

from attrs import evolve, field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from sibdsl.dates import Duration, Period, add_months, contract_year, period, year_start
from sibdsl.model import nodes
from sibdsl.model.admissible_quantities.below_nought import Signs
from sibdsl.model.nodes import Amount, Condition, Contract, Given, Scope, Selection, Value
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.types import Interval, Kind
from sibdsl.price import Key, build
from tests.model.generate_investing import investments
from tests.model.generate_naming import by_name
from tests.model.show import show

T = TypeVar("T")
PENNY = Fraction(1, 100)


class Made(NamedTuple):
    """A text and the contract that it says; shown as the text."""

    text: str
    contract: Contract

    def __repr__(self) -> str:
        return f"the contract\n{self.text}"


def contracts(*, years: int = 3, exact: bool = False) -> SearchStrategy[tuple[str, Contract]]:
    """Contracts of up to so many years, with their texts. `exact`: every rate is whole pennies, so nothing is rounded."""
    return _contracts(years, exact)


@st.composite
def quantities(draw: DrawFn, contract: Contract, *, most: int = 60) -> dict[Key, Fraction]:
    """How many of each metric (and band) in each segment that some payment reads, from 0 to `most`; absent ones are 0."""
    keys = build(contract, as_written(contract)).keys()
    if not keys:
        return {}
    way = draw(st.sampled_from(("few", "all", "random", "random")))
    if way == "few":
        counts = st.integers(0, most).map(Fraction)
        return draw(st.dictionaries(st.sampled_from(keys), counts, max_size=12))
    if way == "all":
        number = draw(st.integers(0, most))
        return dict.fromkeys(keys, Fraction(number))
    random, top = Random(draw(st.integers(0, 2**32))), draw(st.integers(1, most))
    return {key: Fraction(random.randint(0, top)) for key in keys if random.random() < 0.8}


# ------------------------------------------------------------------ the whole


@frozen
class Clocks:
    """When a contract runs."""

    service: Period
    paid: Period
    begin: tuple[int, int]

    def day(self, draw: DrawFn) -> date:
        """A day of the payment period, its ends and month ends more often than others."""
        whole = (self.paid.end - self.paid.start).days
        day = self.paid.start + timedelta(days=draw(st.integers(0, whole - 1)))
        turn = draw(st.sampled_from(("any", "any", "first", "month start", "month end", "last")))
        if turn in ("first", "last"):
            return self.paid.start if turn == "first" else self.paid.last
        moved = {"month start": 1, "month end": monthrange(day.year, day.month)[1]}.get(turn, day.day)
        found = day.replace(day=moved)
        return found if found in self.paid else day


@frozen
class Stock:
    """What the clauses of one contract may name."""

    clocks: Clocks
    payers: tuple[str, ...]
    payees: tuple[str, ...]
    grain: Fraction
    sums: tuple[str, ...] = ()
    #: Particulars that hold a share, from 0% to 100%.
    portions: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    exact: bool = False
    metrics: dict[str, tuple[str, ...]] = field(factory=dict)
    #: Those of them whose quantities do not add up.
    measured: set[str] = field(factory=set)
    #: Particulars that have no value; and steps of workings, with what each comes to.
    wanting: tuple[str, ...] = ()
    steps: dict[str, Kind] = field(factory=dict)
    values: dict[str, Fraction | date | str] = field(factory=dict)


@st.composite
def _contracts(draw: DrawFn, years: int, exact: bool) -> tuple[str, Contract]:
    clocks = draw(_clocks(years))
    way = draw(st.sampled_from(("half up", "half up", "half even", "up", "down")))
    grain = draw(st.sampled_from((PENNY, PENNY, PENNY, Fraction(1)))) if not exact else PENNY
    parties = draw(_parties())
    payers = tuple(one.name for one in parties if "provider" not in one.roles)
    payees = tuple(one.name for one in parties if "provider" in one.roles or "vehicle" in one.full_name)
    particulars = draw(_particulars(clocks))
    bands = draw(_bands())
    assumptions = draw(_assumptions(clocks, bands))
    values: dict[str, Fraction | date | str] = {
        one.name: one.default for one in particulars if one.default is not None
    }
    values |= {one.name: one.takes for one in assumptions}
    stock = Stock(
        clocks,
        payers,
        payees,
        grain,
        sums=_named(particulars, "money"),
        portions=_named(particulars, "percentage"),
        days=_named(assumptions, "date"),
        bases=_named(assumptions, "set off basis"),
        wanting=tuple(one.name for one in particulars if one.kind == "money" and one.default is None),
        exact=exact,
        values=values,
    )
    metrics = draw(_metrics(clocks, bands))
    names = {band.name: tuple(row.name for row in band.bands) for band in bands}
    stock.measured.update(one.name for one in metrics if one.measured is not None)
    for metric in metrics:
        stock.metrics[metric.name] = names.get(metric.bands, ())
    workings = draw(_workings(stock))
    payments = draw(_payments(stock))
    advances = draw(_advances(stock, payments))
    invested = draw(
        investments(
            [one.name for one in parties],
            [one.name for one in (*payments, *advances)],  # type: ignore[attr-defined] # a draw forgets what it was drawn from
            _money(stock, 1, 9_000),
            _day(stock),
        )
    )
    lent = [
        one.name
        for one in invested
        if one.form != "grant" and all(each.paid_on is not None for each in one.drawdowns)
    ]
    caps = draw(_caps(stock, payments, advances, lent))
    plans = [one.name for one in particulars if one.kind == "plan"]
    scenarios = draw(_scenarios(plans))
    contract = Contract(
        name=draw(st.sampled_from(("Works", "Tower Hamlets", "Homes&Jobs 2", "O'Neill Street"))),
        reference=draw(st.sampled_from(("", "Ref 12/b"))),
        gloss=draw(_gloss()),
        currency=draw(st.sampled_from(("GBP", "GBP", "EUR", "USD"))),
        service=clocks.service,
        new_entrants_last=draw(st.sampled_from((clocks.service.last, clocks.service.start))),
        payment_period=clocks.paid,
        years_begin=clocks.begin,
        calendar=draw(st.sampled_from(("monthly", "quarterly", "quarterly", "yearly", "once at the end"))),
        rounding=nodes.Rounding("line", way, grain),  # type: ignore[arg-type] # a draw forgets what it was drawn from
        parties=parties,
        particulars=particulars,
        assumptions=assumptions,
        records=_records(),
        cohorts=draw(_cohorts(sorted({name for one in metrics for name in one.also}))),
        bands=bands,
        metrics=metrics,
        payments=payments,
        advances=advances,
        caps=caps,
        rules=draw(_rules(stock, payments, scenarios)),
        scenarios=scenarios,
        examples=draw(_examples(stock)),
        part_of=draw(st.sampled_from(("", "The Programme"))),
        workings=workings,
        extension=draw(st.sampled_from((None, nodes.Extension(Duration(1, "year"), parties[0].name)))),
        due=draw(st.sampled_from((None, None, nodes.DueAfter(Duration(30, "day"), weekday=True)))),
        precedence=draw(st.sampled_from(("", "text over code", "code over text"))),
        routes=draw(_routes([one.name for one in metrics if one.by_person])),
        investments=invested,
    )
    contract = draw(by_name(_answered(draw, contract)))
    return Made(show(contract), contract)


def _named(found: Sequence[nodes.Particular | nodes.Assumption], kind: Kind) -> tuple[str, ...]:
    return tuple(one.name for one in found if one.kind == kind and getattr(one, "default", "") is not None)


def _gloss() -> SearchStrategy[str]:
    return st.sampled_from(("", "", "in the parties' own words", "held – for six weeks, 'as agreed'"))


def _clause() -> SearchStrategy[str]:
    return st.sampled_from(("", "4", "5.1", "Schedule 2 para 3", "6(b)"))


def _some(choices: Sequence[T], most: int = 3) -> SearchStrategy[tuple[T, ...]]:
    """Some of the choices, at least one, each once, in any order."""
    return st.lists(st.sampled_from(list(choices)), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def _clocks(draw: DrawFn, years: int) -> Clocks:
    begin = draw(
        st.sampled_from(((4, 1), (4, 1), (1, 1), (10, 1), (7, 6), (1, 31), (8, 30), (2, 28), (12, 31)))
    )
    year = draw(st.integers(2014, 2022))
    start = draw(
        st.one_of(
            st.sampled_from(
                (contract_year(year, begin).start, date(year, 4, 1), date(year, 2, 28), date(year, 12, 31))
            ),
            st.dates(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    months = draw(st.one_of(st.sampled_from((1, 3, 12, 24, 36)), st.integers(1, 12 * years)))
    end = add_months(start, min(months, 12 * years)) + timedelta(
        days=draw(st.sampled_from((0, 0, 0, 1, -1, 13)))
    )
    before = draw(st.sampled_from((0, 0, 0, 1, 40)))
    after = draw(st.sampled_from((0, 0, 1, 92, 200)))
    paid = Period(start - timedelta(days=before), end + timedelta(days=after))
    return Clocks(Period(start, end), paid, begin)


@st.composite
def _parties(draw: DrawFn) -> tuple[nodes.Party, ...]:
    found = [nodes.Party("Council", "a council", ("commissioner",))]
    if draw(st.booleans()):
        found.append(nodes.Party("CCG", "NHS CCG", ("commissioner", "verifier")))
    found += [
        nodes.Party(name, "a fund", ("co-commissioner",))
        for name in ("Fund A", "Fund B")[: draw(st.integers(0, 2))]
    ]
    if draw(st.booleans()):
        found.append(nodes.Party("SPV Ltd", "a vehicle", ("special purpose vehicle",)))
    found += [
        nodes.Party(name, "", ("provider",))
        for name in ("Provider 1", "Provider 2")[: draw(st.integers(1, 2))]
    ]
    return tuple(found)


# ------------------------------------------------------------------ particulars and assumptions


@st.composite
def _particulars(draw: DrawFn, clocks: Clocks) -> tuple[nodes.Particular, ...]:
    found: list[nodes.Particular] = []
    if draw(st.booleans()):
        found.append(
            _particular(
                "Unit Price",
                "money",
                Fraction(draw(st.integers(1, 40_000)), 100),
                from_nought=draw(st.booleans()),
            )
        )
    if draw(st.booleans()):
        found.append(
            _particular(
                "Ceiling", "money", Fraction(draw(st.integers(100, 20_000))), from_nought=draw(st.booleans())
            )
        )
    if draw(st.booleans()):
        found.append(nodes.Particular("Long Stop", "date", clocks.day(draw)))
    if draw(st.booleans()):
        found.append(nodes.Particular("Base Plan", "plan", None))
    if draw(st.booleans()):
        found.append(_particular("Private Sum", "money", None, from_nought=draw(st.booleans())))
    if draw(st.booleans()):
        part = Fraction(draw(st.integers(0, 1000)), 1000)
        limits = Interval(Fraction(0), True, Fraction(1), True)
        found.append(nodes.Particular("Agreed Share", "percentage", part, limits))
    return tuple(found)


def _particular(name: str, kind: Kind, default: Fraction | None, *, from_nought: bool) -> nodes.Particular:
    """One that may be any number, or one that its text keeps from nought up."""
    if from_nought:
        return nodes.Particular(name, kind, default, Interval(Fraction(0), True))
    return nodes.Particular(name, kind, default, any_number=True)


def _answered(draw: DrawFn, contract: Contract) -> Contract:
    """The contract with what becomes of less than nought, where a payment may come to that."""
    signs = Signs(contract)
    ways: tuple[nodes.TakenBack, ...] = ("never", "from later payments", "by repayment")
    return evolve(
        contract,
        payments=tuple(
            evolve(one, taken_back=draw(st.sampled_from(ways))) if signs.payment(one) else one
            for one in contract.payments
        ),
    )


@st.composite
def _assumptions(draw: DrawFn, clocks: Clocks, bands: Sequence[nodes.Bands]) -> tuple[nodes.Assumption, ...]:
    found: list[nodes.Assumption] = []
    if draw(st.booleans()):
        found.append(nodes.Assumption("Blocks Paid On", draw(_clause()), "date", clocks.day(draw)))
    if draw(st.booleans()):
        basis = draw(st.sampled_from(("in money", "in units")))
        found.append(nodes.Assumption("Set Off Basis", "4", "set off basis", basis))
    edges = [
        (band, band.holds.low) for one in bands for band in one.bands if band.holds.low_in and not one.worded
    ]
    if edges and draw(st.booleans()):  # type: ignore[arg-type] # a draw forgets what it was drawn from
        band, point = draw(st.sampled_from(edges))
        found.append(nodes.Assumption("Boundary", "", "band", band.name, point))
    return tuple(found)


# ------------------------------------------------------------------ records, who and what is counted


def _records() -> tuple[nodes.Records, ...]:
    column = nodes.RecordColumn
    referrals = (
        column("Person ID", "person", False),
        column("Referred On", "date", False),
        column("Severe", "yes or no", False),
        column("Area", "category", True, categories=("North", "South East")),
    )
    jobs = (
        column("Job ID", "identifier", False),
        column("Person ID", "person", False),
        column("Started On", "date", False),
        column("Ended On", "date", True),
        column("Hours Per Week", "hours", False, Interval(Fraction(0), False, Fraction(60), True)),
        column("Known On", "date", False),
    )
    spell = nodes.Spell("Started On", "Ended On", last_included=False, open_while_blank=True)
    return (
        nodes.Records("Referrals", "Referral", referrals),
        nodes.Records("Jobs", "Job", jobs, spell, "Known On"),
    )


def _column(records: str, name: str, kind: Kind) -> nodes.Column:
    return nodes.Column(records, name, kind)


@st.composite
def _cohorts(draw: DrawFn, others: Sequence[str]) -> tuple[nodes.Cohort, ...]:
    """Service Users, and cohorts of the other names."""
    severe = nodes.Compare(_column("Referrals", "Severe", "yes or no"), "=", Value("yes", "yes or no"))
    referred = _column("Referrals", "Referred On", "date")
    area = _column("Referrals", "Area", "category")
    north = nodes.Compare(area, "=", Value("North", "category"))
    south = nodes.Compare(area, "=", Value("South East", "category"))
    tests: tuple[Condition, ...] = (
        severe,
        nodes.InPeriod(referred, "service period"),
        nodes.Not(nodes.Blank(area)),
        nodes.Either((north, nodes.Both((south, severe)))),
        nodes.Not(nodes.Either((north, nodes.Not(severe)))),
        nodes.Compare(
            referred, draw(st.sampled_from(("<", "<=", ">", ">=", "="))), Value(date(2016, 2, 29), "date")
        ),
    )
    picks = (nodes.Pick("earliest", "Referred On"), nodes.Pick("lowest", "Person ID"))[
        : draw(st.integers(1, 2))
    ]

    def cohort(name: str) -> nodes.Cohort:
        some = draw(_some(tests))
        most = draw(st.sampled_from((None, None, 1, 40, 1000)))
        return nodes.Cohort(
            name, draw(_clause()), draw(_gloss()), "Referrals", some, "Referred On", picks, most=most
        )

    return tuple(cohort(name) for name in ("Service Users", *others))


@st.composite
def _routes(draw: DrawFn, metrics: Sequence[str]) -> tuple[nodes.Routes, ...]:
    """Two ways, one of them maybe of several metrics. They change what is counted, and nothing of what is paid for it."""
    if len(metrics) < 2 or draw(st.integers(0, 3)):
        return ()
    cut = draw(st.integers(1, len(metrics) - 1))
    ways = (nodes.Route("First Way", tuple(metrics[:cut])), nodes.Route("Other Way", tuple(metrics[cut:])))
    return (
        nodes.Routes(
            "Ways",
            draw(_clause()),
            draw(_gloss()),
            ways,
            draw(st.sampled_from(("first earned", "first listed"))),
        ),
    )


@st.composite
def _bands(draw: DrawFn) -> tuple[nodes.Bands, ...]:
    """Bands that hold every number of hours once: each edge belongs to the band above, the one below, or is one itself."""
    if not draw(st.booleans()):
        return ()
    quarters = st.integers(1, 160).map(lambda number: Fraction(number, 4))
    edges = sorted(draw(st.lists(quarters, min_size=1, max_size=3, unique=True)))
    rows: list[Interval] = []
    low: Fraction | None = None
    low_in = False
    for edge in edges:
        way = draw(st.sampled_from(("above", "above", "below", "alone")))
        rows.append(Interval(low, low_in, edge, way == "below"))
        if way == "alone":
            rows.append(Interval(edge, True, edge, True))
        low, low_in = edge, way == "above"
    rows.append(Interval(low, low_in))
    names = ("Lowest", "Low", "Fair", "Good", "High", "Higher", "Highest")
    bands = tuple(nodes.Band(name, holds) for name, holds in zip(names, rows, strict=False))
    found = (nodes.Bands("Hours", draw(_clause()), "Hours Per Week", bands), draw(_stretches()))
    return (*found, draw(_groups())) if draw(st.booleans()) else found


@st.composite
def _stretches(draw: DrawFn) -> nodes.Bands:
    """Stretches of the days on which jobs begin: each day in one."""
    cut = draw(st.dates(date(2010, 1, 1), date(2025, 12, 31)))
    last = cut + timedelta(days=draw(st.integers(1, 800)))
    one = timedelta(days=1)
    stretches = ((None, cut - one), (cut, last), (last + one, None))
    bands = (
        nodes.Band(name, Interval(), days=nodes.DayRange(first, end))
        for name, (first, end) in zip(("Early", "Amid", "Late"), stretches, strict=True)
    )
    return nodes.Bands("Times", draw(_clause()), "Started On", tuple(bands))


@st.composite
def _groups(draw: DrawFn) -> nodes.Bands:
    """Groups of the areas that people come from, or of the severe and the others, each value once."""
    if draw(st.booleans()):
        two = (nodes.Band("Not So", Interval(), ("no",)), nodes.Band("Severely", Interval(), ("yes",)))
        return nodes.Bands("Severity", draw(_clause()), "Severe", two)
    away = nodes.Band("Away", Interval(), rest=True)
    if draw(st.booleans()):
        away = nodes.Band("Away", Interval(), ("South East",))
    bands = draw(st.permutations((nodes.Band("At Home", Interval(), ("North",)), away)))
    return nodes.Bands("Areas", draw(_clause()), "Area", tuple(bands))


@st.composite
def _people_metric(draw: DrawFn, name: str) -> nodes.Metric:
    """Members of the cohort, by the row that joined them."""
    referred = _column("Referrals", "Referred On", "date")
    tests: list[Condition] = []
    if draw(st.booleans()):
        tests.append(nodes.InPeriod(referred, "service period"))
    return nodes.Metric(
        name,
        draw(_clause()),
        draw(_gloss()),
        draw(st.sampled_from(("input", "output", "outcome"))),
        "Referrals",
        "Service Users",
        tuple(tests),
        nodes.Dated("column", "Referred On"),
        None,
        "",
        None,
        "",
        nodes.PeopleCounted(),
    )


@st.composite
def _reaching_metric(draw: DrawFn, name: str) -> nodes.Metric:
    """Members of the cohort who reach an amount."""
    wanted = draw(st.fractions(Fraction(1, 100), 10_000, max_denominator=100).filter(_is_decimal))
    return nodes.Metric(
        name,
        draw(_clause()),
        draw(_gloss()),
        draw(st.sampled_from(("input", "output", "outcome"))),
        "Jobs",
        "Service Users",
        (),
        nodes.Dated("column", "Started On"),
        None,
        "",
        None,
        "",
        nodes.PeopleReaching("Hours Per Week", Value(wanted, "hours")),
    )


def _is_decimal(number: Fraction) -> bool:
    return (number * 100).denominator == 1


@st.composite
def _measured_metric(draw: DrawFn, name: str, clocks: Clocks) -> nodes.Metric:
    """Different values, measured once, so that they may have a total."""
    day = clocks.day(draw)
    measured = draw(
        st.sampled_from(
            (
                nodes.Measured("contract"),
                nodes.Measured("once", day),
                nodes.Measured("days", days=Period(clocks.paid.start, day + timedelta(days=1))),
            )
        )
    )
    return nodes.Metric(
        name,
        draw(_clause()),
        draw(_gloss()),
        draw(st.sampled_from(("input", "output", "outcome"))),
        "Jobs",
        "Service Users",
        (),
        nodes.Dated("column", "Started On"),
        None,
        "",
        None,
        "",
        nodes.DifferentValues("Hours Per Week"),
        measured=measured,
    )


@st.composite
def _date_of(draw: DrawFn, metric: str, column: str) -> Amount:
    """A date that another metric has: of the row that it picked, of its result, or some time after that."""
    ways: tuple[Amount, ...] = (nodes.MetricColumn(metric, column, "date"), nodes.ResultDate(metric))
    return draw(st.sampled_from(ways) | _some_time_after(ways))


@st.composite
def _instalments(draw: DrawFn, length: Duration) -> dict[str, Any]:
    """A further time, that of the first instalment among them, and so many in each stay or as many as there are."""
    further = Duration(draw(st.integers(1, 30)), draw(st.sampled_from(("day", "week", "month", "year"))))
    return {"then": draw(st.sampled_from((length, further))), "most": draw(st.none() | st.integers(1, 30))}


@st.composite
def _in_time(draw: DrawFn, metrics: Sequence[str], day: Amount) -> Condition:
    """That another row, or a result of another metric, lies in a time before or after a date; or that none does."""
    length = Duration(draw(st.integers(1, 30)), draw(st.sampled_from(("day", "week", "month", "year"))))
    days = [nodes.AnyDay("Jobs", length, draw(_some_time_after([day])), way) for way in ("before", "after")]
    results = [nodes.AnyResult(metric, length, day, way) for metric in metrics for way in ("before", "after")]
    tests: list[Condition] = [*days, *results]
    test = draw(st.sampled_from(tests))
    return nodes.Not(test) if draw(st.booleans()) else test


@st.composite
def _some_time_after(draw: DrawFn, starts: Sequence[Amount]) -> Amount:
    """A date that lies some time after, or before, one of these; or that of a result itself."""
    start = draw(st.sampled_from(starts))
    if isinstance(start, nodes.ResultDate) and draw(st.booleans()):
        return start
    length = Duration(draw(st.integers(1, 30)), draw(st.sampled_from(("day", "week", "month", "year"))))
    return nodes.DateMoved(start, draw(st.sampled_from(("after", "before"))), length)


@st.composite
def _metrics(draw: DrawFn, clocks: Clocks, bands: Sequence[nodes.Bands]) -> tuple[nodes.Metric, ...]:
    started = _column("Jobs", "Started On", "date")
    hours = _column("Jobs", "Hours Per Week", "hours")
    found: list[nodes.Metric] = []
    for name in ("Engagement", "Job Start", "Job Kept", "Review")[: draw(st.integers(1, 4))]:
        tests: list[Condition] = [nodes.Compare(started, ">=", nodes.JoiningDate())]
        of_rows = [one for one in found if one.measured is None]
        if of_rows and draw(st.booleans()):  # type: ignore[arg-type] # a draw forgets what it was drawn from
            earlier = draw(st.sampled_from(of_rows))
            own = "Referred On" if earlier.counts.word == "people" else "Started On"
            tests.append(nodes.Compare(started, ">=", draw(_date_of(earlier.name, own))))
        if draw(st.booleans()):
            tests.append(nodes.Compare(hours, "<", Value(Fraction(81, 2), "hours")))
        if draw(st.integers(0, 3)) == 0:
            tests.append(draw(_in_time([one.name for one in of_rows], started)))
        if draw(st.booleans()):
            tests.append(nodes.InPeriod(started, draw(st.sampled_from(("service period", "payment period")))))
        held = None
        dated = nodes.Dated("column", "Started On")
        if draw(st.booleans()):
            length = Duration(
                draw(st.integers(1, 30)), draw(st.sampled_from(("day", "week", "month", "year")))
            )
            held = nodes.Held(length, "Started On")
            dated = nodes.Dated(draw(st.sampled_from(("day after", "last day held"))))
        if held is not None and draw(st.booleans()):
            held = evolve(held, **draw(_instalments(length)))
        elif draw(st.booleans()):
            starts: list[Amount] = [
                started,
                nodes.JoiningDate(),
                *(nodes.ResultDate(one.name) for one in of_rows),
            ]
            dated = nodes.Dated("worked out", day=draw(_some_time_after(starts)))
        way = draw(st.integers(0, 6))
        if way < 2 and found:
            found.append(draw(_people_metric(name) if way else _measured_metric(name, clocks)))
            continue
        if way == 2:
            found.append(draw(_reaching_metric(name)))
            continue
        evidence = None
        again = held is not None and held.then is not None
        if not again and draw(st.booleans()):
            evidence = draw(_evidence())
        banded, at = "", "result"
        if bands and draw(st.booleans()):  # type: ignore[arg-type] # a draw forgets what it was drawn from
            one = draw(st.sampled_from(bands))
            banded, at = one.name, "joining" if one.worded else "result"
        first = draw(st.sampled_from(("over all bands", "in each band"))) if banded else "over all bands"
        first = "" if again else first
        found.append(
            nodes.Metric(
                name,
                draw(_clause()),
                draw(_gloss()),
                draw(st.sampled_from(("input", "output", "outcome"))),
                "Jobs",
                "Service Users",
                tuple(tests),
                dated,
                held,
                first,  # type: ignore[arg-type] # a draw forgets what it was drawn from
                nodes.Pick("lowest", "Job ID"),
                banded,
                evidence=evidence,
                banded_at=at,  # type: ignore[arg-type] # a draw forgets what it was drawn from
                also=draw(st.sampled_from(((), (), ("Newcomers",), ("Others", "Newcomers")))),
            )
        )
    return tuple(found)


@st.composite
def _evidence(draw: st.DrawFn) -> nodes.Evidence:
    """Evidence within some months, to be accepted by somebody, by silence, or by nobody."""
    within, deemed = (Duration(draw(st.integers(1, 30)), unit) for unit in ("month", "day"))
    columns = (("", "", ""), ("Started On", "", ""), ("", "Started On", ""), ("Started On", "", "Known On"))
    accepted, rejected, disputed = draw(st.sampled_from(columns))
    return nodes.Evidence(
        "Ended On", within, accepted, rejected, deemed if rejected and draw(st.booleans()) else None, disputed
    )


# ------------------------------------------------------------------ what is paid


@st.composite
def _money(draw: DrawFn, stock: Stock, low: int, high: int) -> Amount:
    """An amount from `low` to about `high` pounds: whole pounds, pennies, parts of a penny, sums, or a particular."""
    ways = (
        ["pounds", "pounds", "pence", "sum"]
        if stock.exact
        else ["pounds", "pounds", "pence", "sum", "part", "share"]
    )
    if stock.sums:
        ways.append("given")
    way = draw(st.sampled_from(ways))
    whole = Fraction(draw(st.integers(low, high)))
    pence = Fraction(draw(st.integers(low * 100, high * 100)), 100)
    if way == "given":
        return Given(draw(st.sampled_from(stock.sums)), "money")
    if way == "pounds":
        return Value(whole, "money")
    if way == "pence":
        return Value(pence, "money")
    if way == "part":
        return Value(pence + Fraction(draw(st.integers(1, 999)), 100_000), "money")
    if way == "sum":
        return nodes.Arithmetic("plus", Value(whole, "money"), Value(pence, "money"), "money")
    share = draw(st.sampled_from((Fraction(1, 3), Fraction(5, 6), Fraction(2, 7))))
    if draw(st.booleans()):
        return nodes.Arithmetic("times", Value(share, "number"), Value(pence, "money"), "money")
    part = Value(Fraction(draw(st.integers(1, 999)), 1000), "percentage")
    return nodes.Arithmetic("times", part, Value(pence, "money"), "money")


@st.composite
def _shares(draw: DrawFn, stock: Stock) -> nodes.Payers:
    """Several payers who share each line: percentages of any size with or without the rest, or amounts and the rest."""
    names = draw(st.permutations(stock.payers))[: draw(st.integers(2, min(4, len(stock.payers))))]
    rest = draw(st.integers(0, len(names) - 1))
    if not draw(st.integers(0, 2)):
        sums = [Value(Fraction(draw(st.integers(0, 40_000)), 100), "money") for _ in names]
        parts = tuple(nodes.Share(name, None if at == rest else sums[at]) for at, name in enumerate(names))
        return nodes.Payers((), "result", parts)
    return nodes.Payers((), "result", draw(_percentages(stock, names)))


@st.composite
def _percentages(draw: DrawFn, stock: Stock, names: Sequence[str]) -> tuple[nodes.Share, ...]:
    """Percentages that come to 100%, with or without the rest; of two payers one may have a share by name."""
    rest = draw(st.integers(0, len(names) - 1))
    if stock.portions and len(names) == 2 and draw(st.booleans()):
        part = Given(draw(st.sampled_from(stock.portions)), "percentage")
        return tuple(nodes.Share(name, None if at == rest else part) for at, name in enumerate(names))
    marks = sorted(
        draw(st.lists(st.integers(1, 999), min_size=len(names) - 1, max_size=len(names) - 1, unique=True))
    )
    sizes = [high - low for low, high in zip([0, *marks], [*marks, 1000], strict=True)]
    without = draw(st.booleans())
    return tuple(
        nodes.Share(name, None if at == rest and not without else Value(Fraction(size, 1000), "percentage"))
        for at, (name, size) in enumerate(zip(names, sizes, strict=True))
    )


@st.composite
def _payers(draw: DrawFn, stock: Stock) -> nodes.Payers:
    if len(stock.payers) > 1 and not draw(st.integers(0, 3)):
        return draw(_shares(stock))
    if draw(st.integers(0, 2)):
        return nodes.Payers((nodes.Phase(draw(st.sampled_from(stock.payers)), None),), "result")
    service = stock.clocks.service
    whole = (service.end - service.start).days
    offsets = draw(st.lists(st.integers(0, whole - 1), min_size=1, max_size=2, unique=True))
    lasts = [service.start + timedelta(days=one) for one in sorted(offsets)]
    if draw(st.booleans()):  # phases that end with a month, as contracts' do
        ends = {date(one.year, one.month, monthrange(one.year, one.month)[1]) for one in lasts}
        lasts = sorted(one for one in ends if one in service) or lasts
    names = [draw(st.sampled_from(stock.payers)) for _ in range(len(lasts) + 1)]
    phases = tuple(nodes.Phase(name, last) for name, last in zip(names, [*lasts, None], strict=True))
    return nodes.Payers(phases, draw(st.sampled_from(("result", "result", "statement"))))


@st.composite
def _payments(draw: DrawFn, stock: Stock) -> tuple[nodes.Payment, ...]:
    found: list[nodes.Payment] = []
    for name in ("Fee", "Tariff", "Top-up", "Bonus")[: draw(st.integers(1, 4))]:
        made = nodes.Payment(name, draw(_clause()), draw(_gloss()), ())
        way = draw(st.sampled_from((*("rates",) * 5, "tiers", "tiers", "regular", "to date", "to date")))
        if way == "rates":
            made = evolve(made, rates=draw(_rates(stock)))
        elif way == "tiers":
            made = evolve(made, tiered=(draw(_tiered(stock)),))
        elif way == "regular":
            made = evolve(made, regular=(draw(_regular(stock)),))
        else:
            made = evolve(made, to_date=draw(_to_date(stock)))
        if way != "to date" and not draw(st.integers(0, 2)):
            chosen = Selection(payments=(name,))
            high = draw(st.sampled_from((100, 2_000, 20_000)))
            limits = st.builds(nodes.CapRow, st.just(chosen), _money(stock, 0, high), _scope(stock.clocks))
            drawn = draw(st.lists(limits, min_size=1, max_size=2))
            made = evolve(made, limits=tuple(drawn), excess=draw(_excess(drawn)))
        if not draw(st.integers(0, 3)):
            made = evolve(made, agent=draw(st.sampled_from(stock.payers)))
        if stock.wanting and not draw(st.integers(0, 3)):
            made = evolve(made, needs=draw(st.sampled_from(stock.wanting)))
        if not draw(st.integers(0, 4)):
            first, last = sorted((stock.clocks.day(draw), stock.clocks.day(draw)))
            start, end = draw(st.sampled_from(((first, None), (None, last), (first, last))))
            made = evolve(made, applies=nodes.Applies(start, end, start))
        found.append(made)
    return tuple(found)


def _wanted(stock: Stock, *, adding: bool = False) -> SearchStrategy[tuple[str, str]]:
    """A metric, and one of its bands or '' for all; of those that add up where `adding` is said."""
    return st.sampled_from(
        [
            (metric, band)
            for metric, bands in stock.metrics.items()
            for band in ("", *bands)
            if not adding or metric not in stock.measured
        ]
    )


@st.composite
def _rates(draw: DrawFn, stock: Stock) -> tuple[nodes.Rate, ...]:
    shared = draw(_payers(stock))
    simple = len(shared.phases) == 1
    rates = []
    for metric, band in draw(st.lists(_wanted(stock), min_size=1, max_size=4, unique=True)):
        payers = shared
        if simple and draw(st.booleans()):
            payers = nodes.Payers((nodes.Phase(draw(st.sampled_from(stock.payers)), None),), "result")
        payee = draw(st.sampled_from(stock.payees))
        rates.append(nodes.Rate(payers, payee, metric, band, draw(_money(stock, 0, 500))))
    if draw(st.integers(0, 4)):
        return tuple(rates)
    cut = stock.clocks.day(draw)
    paid = stock.clocks.paid
    turns = [Period(paid.start, cut), Period(cut, paid.end)] if cut > paid.start else [paid]
    return tuple(
        evolve(one, amount=draw(_money(stock, 0, 500)), days=days) for one in rates for days in turns
    )


def _tiers_over() -> st.SearchStrategy[nodes.Scope]:
    """Named days would leave later units without a rate, so tiers run over no such time."""
    return st.sampled_from((nodes.Scope("contract"), nodes.Scope("each year"), nodes.Scope("each quarter")))


@st.composite
def _tiered(draw: DrawFn, stock: Stock) -> nodes.Tiered:
    units = [*draw(st.lists(st.integers(1, 60), min_size=1, max_size=3)), None]
    tiers = tuple(nodes.Tier(one, draw(_money(stock, 0, 500))) for one in units)
    payers, payee = draw(_payers(stock)), draw(st.sampled_from(stock.payees))
    return nodes.Tiered(payers, payee, *draw(_wanted(stock, adding=True)), tiers, draw(_tiers_over()))


@st.composite
def _regular(draw: DrawFn, stock: Stock) -> nodes.Regular:
    return nodes.Regular(
        draw(_payers(stock)),
        draw(st.sampled_from(stock.payees)),
        draw(_money(stock, 0, 3_000)),
        draw(st.sampled_from(("year", "quarter", "month", "period"))),
        draw(st.sampled_from(("at the start", "at the end"))),
        "in full" if stock.exact else draw(st.sampled_from(("in full", "by days"))),
    )


@st.composite
def _to_date(draw: DrawFn, stock: Stock) -> nodes.ToDate:
    least = draw(st.one_of(st.none(), _money(stock, 0, 900)))
    most = draw(st.one_of(st.none(), _money(stock, 300, 20_000)))
    amount = draw(_sum(stock))
    return nodes.ToDate(
        draw(_payers(stock)), draw(st.sampled_from(stock.payees)), amount, least, most, "never"
    )


# ------------------------------------------------------------------ workings


@st.composite
def _workings(draw: DrawFn, stock: Stock) -> tuple[nodes.Workings, ...]:
    """Up to three steps, each of which may speak of those before it."""
    steps = []
    for name in ("Net Numbers", "Gross Gain", "Gain")[: draw(st.sampled_from((0, 2, 3)))]:
        amount = draw(_number(stock) if name == "Net Numbers" else _sum(stock))
        steps.append(nodes.Worked(name, amount))
        stock.steps[name] = amount.kind
    return (nodes.Workings("The Gain", draw(_clause()), draw(_gloss()), tuple(steps)),) if steps else ()


@st.composite
def _number(draw: DrawFn, stock: Stock) -> Amount:
    """How many of a metric, or of one less those of another."""
    counted = [
        nodes.MetricTotal(name, band)
        for name, bands in stock.metrics.items()
        if name not in stock.measured
        for band in ("", *bands)
    ]
    one, other = (draw(st.sampled_from(counted)) for _ in range(2))
    ways: list[Amount] = [one, nodes.Arithmetic("minus", one, other, "count")]
    ways += [nodes.Working(name, kind) for name, kind in stock.steps.items() if kind == "count"]
    return draw(st.sampled_from(ways))


@st.composite
def _sum(draw: DrawFn, stock: Stock, deep: int = 2) -> Amount:
    """Money made of quantities, which rises and falls with them."""
    made: Amount
    ways = ["per unit", "per unit", "units at"]
    if deep:
        ways += ["plus", "minus", "minus"] + ([] if stock.exact else ["share", "part", "divided"])
    if "money" in stock.steps.values():
        ways += ["step", "step"]
    way = draw(st.sampled_from(ways))
    if way == "step":
        names = [name for name, kind in stock.steps.items() if kind == "money"]
        made = nodes.Working(draw(st.sampled_from(names)), "money")
    elif way == "per unit":
        made = nodes.Arithmetic("times", draw(_money(stock, 1, 500)), draw(_number(stock)), "money")
    elif way == "units at":
        made = nodes.Arithmetic("times", draw(_number(stock)), draw(_money(stock, 1, 500)), "money")
    elif way in ("plus", "minus"):
        left, right = (
            draw(_sum(stock, deep - 1)),
            draw(st.one_of(_sum(stock, deep - 1), _money(stock, 0, 900))),
        )
        made = nodes.Arithmetic(way, left, right, "money")  # type: ignore[arg-type] # one of two
    elif way == "share":
        share = Value(Fraction(draw(st.integers(1, 999)), 1000), "percentage")
        made = nodes.Arithmetic("times", share, draw(_sum(stock, deep - 1)), "money")
    elif way == "part":
        part = Value(draw(st.sampled_from((Fraction(1, 3), Fraction(5, 6)))), "number")
        made = nodes.Arithmetic("times", part, draw(_sum(stock, deep - 1)), "money")
    else:
        by = Value(Fraction(draw(st.integers(2, 9))), "number")
        made = nodes.Arithmetic("divided by", draw(_sum(stock, deep - 1)), by, "money")
    return made


# ------------------------------------------------------------------ block advances and caps


@st.composite
def _scope(draw: DrawFn, clocks: Clocks) -> Scope:
    over = draw(
        st.sampled_from(
            (
                "contract",
                "each year",
                "each year",
                "each quarter",
                "each month",
                "each period",
                "days",
                "days",
            )
        )
    )
    if over != "days":
        return Scope(over)  # type: ignore[arg-type] # a draw forgets what it was drawn from
    one, other = clocks.day(draw), clocks.day(draw)
    if draw(st.booleans()):
        year = contract_year(year_start(one, clocks.begin).year, clocks.begin)
        return Scope("days", year)
    return Scope("days", period(min(one, other), max(one, other)))


@st.composite
def _day(draw: DrawFn, stock: Stock) -> Amount:
    if stock.days and draw(st.booleans()):  # type: ignore[arg-type] # a draw forgets what it was drawn from
        return Given(draw(st.sampled_from(stock.days)), "date")
    return Value(stock.clocks.day(draw), "date")


@st.composite
def _advances(
    draw: DrawFn, stock: Stock, payments: Sequence[nodes.Payment]
) -> tuple[nodes.BlockAdvance, ...]:
    found: list[nodes.BlockAdvance] = []
    for name in ("Block", "Second Block")[: draw(st.sampled_from((0, 1, 1, 2)))]:
        rows = tuple(draw(_advance(stock, payments)) for _ in range(draw(st.integers(1, 3))))
        basis = _basis(draw, stock, payments, rows)
        agent = draw(st.sampled_from(("", "", stock.payers[0])))
        block = nodes.BlockAdvance(name, draw(_clause()), draw(_gloss()), rows, basis, agent)
        if all(row.against for row in rows):
            often = ("kept", "kept", "recoverable", "carried forward")
            whole = any(row.scope and row.scope.over == "contract" for row in rows)
            block = evolve(block, unused=draw(st.sampled_from(often[:3] if whole else often)))
        if any(row.against for row in rows):
            paces = ("as fees fall due", "as fees fall due", "in equal quarters")
            block = evolve(block, pace=draw(st.sampled_from(paces)))
        found.append(block)
    return tuple(found)


@st.composite
def _advance(draw: DrawFn, stock: Stock, payments: Sequence[nodes.Payment]) -> nodes.Advance:
    """A block, most often set off against a payment between the same two parties."""
    payment = draw(st.sampled_from(list(payments)))
    rate = draw(st.sampled_from(payment.terms))
    payer, payee = draw(st.sampled_from(rate.payers.names)), rate.payee
    amount = draw(_money(stock, 1, 9_000))
    way = draw(st.sampled_from(("one", "one", "one", "several", "nothing", "other")))
    if way == "nothing":
        return nodes.Advance(payer, payee, draw(_day(stock)), amount, (), None)
    if way == "other":
        payer = draw(st.sampled_from(stock.payers))
    names = draw(_some([one.name for one in payments])) if way == "several" else (payment.name,)
    return nodes.Advance(payer, payee, draw(_day(stock)), amount, names, draw(_scope(stock.clocks)))


def _basis(
    draw: DrawFn, stock: Stock, payments: Sequence[nodes.Payment], rows: Sequence[nodes.Advance]
) -> Amount:
    if not any(row.against for row in rows):
        return Value("in money", "set off basis")
    allowed = {"in money"} | ({"in units"} if all(_one_rate(stock, payments, row) for row in rows) else set())
    choices: list[Amount] = [Value(basis, "set off basis") for basis in sorted(allowed)]
    choices += [Given(name, "set off basis") for name in stock.bases if stock.values[name] in allowed]
    return draw(st.sampled_from(choices))


def _one_rate(stock: Stock, payments: Sequence[nodes.Payment], row: nodes.Advance) -> bool:
    """Whether units of the block mean something: one rate, in whole pennies, in all that it is set against."""
    rates = {
        _worth(stock, rate.amount)
        for payment in payments
        if payment.name in row.against
        for rate in payment.rates
        if rate.payee == row.payee and row.payer in rate.payers.names
    }
    shared = any(
        rate.payers.shares for payment in payments if payment.name in row.against for rate in payment.rates
    )
    plain = all(payment.rates for payment in payments if payment.name in row.against)
    return not row.against or (
        plain
        and not shared
        and len(rates) == 1
        and all(rate and (rate / stock.grain).denominator == 1 for rate in rates)
    )


def _worth(stock: Stock, amount: Amount) -> Fraction:
    if isinstance(amount, nodes.Arithmetic):
        left, right = _worth(stock, amount.left), _worth(stock, amount.right)
        return left + right if amount.op == "plus" else left * right
    value = stock.values[amount.name] if isinstance(amount, Given) else getattr(amount, "value", None)
    assert isinstance(value, Fraction)
    return value


@st.composite
def _selection(draw: DrawFn, stock: Stock, payments: Sequence[str]) -> Selection:
    """Payments, most often all those of one or two payers."""
    chosen: dict[str, object] = {}
    options: dict[str, Callable[[], object]] = {
        "payers": lambda: draw(_some(stock.payers)),
        "payees": lambda: draw(_some(stock.payees)),
        "metric_kinds": lambda: draw(
            st.sampled_from((("input",), ("output",), ("outcome",), ("output", "outcome")))
        ),
        "metrics": lambda: draw(_some(list(stock.metrics))),
        "payments": lambda: draw(_some(payments)),
        "by_results": lambda: True,
        "earned_to": lambda: draw(_day(stock)),
        "earned_from": lambda: draw(_day(stock)),
    }
    often = (
        "payers",
        "payers",
        "payees",
        "metric_kinds",
        "metrics",
        "payments",
        "by_results",
        "earned_to",
        "earned_from",
    )
    for name in draw(st.lists(st.sampled_from(often), max_size=2, unique=True)):
        chosen[name] = options[name]()
    kind = draw(st.sampled_from(("all",) * 9 + ("block", "unearned block", "advance")))
    return Selection(kind, **chosen)  # type: ignore[arg-type]


@st.composite
def _caps(
    draw: DrawFn,
    stock: Stock,
    payments: Sequence[nodes.Payment],
    advances: Sequence[nodes.BlockAdvance],
    lent: Sequence[str],
) -> tuple[nodes.Cap, ...]:
    names = [one.name for one in (*payments, *advances)]  # type: ignore[attr-defined] # a draw forgets what it was drawn from
    found: list[nodes.Cap] = []
    for name in ("Ceiling A", "Ceiling B")[: draw(st.sampled_from((0, 1, 1, 2)))]:
        rows = []
        for _ in range(draw(st.integers(1, 2))):
            high = draw(st.sampled_from((200, 5_000, 60_000)))
            scope = draw(_scope(stock.clocks))
            row = nodes.CapRow(draw(_selection(stock, names)), draw(_money(stock, 0, high)), scope)
            rows.append(draw(_of_payments(row)) if draw(st.sampled_from((False, False, True))) else row)
        if len(rows) == 1 and lent and draw(st.sampled_from((True, True, False))):
            rate = Value(Fraction(draw(st.integers(0, 60)), 100), "percentage")
            on = draw(st.sampled_from(lent))
            rows = [evolve(rows[0], amount=rate, scope=Scope("contract"), share_of=None, return_on=on)]
        elif len(rows) == 1 and rows[0].share_of is None and draw(st.booleans()):
            rows = [evolve(rows[0], scope=Scope("contract"), topped_up=draw(_additions(stock)))]
        if draw(st.sampled_from((False, False, True))):
            out = (draw(_selection(stock, names)),)
            rows = [evolve(one, leaves_out=out) for one in rows]
        sharing = draw(st.sampled_from(("pro rata", "pro rata", "by clause")))
        excess = draw(_excess(rows))
        others = [
            one
            for one in stock.payers
            if one not in stock.payees
            and all(row.covers.payers and one not in row.covers.payers for row in rows)
        ]
        if others and draw(st.sampled_from((False, True))):
            excess = nodes.Excess("paid", draw(st.sampled_from(others)))
            if len(others) > 1 and draw(st.booleans()):
                some = draw(st.permutations(others))[: draw(st.integers(2, 3))]
                excess = nodes.Excess("paid", shares=draw(_percentages(stock, some)))
        cap = nodes.Cap(name, draw(_clause()), draw(_gloss()), tuple(rows), excess)
        found.append(evolve(cap, sharing="by clause") if sharing == "by clause" else cap)
    if len(found) == 2 and draw(st.booleans()):
        found[0] = evolve(found[0], after=(found[1].name,))
    again = [one for one in (*found, *payments) if one.excess.way != "lost"]  # type: ignore[attr-defined] # a draw forgets what it was drawn from
    return (
        tuple(evolve(one, rows=tuple(map(_after_itself, one.rows))) for one in found)
        if again
        else tuple(found)
    )


@st.composite
def _additions(draw: DrawFn, stock: Stock) -> tuple[nodes.TopUp, ...]:
    """What is added to a pot: on days in any order, before the first day too, two on one day now and then."""
    paid = stock.clocks.paid
    whole = (paid.end - paid.start).days
    days = draw(st.lists(st.integers(-40, whole - 1), min_size=1, max_size=3))
    made = [
        nodes.TopUp(draw(_money(stock, 0, 2_000)), Value(paid.start + timedelta(days=day), "date"))
        for day in days
    ]
    if stock.days and draw(st.booleans()):  # type: ignore[arg-type] # a draw forgets what it was drawn from
        made[0] = evolve(made[0], day=Given(draw(st.sampled_from(stock.days)), "date"))
    return tuple(made)


@st.composite
def _of_payments(draw: DrawFn, row: nodes.CapRow) -> nodes.CapRow:
    """The limit as a share of all payments, or of those that it covers."""
    share = nodes.ShareOf(
        draw(st.sampled_from((Selection(), row.covers))), draw(st.sampled_from(("before", "after")))
    )
    part = Value(Fraction(draw(st.integers(0, 99)), 100), "percentage")
    return evolve(row, amount=part, share_of=share)


def _after_itself(row: nodes.CapRow) -> nodes.CapRow:
    """Where what is cut is due again, payments before a limit cannot be told."""
    return evolve(row, share_of=evolve(row.share_of, side="after")) if row.share_of else row


@st.composite
def _excess(draw: DrawFn, rows: Sequence[nodes.CapRow]) -> nodes.Excess:
    """Carried forward now and then, where every limit begins again and none is for each person."""
    again = all((one.topped_up or one.scope.over not in ("contract", "days")) and not one.per for one in rows)
    return nodes.Excess("carried forward") if again and draw(st.booleans()) else nodes.Excess()


# ------------------------------------------------------------------ what must hold, what is tried


@st.composite
def _rules(
    draw: DrawFn, stock: Stock, payments: Sequence[nodes.Payment], scenarios: Sequence[nodes.Scenario]
) -> tuple[nodes.Rule, ...]:
    names = [one.name for one in payments]
    found: list[nodes.Rule] = []
    for name in ("Part Of Fund", "Enough People")[: draw(st.integers(0, 2))]:
        if name == "Enough People":
            metric = draw(st.sampled_from(list(stock.metrics)))
            least = Value(Fraction(draw(st.integers(0, 99))), "count")
            test: Condition = nodes.Compare(nodes.MetricTotal(metric), ">=", least)
        else:
            share = Value(Fraction(draw(st.integers(1, 99)), 100), "percentage")
            some, whole = (
                nodes.Paid(draw(_selection(stock, names))),
                nodes.Paid(draw(_selection(stock, names))),
            )
            test = nodes.Compare(some, "<=", nodes.Arithmetic("times", share, whole, "money"))
        tested = draw(
            st.sampled_from(
                (
                    "over the contract",
                    "in each year",
                    "in each quarter",
                    "in each month",
                    "in each period",
                    "in each claim",
                    "to date in each claim",
                    "at final account",
                    "in one period",
                )
            )
        )
        days = stock.clocks.service if tested == "in one period" else None
        against = tuple(one.name for one in scenarios) if scenarios and draw(st.booleans()) else ()  # type: ignore[arg-type] # a draw forgets what it was drawn from
        found.append(nodes.Rule(name, draw(_clause()), test, tested, days, against))  # type: ignore[arg-type] # a draw forgets what it was drawn from
    return tuple(found)


@st.composite
def _scenarios(draw: DrawFn, plans: Sequence[str]) -> tuple[nodes.Scenario, ...]:
    if not plans:
        return ()
    share = Fraction(draw(st.integers(1, 999)), 1000)
    way = draw(st.sampled_from(("down", "up", "half up")))
    return (nodes.Scenario("Base", plan=plans[0]), nodes.Scenario("Low", share=share, of="Base", rounded=way))  # type: ignore[arg-type] # a draw forgets what it was drawn from


@st.composite
def _examples(draw: DrawFn, stock: Stock) -> tuple[nodes.Example, ...]:
    """An example that no one has worked out: it is there to be read, not to hold."""
    if not draw(st.booleans()):
        return ()
    days = stock.clocks.paid
    given = tuple(
        nodes.Quantity(metric, band, days, Fraction(draw(st.integers(0, 40))))
        for metric, bands in stock.metrics.items()
        for band in (bands or ("",))
    )
    settings = tuple((name, stock.values[name]) for name in (*stock.sums, *stock.days))
    expected: tuple[nodes.Expected | nodes.ExpectedQuantity, ...] = (
        nodes.Expected("Fee", stock.payers[0], "", "", "", Fraction(draw(st.integers(0, 99_999)), 100), days),
    )
    if draw(st.booleans()):
        expected += (nodes.ExpectedQuantity(next(iter(stock.metrics)), "", Fraction(3), days),)
    rows = (("P1", "2016-04-01", "yes", "North"), ("P,2", "2016-05-31", "no", ""))
    records = (nodes.ExampleRecords("Referrals", ("Person ID", "Referred On", "Severe", "Area"), rows),)
    given, records = draw(st.sampled_from(((given, ()), ((), records))))  # type: ignore[assignment] # a draw forgets what it was drawn from
    complete = draw(st.booleans())
    return (
        nodes.Example("As Agreed", draw(_gloss()), days, None, settings, given, records, expected, complete),
    )

"""How explanations say what clauses mean: what is counted, which payments a cap covers, over what time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import PurePath

from attrs import evolve

from sibdsl import money
from sibdsl.check.words import listed, noun, table_named, written
from sibdsl.dates import Period, long, months_name
from sibdsl.measure import wording
from sibdsl.model.banding import banded_column, bands_in_force
from sibdsl.model.nodes import Bands, CapRow, Cohort, Contract, Metric, Pick, Records, Scope, Selection
from sibdsl.model.periods import spans
from sibdsl.model.settings import Settings
from sibdsl.source import Span

_NUMBERS = ("0", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SMALL_KINDS = {"input": "inputs", "output": "outputs", "outcome": "outcomes"}


def place(span: Span) -> str:
    """A place as screens cite it: `tower_hamlets.sib:96`, with its folder for files that come with the program."""
    if not span.file:
        return ""
    file = span.file if span.file.startswith("stdlib/") else PurePath(span.file).name
    return f"{file}:{span.line}"


def clause(label: str) -> str:
    """How a clause's label stands in a sentence: `clause 6`, `Schedule 2`; '' for none."""
    return f"clause {label}" if label[:1].isdigit() else label


def cite(label: str, span: Span) -> str:
    """Clause and place, as far as there are any: `clause 6, tower_hamlets.sib:96`."""
    return ", ".join(one for one in (clause(label), place(span)) if one)


def days(number: int) -> str:
    """`one day`, `12 days`."""
    said = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"
    return f"{said} day{'' if number == 1 else 's'}"


def many(number: int, one: str) -> str:
    """`1 record`, `4 records`."""
    return f"{number:,} {one if number == 1 else plural(one)}"


def plural(one: str) -> str:
    """The plural of a noun by the plain rules of English."""
    if one.endswith(("s", "x", "ch", "sh")):
        return f"{one}es"
    return f"{one[:-1]}ies" if one.endswith("y") and one[-2:-1] not in "aeiou" else f"{one}s"


def to_the_grain(contract: Contract) -> str:
    """To what size amounts of the contract are rounded and split: `to the penny`, `to the dollar`."""
    grain = contract.rounding.grain or Fraction(1, 10 ** money.CURRENCIES[contract.currency][1])
    return f"to the {money.grain_name(grain, contract.currency)}"


def number(value: Fraction) -> str:
    """A quantity for people: `1,200`, `7.5`."""
    return f"{value.numerator:,}" if value.denominator == 1 else money.number(value)


def quantity(value: Fraction, kind: str, currency: str) -> str:
    """A quantity with its unit: `12 days`, `£719.83`, `7.5 hours`."""
    if kind == "money":
        return pounds(value, currency)
    if kind == "days":
        return f"{number(value)} day{'' if value == 1 else 's'}"
    if kind == "percentage":
        return f"{number(value * 100)}%"
    return f"{number(value)} {kind}" if kind in ("hours", "points") else number(value)


def pounds(amount: Fraction, currency: str) -> str:
    """A rate or an amount for people: in whole pennies, or exactly where it is not in whole pennies."""
    said = money.show(amount, currency)
    if not said.startswith("about "):
        return said
    sign = money.CURRENCIES.get(currency, (f"{currency} ", 2))[0]
    return f"{'-' if amount < 0 else ''}{sign}{money.number(abs(amount))}"


def when(span: Period) -> str:
    """`in April-June 2018`, `in May 2018`, `from 3 Apr 2018 to 9 May 2018`."""
    said = months_name(span)
    if span.start.day != 1 or span.end.day != 1:
        return f"from {long(span.start)} to {long(span.last)}"
    return f"in {said}"


# ------------------------------------------------------------------ what is counted


def counted(contract: Contract, settings: Settings, metric: Metric, band: str, period: Period) -> str:
    """What the quantity of a metric in a period counts, as the end of `4 = ...`."""
    table = table_named(contract, metric.records)
    row = noun(table) if table else metric.records
    over = next((one for one in spans(contract, metric.measured) if one.last == period.last), period)
    said = _results(metric, row, over, contract.currency)
    bands = bands_of(contract, settings, metric)
    if band and bands is not None:
        at = " at joining" if metric.banded_at == "joining" else ""
        said += f", with {bands.by}{at} {band_words(contract, metric, bands, band)}"
    return said


def _results(metric: Metric, row: str, period: Period, currency: str) -> str:
    at = when(period)
    inside = {"": "", "tracking": " in tracking", "window": " in each person's window"}[metric.within]
    each = ""
    if metric.weight is not None:
        each = f", each times {wording.amount(metric.weight, '')}"
        each += " at joining" if metric.weight_at == "joining" else ""
        if "days" not in metric.counts:
            return f"{_results(evolve(metric, weight=None), row, period, currency)}{each}"
    match metric.counts:
        case "days":
            return f"days{inside} {at} on which a {row} lasts{_kept(metric)}, a day once for each person{_less(metric)}{each}"
        case "days of tracking":
            return f"days of tracking {at}{_less(metric)}{each}"
        case "people":
            return f"people of {' or '.join(metric.among)}{inside}, dated {at} (by {metric.dated.column})"
        case "people reaching":
            return (
                f"people of {' or '.join(metric.among)} who reached {reached(metric, currency)}{inside} {at}"
            )
        case "sum":
            return (
                f"{metric.column} of {plural(row)}{inside}, dated {at} (by {metric.dated.column}), added up"
            )
        case "average":
            return (
                f"{metric.column} of {plural(row)}{inside}, dated {at} (by {metric.dated.column}), on average"
            )
        case "share of days" | "fewer days" | "earlier days":
            return _of_window(metric, at)
        case "different":
            return f"different values of {metric.column} in {plural(row)}{inside}, dated {at} (by {metric.dated.column})"
        case "determination":
            return f"{metric.column} of the {row} dated {at} (by {metric.dated.column})"
        case "rows":
            pass
    if metric.held is not None:
        duration = str(metric.held.duration)
        ends = {"day after": "reached that", "last day held": "held the last of those days"}
        did = ends.get(metric.dated.by, f"was dated (by {metric.dated.column})")
        if not metric.first_only:
            return f"{plural(row)}, held for {duration}, that {did} {at}{_so_many(metric)}"
        return f"people whose first {row} held for {duration} {did} {at}{_in_each(metric)}"
    by = f"(by {metric.dated.column})"
    if not metric.first_only:
        return f"{plural(row)} dated {at} {by}{_so_many(metric)}"
    return f"people whose first {row} that counts is dated {at} {by}{_in_each(metric)}"


def _of_window(metric: Metric, at: str) -> str:
    """What the days of each member's window come to, of those whose window ends then."""
    window = metric.window
    time = f"{window.duration} from {window.start}" if window else "window"
    lasts, people = f"a row of {metric.days_of} lasts, a day once", " or ".join(metric.among)
    if metric.counts == "share of days":
        those = f"the people of {people} whose window ends {at}"
        return f"share of the days of each person's window ({time}) on which {lasts}, on average over {those}"
    those = f"of the people of {people} for whom {time} are over {at}"
    before = f"the {window.duration if window else ''} before {window.start if window else ''}"
    if metric.counts == "earlier days":
        return f"days of {before} on which {lasts}, {those}"
    return f"days fewer on which {lasts}, than in {before}, more days {metric.more_days}, {those}"


def reached(metric: Metric, currency: str) -> str:
    """What is to be reached: `£8,000 in Amount`."""
    amount = "" if metric.reaches is None else wording.amount(metric.reaches, currency)
    return f"{amount} in {metric.column}"


def _kept(metric: Metric) -> str:
    if metric.held is None:
        return ""
    after = "after" if metric.held.counting == "later days" else "once"
    return f", {after} it has lasted {metric.held.duration}"


def _less(metric: Metric) -> str:
    return f", without the days of {metric.net_of}" if metric.net_of else ""


def _in_each(metric: Metric) -> str:
    return ", once for each band" if metric.first_only == "in each band" else ""


def _so_many(metric: Metric) -> str:
    return f", {metric.at_most.said} for each person{_of_bands(metric)}" if metric.at_most else ""


def _of_bands(metric: Metric) -> str:
    return " and band" if metric.at_most and metric.at_most.across == "in each band" else ""


def bands_of(contract: Contract, settings: Settings, metric: Metric) -> Bands | None:
    """The bands of a metric as in force, or None."""
    return bands_in_force(contract, settings).get(metric.bands)


def band_words(contract: Contract, metric: Metric, bands: Bands, band: str) -> str:
    """The values that a band holds: `at least 16 hours`, `North or South`."""
    column = banded_column(contract, metric, bands)
    one = next(one for one in bands.bands if one.name == band)
    if one.rest:
        others = [word for other in bands.bands for word in other.words]
        return f"other than {listed(others, 'and')}" if others else "of any value"
    if one.words:
        return listed(one.words, "or")
    return written(one.holds, column.kind if column else "number", contract.currency) or "of any value"


def definition(
    contract: Contract, settings: Settings, metric: Metric, band: str
) -> list[tuple[str, str, str]]:
    """A metric line by line, as label, words and where it stands."""
    cohorts = [one for one in contract.cohorts if one.name in metric.among]
    cohort = cohorts[0] if len(cohorts) == 1 else None
    found: list[tuple[str, str, str]] = [
        ("among", cohort_words(contract, one), cite(one.clause, one.span)) for one in cohorts
    ]
    found += [
        ("only if", wording.condition(one, contract.currency), place(one.span)) for one in metric.conditions
    ]
    if metric.held is not None:
        held = f"for {metric.held.duration} from {metric.held.start}"
        if metric.held.gaps is not None:
            held += f", gaps of at most {metric.held.gaps.duration} {metric.held.gaps.of}"
        if metric.held.counting:
            held += f", counting {metric.held.counting}"
        found.append(("held", held, place(metric.held.span)))
    if (
        cohort is not None
        and cohort.tracked is not None
        and (metric.within == "tracking" or "tracking" in metric.counts)
    ):
        lasts = f"for {cohort.tracked.duration} from {cohort.tracked.start}"
        found.append(("tracked", lasts, place(cohort.tracked.span)))
    if metric.window is not None:
        lasts = f"{metric.window.duration} from {metric.window.start}"
        if metric.counts in ("fewer days", "earlier days"):
            lasts += f", against the {metric.window.duration} before"
        found.append(("window", lasts, place(metric.window.span)))
    if metric.net_of:
        found.append(("net of", f"{metric.net_of}, on the same days", ""))
    if metric.reaches is not None:
        said = f"{reached(metric, contract.currency)}, by {metric.dated.column}"
        found.append(("reaches", said, place(metric.reaches.span)))
    if metric.evidence is not None:
        found.append(("evidenced by", metric.evidence.said, place(metric.evidence.span)))
    if metric.weight is not None:
        found.append(
            (
                "weighted by",
                wording.amount(metric.weight, contract.currency)
                + (", as recorded at joining" if metric.weight_at == "joining" else ""),
                place(metric.weight.span),
            )
        )
    dated = {
        "day after": "on the day after",
        "last day held": "on the last day held",
        "each day": "each day",
        "end of window": "on the last day of the window",
    }
    day = "on the day reached" if metric.reaches is not None else metric.dated.column
    found.append(("dated", dated.get(metric.dated.by, day), place(metric.dated.span)))
    if metric.picks:
        found.append(("if several", ", then ".join(map(pick, metric.picks)), place(metric.picks[0].span)))
    if metric.measured is not None:
        found.append(("measured", metric.measured.said, place(metric.measured.span)))
    if metric.first_only:
        first = f"first only{f', {metric.first_only}' if metric.bands else ''}"
        found.append(("per person", first, ""))
    if metric.at_most is not None:
        across = f", {metric.at_most.across}" if metric.bands else ""
        found.append(("per person", f"{metric.at_most.said}{across}", place(metric.at_most.span)))
    if metric.tie is not None:
        found.append(("if tied", pick(metric.tie), place(metric.tie.span)))
    bands = bands_of(contract, settings, metric)
    if bands is not None:
        for one in bands.bands:
            if band in ("", one.name):
                holds = band_words(contract, metric, bands, one.name)
                at = " at joining" if metric.banded_at == "joining" else ""
                found.append(("band", f"{one.name}: {bands.by}{at} {holds}", cite(bands.clause, one.span)))
    return found


def cohort_words(contract: Contract, cohort: Cohort) -> str:
    """Who is in a cohort: `Service Users: Referrals with Severe Condition is yes; joining on Referred On`."""
    tests = [wording.condition(one, contract.currency) for one in cohort.conditions]
    only = f", only if {' and '.join(tests)}" if tests else ""
    several = f"; if several, {listed([pick(one) for one in cohort.picks])}" if cohort.picks else ""
    size = f"; the first {cohort.most:,} to join" if cohort.most is not None else ""
    return f"{cohort.name}: rows of {cohort.records}{only}; joins on {cohort.joins_on}{several}{size}"


def pick(one: Pick) -> str:
    """`lowest Job ID`."""
    return f"{one.way} {one.column}"


def row_of(table: Records | None, cells: dict[str, str]) -> str:
    """What a row is, with the values that identify it: `job J00014`."""
    if table is None:
        return "row"
    names = [cells[one.name] for one in table.columns if one.kind == "identifier" and cells.get(one.name)]
    return " ".join([noun(table), *names])


# ------------------------------------------------------------------ selections and scopes


def selection(chosen: Selection, settings: Settings) -> str:
    """Which payments: `payments from CBO`, `block payments to Working Well in ...`."""
    kinds = {"all": "payments", "block": "block payments", "unearned block": "unearned block payments"}
    said = [kinds.get(chosen.kind, "advance payments")]
    if chosen.payers:
        said.append(f"from {listed(chosen.payers)}")
    if chosen.payees:
        said.append(f"to {listed(chosen.payees)}")
    if chosen.metric_kinds:
        said.append(f"on {listed([_SMALL_KINDS.get(one, one) for one in chosen.metric_kinds])}")
    if chosen.metrics:
        said.append(f"for {listed(chosen.metrics)}")
    if chosen.payments:
        said.append(f"under {listed(chosen.payments)}")
    if chosen.by_results:
        said.append("by results")
    if chosen.earned_from is not None:
        said.append(f"for results from {long(settings.day(chosen.earned_from))}")
    if chosen.earned_to is not None:
        said.append(f"for results to {long(settings.day(chosen.earned_to))}")
    return " ".join(said)


def limited(row: CapRow, settings: Settings) -> str:
    """Which payments a limit covers, and which of them it leaves out."""
    out = [selection(one, settings) for one in row.leaves_out]
    return selection(row.covers, settings) + (f", but {listed(out)}" if out else "")


def share(row: CapRow, part: Fraction, settings: Settings) -> str:
    """Of a limit that is a share of payments: what it is a share of, and which `part` of them makes it that share."""
    if row.share_of is None:
        return ""
    percent = money.percent(settings.number(row.amount))
    said = f"{percent} of {selection(row.share_of.payments, settings)}, {row.share_of.side} this limit"
    if part == settings.number(row.amount):
        return f"{said}; so far these come to"
    return f"{said}, is {money.number(part)} of what else there is among them, which so far comes to"


def who(row: CapRow, settings: Settings) -> str:
    """The shortest name of what a cap covers: a payer alone where it covers that payer's payments, else all of it."""
    chosen, said = row.covers, limited(row, settings)
    return chosen.payers[0] if said == f"payments from {listed(chosen.payers)}" else said


def over(scope: Scope, occasion: Period) -> str:
    """Over what time a limit runs: `over the contract`, `in April-June 2018`."""
    return "over the contract" if scope.over == "contract" else when(occasion)

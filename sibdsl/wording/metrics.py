"""What a metric counts and who is in a cohort, in words."""

from __future__ import annotations

from typing import assert_never

from attrs import evolve

from sibdsl.dates import Period
from sibdsl.english import listed, plural
from sibdsl.model.earlier_texts import by_text, days_of
from sibdsl.model.nodes import (
    Cohort,
    ColumnAverage,
    ColumnSum,
    Contract,
    DaysCounted,
    DaysOfTracking,
    Determination,
    DifferentValues,
    EarlierDays,
    FewerDays,
    Metric,
    PeopleCounted,
    PeopleReaching,
    Pick,
    ResultDate,
    RowsCounted,
    ShareOfDays,
)
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.periods import spans
from sibdsl.wording.bands import band_words, bands_of
from sibdsl.wording.clauses import cite, place
from sibdsl.wording.conditions import amount, condition
from sibdsl.wording.times import when
from sibdsl.wording.values import noun


def counted(contract: Contract, settings: Settings, metric: Metric, band: str, period: Period) -> str:
    """What the quantity of a metric in a period counts, as the end of `4 = ...`; by each of its texts, where they say otherwise."""
    if metric.earlier:
        said_by = {
            held.said: counted(at, settings, text, band, period)
            for held, at, text in by_text(contract, metric)
        }
        if len(set(said_by.values())) == 1:
            return next(iter(said_by.values()))
        return "; ".join(f"{words} ({when_})" for when_, words in said_by.items())
    table = contract.table(metric.records)
    row = noun(table) if table else metric.records
    over = next((span for span in spans(contract, metric.measured) if span.last == period.last), period)
    said = _results(metric, row, over, contract.currency)
    bands = bands_of(contract, settings, metric)
    if band and bands is not None:
        at = " at joining" if metric.banded_at == "joining" else ""
        said += f", with {bands.by}{at} {band_words(contract, metric, bands, band)}"
    return said


def quantity_said(metric: str, band: str, contract: str = "") -> str:
    """`Job Kept Full Time`; of a contract of a programme `Job Kept Full Time of North`."""
    name = " ".join(part for part in (metric, band) if part)
    return f"{name} of {contract}" if contract else name


def _results(metric: Metric, row: str, period: Period, currency: str) -> str:
    at = when(period)
    inside = {"": "", "tracking": " in tracking", "window": " in each person's window"}[metric.within]
    inside += f" in the {metric.days_in}" if metric.days_in else ""
    weighting = ""
    if metric.weight is not None:
        weighting = f", each times {amount(metric.weight, '')}"
        weighting += " at joining" if metric.weight_at == "joining" else ""
        if not (metric.counts.by_the_day or metric.counts.of_window):
            return f"{_results(evolve(metric, weight=None), row, period, currency)}{weighting}"
    match metric.counts:
        case DaysCounted():
            return f"days{inside} {at} on which a {row} lasts{_kept(metric)}, a day once for each person{_less(metric)}{weighting}"
        case DaysOfTracking():
            return f"days of tracking{inside} {at}{_less(metric)}{weighting}"
        case PeopleCounted():
            return f"people of {' or '.join(metric.among)}{inside}, dated {at} (by {dated_by(metric)})"
        case PeopleReaching() as counted:
            return (
                f"people of {' or '.join(metric.among)} who reached {reached(counted, currency)}{inside} {at}"
            )
        case ColumnSum(column=column):
            if metric.dated.each:
                return f"{column} of {plural(row)} in progress at the end of each {metric.dated.each} {at}, added up"
            return f"{column} of {plural(row)}{inside}, dated {at} (by {dated_by(metric)}), added up"
        case ColumnAverage(column=column):
            latest = ", the latest of each person" if metric.latest_only else ""
            return (
                f"{column} of {plural(row)}{inside}, dated {at} (by {dated_by(metric)}){latest}, on average"
            )
        case ShareOfDays() | FewerDays() | EarlierDays() as counted:
            return _of_window(metric, counted, at)
        case DifferentValues(column=column):
            return (
                f"different values of {column} in {plural(row)}{inside}, dated {at} (by {dated_by(metric)})"
            )
        case Determination(column=column):
            return f"{column} of the {row} dated {at} (by {dated_by(metric)})"
        case RowsCounted():
            return _rows(metric, row, at)
        case _:
            assert_never(metric.counts)


def _rows(metric: Metric, row: str, at: str) -> str:
    if metric.held is not None:
        duration = metric.held.time
        ends = {"day after": "reached that", "last day held": "held the last of those days"}
        did = ends.get(metric.dated.by, f"was dated (by {dated_by(metric)})")
        if not metric.first_only:
            return f"{plural(row)}, held for {duration}, that {did} {at}{_so_many(metric)}"
        return f"people whose first {row} held for {duration} {did} {at}{_in_each(metric)}"
    by = f"(by {dated_by(metric)})"
    if metric.dated.each:
        said = f"{plural(row)} in progress at the end of each {metric.dated.each} {at}"
        return f"{said}, the first of each person" if metric.first_only else f"{said}{_so_many(metric)}"
    if not metric.first_only:
        return f"{plural(row)} dated {at} {by}{_so_many(metric)}"
    return f"people whose first {row} that counts is dated {at} {by}{_in_each(metric)}"


def _of_window(metric: Metric, counted: ShareOfDays | FewerDays | EarlierDays, at: str) -> str:
    """What the days of each member's window come to, of those whose window ends then."""
    window = metric.window
    time = f"{window.duration} from {window.start}" if window else "window"
    lasts, people = f"a row of {counted.days_of} lasts, a day once", " or ".join(metric.among)
    if isinstance(counted, ShareOfDays):
        those = f"the people of {people} whose window ends {at}"
        return f"share of the days of each person's window ({time}) on which {lasts}, on average over {those}"
    those = f"of the people of {people} for whom {time} are over {at}"
    before = f"the {window.duration if window else ''} before {window.start if window else ''}"
    if isinstance(counted, EarlierDays):
        return f"days of {before} on which {lasts}, {those}"
    return f"days fewer on which {lasts}, than in {before}, more days {counted.more_days}, {those}"


def dated_by(metric: Metric, currency: str = "") -> str:
    """The date that a metric's results bear: the name of its column, or how it is worked out."""
    day = metric.dated.day
    if day is None:
        return metric.dated.column
    return f"on {amount(day, currency)}" if isinstance(day, ResultDate) else amount(day, currency)


def reached(counted: PeopleReaching, currency: str) -> str:
    """What is to be reached: `£8,000 in Amount`."""
    return f"{amount(counted.amount, currency)} in {counted.column}"


def _kept(metric: Metric) -> str:
    if metric.held is None:
        return ""
    after = "after" if metric.held.counting == "later days" else "once"
    return f", {after} it has lasted {metric.held.length}"


def _less(metric: Metric) -> str:
    return f", without the days of {metric.net_of}" if metric.net_of else ""


def _in_each(metric: Metric) -> str:
    return ", once for each band" if metric.first_only == "in each band" else ""


def _so_many(metric: Metric) -> str:
    return f", {metric.at_most.said} for each person{_of_bands(metric)}" if metric.at_most else ""


def _of_bands(metric: Metric) -> str:
    return " and band" if metric.at_most and metric.at_most.across == "in each band" else ""


def definition(
    contract: Contract, settings: Settings, metric: Metric, band: str
) -> list[tuple[str, str, str]]:
    """A metric line by line, as label, words and where it stands; of several texts each line with the days of its text."""
    if metric.earlier:
        return [
            (label, f"{held.said}: {words}", where)
            for held, at, text in by_text(contract, metric)
            for label, words, where in definition(at, settings, text, band)
        ]
    cohorts = [cohort for cohort in contract.cohorts if cohort.name in metric.among]
    cohort = cohorts[0] if len(cohorts) == 1 else None
    found: list[tuple[str, str, str]] = [
        ("among", cohort_words(contract, cohort), cite(cohort.clause, cohort.span)) for cohort in cohorts
    ]
    found += [("only if", condition(test, contract.currency), place(test.span)) for test in metric.conditions]
    if metric.held is not None:
        held = metric.held
        start = amount(held.day, contract.currency) if held.day is not None else held.start
        found.append(("held", held.said(start), place(metric.held.span)))
    if (
        cohort is not None
        and cohort.tracked is not None
        and (metric.within == "tracking" or isinstance(metric.counts, DaysOfTracking))
    ):
        lasts = f"for {cohort.tracked.duration} from {cohort.tracked.start}"
        found.append(("tracked", lasts, place(cohort.tracked.span)))
    if metric.window is not None:
        lasts = f"{metric.window.duration} from {metric.window.start}"
        if isinstance(metric.counts, FewerDays | EarlierDays):
            lasts += f", against the {metric.window.duration} before"
        found.append(("window", lasts, place(metric.window.span)))
    if metric.net_of:
        found.append(("net of", f"{metric.net_of}, on the same days", ""))
    if isinstance(metric.counts, PeopleReaching):
        said = f"{reached(metric.counts, contract.currency)}, by {metric.dated.column}"
        found.append(("reaches", said, place(metric.counts.amount.span)))
    if metric.evidence is not None:
        found.append(("evidenced by", metric.evidence.said, place(metric.evidence.span)))
    if metric.weight is not None:
        found.append(
            (
                "weighted by",
                amount(metric.weight, contract.currency)
                + (", as recorded at joining" if metric.weight_at == "joining" else ""),
                place(metric.weight.span),
            )
        )
    dated = {
        "day after": "on the day after",
        "last day held": "on the last day held",
        "each day": "each day",
        "end of window": "on the last day of the window",
        "each end": f"at the end of each {metric.dated.each}",
    }
    day = (
        "on the day reached"
        if isinstance(metric.counts, PeopleReaching)
        else dated_by(metric, contract.currency)
    )
    found.append(("dated", dated.get(metric.dated.by, day), place(metric.dated.span)))
    if metric.counts.picks:
        found.append(
            ("if several", ", then ".join(map(pick, metric.counts.picks)), place(metric.counts.picks[0].span))
        )
    if metric.measured is not None:
        found.append(("measured", metric.measured.said, place(metric.measured.span)))
    if metric.first_only:
        first = f"first only{f', {metric.first_only}' if metric.bands else ''}"
        found.append(("per person", first, ""))
    if metric.latest_only:
        found.append(("per person", "latest only", ""))
    if metric.at_most is not None:
        across = f", {metric.at_most.across}" if metric.bands else ""
        found.append(("per person", f"{metric.at_most.said}{across}", place(metric.at_most.span)))
    if metric.tie is not None:
        found.append(("if tied", pick(metric.tie), place(metric.tie.span)))
    bands = bands_of(contract, settings, metric)
    if bands is not None:
        for own_band in bands.bands:
            if band in ("", own_band.name):
                holds = band_words(contract, metric, bands, own_band.name)
                at = " at joining" if metric.banded_at == "joining" else ""
                found.append(
                    ("band", f"{own_band.name}: {bands.by}{at} {holds}", cite(bands.clause, own_band.span))
                )
    return found


def cohort_words(contract: Contract, cohort: Cohort) -> str:
    """Who is in a cohort: `Service Users: Referrals with Severe Condition is yes; joining on Referred On`."""
    if cohort.earlier:
        days = days_of(tuple(text.last for text in cohort.earlier))
        texts = (*(text.cohort for text in cohort.earlier), cohort)
        return "; ".join(
            f"{'or, joining ' if at else 'joining '}{held.said}, {cohort_words(contract, evolve(text, earlier=()))}"
            for at, (held, text) in enumerate(zip(days, texts, strict=True))
        )
    tests = [condition(test, contract.currency) for test in cohort.conditions]
    only = f", only if {' and '.join(tests)}" if tests else ""
    several = (
        f"; if several, {listed([pick(cohort_pick) for cohort_pick in cohort.picks])}" if cohort.picks else ""
    )
    size = f"; the first {cohort.most:,} to join" if cohort.most is not None else ""
    return f"{cohort.name}: rows of {cohort.records}{only}; joins on {cohort.joins_on}{several}{size}"


def pick(choice: Pick) -> str:
    """`lowest Job ID`."""
    return f"{choice.way} {choice.column}"

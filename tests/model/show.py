"""Contract models as contract text, for tests: plain, complete, and sharing nothing with the product's formatter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from sibdsl.dates import MONTHS, Period, contract_year, long, year_start
from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Condition, Contract, Given, Scope, Selection, Value
from sibdsl.model.types import Interval, Kind

SIGNS = {"GBP": "£", "USD": "$", "EUR": "€"}
GRAINS = {Fraction(1, 100): "penny", Fraction(1): "pound"}


def show(contract: Contract) -> str:
    """The whole contract as text that translates back to an equal model."""
    printer = Printer(contract)
    return "\n\n".join("\n".join(lines) for lines in printer.blocks()) + "\n"


def exact(number: Fraction) -> str:
    """A number in decimals."""
    for places in range(13):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
    raise ValueError(number)


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return [
        "  | " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]


def said(label: str, what: str) -> str:
    return f"  {label:<12}  {what}"


class Printer:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.sign = SIGNS[contract.currency]

    def blocks(self) -> Iterable[list[str]]:
        contract = self.contract
        yield self.heading()
        yield [
            "parties",
            *table(("party", "full name", "role"), map(self.party, contract.parties)),
            "end parties",
        ]
        if contract.particulars:
            rows = map(self.particular, contract.particulars)
            heads = ("particular", "holds", "default", "must be")
            yield ["particulars", *table(heads, rows), "end particulars"]
        yield from map(self.assumption, contract.assumptions)
        yield from map(self.lookup, contract.lookups)
        yield from map(self.records, contract.records)
        yield from map(self.cohort, contract.cohorts)
        yield from map(self.bands, contract.bands)
        yield from map(self.metric, contract.metrics)
        yield from map(self.routes, contract.routes)
        yield from map(self.workings, contract.workings)
        yield from map(self.payment, contract.payments)
        yield from map(self.advance, contract.advances)
        yield from map(self.cap, contract.caps)
        yield from map(self.rule, contract.rules)
        if contract.scenarios:
            rows = map(self.scenario, contract.scenarios)
            yield ["scenarios", *table(("scenario", "quantities"), rows), "end scenarios"]
        yield from map(self.example, contract.examples)
        yield from map(self.investment, contract.investments)

    def title(self, kind: str, name: str, clause: str = "", gloss: str = "") -> str:
        label, words = f" [{clause}]" if clause else "", f' "{gloss}"' if gloss else ""
        return f"{kind} {name}{label}{words}"

    # -------------------------------------------------------------- heading

    def heading(self) -> list[str]:
        contract = self.contract
        month, day = contract.years_begin
        rounding = contract.rounding
        assert rounding.grain is not None
        lines = [
            self.title("contract", contract.name, "", contract.gloss),
            said("reference", f'"{contract.reference}"'),
            said("service period", self.clock("service period", contract.service)),
            said("new entrants", f"to {long(contract.new_entrants_last)}"),
            said("payment period", self.clock("payment period", contract.payment_period)),
            said("currency", contract.currency),
            said("years", f"begin {day} {MONTHS[month - 1]}"),
            said("statements", self.statements()),
            said("rounding", f"each {rounding.each}, {rounding.way}, to the {GRAINS[rounding.grain]}"),
        ]
        if contract.due is not None:
            moved = ", moved to the next weekday" if contract.due.weekday else ""
            lines.append(said("due", f"{contract.due.after} after each statement{moved}"))
        if contract.part_of:
            lines.append(said("part of", contract.part_of))
        if contract.extension is not None:
            length = contract.extension.duration
            lines.append(
                said(
                    "extension",
                    f"of {length.number} {length.unit}s at the option of {contract.extension.party}",
                )
            )
        if contract.precedence:
            lines.append(said("precedence", contract.precedence))
        return [*lines, "end contract"]

    def clock(self, which: str, period: Period) -> str:
        """A period of the heading, its last day by name where it has one."""
        names = {one.of: one.name for one in self.contract.by_name}
        return f"{long(period.start)} to {names.get(f'{which}, last day', long(period.last))}"

    def statements(self) -> str:
        ends = self.contract.statements_on
        return f"on {', '.join(map(long, ends))}" if ends else self.contract.calendar

    def days(self, period: Period) -> str:
        return f"{long(period.start)} to {long(period.last)}"

    def party(self, one: nodes.Party) -> tuple[str, ...]:
        return one.name, f'"{one.full_name}"', ", ".join(one.roles)

    def particular(self, one: nodes.Particular) -> tuple[str, ...]:
        holds = f"{one.kind} for each {one.per}" if one.per else one.kind
        default = "required" if one.default is None else self.value(one.default, one.kind)
        return (
            one.name,
            holds,
            default,
            self.interval(one.allowed, one.kind) if one.allowed != Interval() else "any",
        )

    def lookup(self, one: nodes.Lookup) -> list[str]:
        rows = (
            [self.value(cell.value, cell.kind) if cell else "blank" for cell in row.cells] for row in one.rows
        )
        head = self.title("table", one.name, one.clause, one.gloss)
        return [head, *table([column.name for column in one.columns], rows), "end table"]

    def assumption(self, one: nodes.Assumption) -> list[str]:
        if one.kind == "band":
            assert one.point is not None
            takes = f"{exact(one.point)} hours in {one.takes}"
        else:
            takes = self.value(one.takes, one.kind)
        head = self.title("assumption", one.name, one.clause)
        return [
            head,
            said("takes", takes),
            said("reason", f'"{one.reason or "left open"}"'),
            "end assumption",
        ]

    # -------------------------------------------------------------- records, who and what is counted

    def records(self, one: nodes.Records) -> list[str]:
        lines = [f"records {one.name}", said("one row", f"per {one.row_is}")]
        if one.spell:
            end = (
                f"{one.spell.end} inclusive" if one.spell.last_included else f"the day before {one.spell.end}"
            )
            still = ", open while blank" if one.spell.open_while_blank else ""
            lines.append(said("spell", f"from {one.spell.start} to {end}{still}"))
        if one.known_on:
            lines.append(said("known on", one.known_on))
        lines += [
            said("define", f"{column.name} as {self.amount(column.formula)}")
            for column in one.columns
            if column.formula is not None
        ]
        return [
            *lines,
            *table(("column", "holds", "headed", "blank", "must be"), map(self.column, one.filed)),
            "end records",
        ]

    def column(self, one: nodes.RecordColumn) -> tuple[str, ...]:
        holds = "one of " + ", ".join(one.categories) if one.categories else one.kind
        must = self.interval(one.allowed, one.kind) if one.allowed != Interval() else "any"
        headed = f'"{one.headed}"' if one.headed else "none"
        return one.name, holds, headed, "allowed" if one.blank_allowed else "rejected", must

    def cohort(self, one: nodes.Cohort) -> list[str]:
        lines = [self.title("cohort", one.name, one.clause, one.gloss), said("rows", one.records)]
        lines += map(self.top, one.conditions)
        lines.append(said("joins", f"on {one.joins_on}"))
        if one.picks:
            lines.append(said("if several", ", then ".join(map(self.pick, one.picks))))
        if one.tracked:
            lines.append(said("tracked", f"for {one.tracked.duration} from {one.tracked.start}"))
        if one.most is not None:
            lines.append(said("size", f"the first {one.most:,} to join"))
        return [*lines, "end cohort"]

    def pick(self, one: nodes.Pick) -> str:
        return f"{one.way} {one.column}"

    def bands(self, one: nodes.Bands) -> list[str]:
        rows = ((band.name, self.held(band)) for band in one.bands)
        lines = [self.title("bands", one.name, one.clause), said("by", one.by)]
        return [*lines, *table(("band", "holds"), rows), "end bands"]

    def on_days(self, days: nodes.DayRange) -> str:
        """A stretch of days, by its ends."""
        if days.first is None or days.last is None:
            end = days.first or days.last
            assert end is not None
            return f"on or {'after' if days.first else 'before'} {long(end)}"
        return f"{long(days.first)} to {long(days.last)}"

    def held(self, band: nodes.Band) -> str:
        """What a band holds: a range, words, or the rest."""
        if band.rest:
            return "the rest"
        if band.days is not None:
            return self.on_days(band.days)
        plain = set(band.words) <= {"yes", "no"}
        return ", ".join(word if plain else f'"{word}"' for word in band.words) or self.interval(
            band.holds, "hours"
        )

    def metric(self, one: nodes.Metric) -> list[str]:
        lines = [
            self.title("metric", one.name, one.clause, one.gloss),
            said("kind", one.kind),
            self.counts(one),
            *([said("among", ", ".join(one.among))] if one.cohort else []),
        ]
        tests = list(one.conditions)
        within = said("within", one.within) if one.within else ""
        if one.window:
            before = (
                f", against the {one.window.duration} before"
                if one.counts.word in ("fewer days", "earlier days")
                else ""
            )
            lines.append(said("window", f"{one.window.duration} from {one.window.start}{before}"))
        last = tests[-1] if tests else None
        if isinstance(last, nodes.InPeriod) and isinstance(last.value, nodes.Column):
            dated = one.dated.column or (one.held.start if one.held else "")
            if last.value.name == dated and not within and one.dated.day is None:
                within = said("within", f"the {last.period}")
                tests.pop()
        lines += map(self.top, tests)
        if within:
            lines.append(within)
        if one.held:
            lines.append(
                said("held", one.held.said(self.amount(one.held.day) if one.held.day else one.held.start))
            )
        ways = {
            "column": "on the day reached"
            if isinstance(one.counts, nodes.PeopleReaching)
            else one.dated.column,
            "day after": "on the day after",
            "last day held": "on the last day held",
            "each day": "each day",
        }
        if isinstance(one.counts, nodes.PeopleReaching):
            what = f"{self.amount(one.counts.amount)} in {one.counts.column} of {one.records}"
            lines.append(said("reaches", f"{what}, by {one.dated.column}"))
        if one.evidence is not None:
            lines.append(said("evidenced", f"by {one.evidence.said}"))
        if one.net_of:
            lines.append(said("net of", f"{one.net_of}, on the same days"))
        if one.weight is not None:
            lines.append(said("weighted by", self.amount(one.weight)))
        if one.dated.day is not None:
            result = isinstance(one.dated.day, nodes.ResultDate)
            lines.append(said("dated", f"{'on ' if result else ''}{self.amount(one.dated.day)}"))
        if one.dated.by in ways:
            lines.append(said("dated", ways[one.dated.by]))
        if one.first_only:
            across = f", {one.first_only}" if one.bands else ""
            lines.append(said("per person", f"first only{across}"))
        if one.at_most:
            across = f", {one.at_most.across}" if one.bands else ""
            lines.append(said("per person", f"{one.at_most.said}{across}"))
        if one.tie:
            lines.append(said("if tied", self.pick(one.tie)))
        if one.bands:
            lines.append(
                said(
                    "banded by",
                    f"{one.bands}, as recorded{' at joining' if one.banded_at == 'joining' else ''}",
                )
            )
        if one.counts.picks:
            lines.append(said("if several", ", then ".join(map(self.pick, one.counts.picks))))
        if one.measured is not None:
            lines.append(said("measured", self.measured(one.measured)))
        return [*lines, "end metric"]

    def measured(self, one: nodes.Measured) -> str:
        if one.over == "once":
            assert one.on is not None
            return f"once on {long(one.on)}"
        if one.days is not None:
            return f"in {one.days}"
        if one.to_date:
            return f"to date in {one.over}"
        return "over the contract" if one.over == "contract" else f"in {one.over}"

    def counts(self, one: nodes.Metric) -> str:
        verbs = {
            "sum": "sums",
            "average": "averages",
            "different": "counts different",
            "determination": "reads",
        }
        if one.counts.word in verbs:
            return said(verbs[one.counts.word], f"{one.counts.column} of {one.records}")
        if one.counts.word in ("people", "people reaching"):
            return said("counts", "people")
        if isinstance(one.counts, nodes.FewerDays):
            return said("counts", f"fewer days of {one.counts.days_of}, more days {one.counts.more_days}")
        if one.counts.word == "earlier days":
            return said("counts", f"earlier days of {one.counts.days_of}")
        if one.counts.word == "share of days":
            return said("averages", f"share of days of {one.counts.days_of}")
        what = (
            "days of tracking"
            if one.counts.word == "days of tracking"
            else f"{one.counts.word} of {one.records}"
        )
        return said("counts", what)

    def routes(self, one: nodes.Routes) -> list[str]:
        lines = [
            self.title("routes", one.name, one.clause, one.gloss),
            said("per person", f"one route, the {one.choice}"),
            *([said("if tied", "in the order below")] if one.choice == "first earned" else []),
        ]
        rows = ((route.name, ", ".join(route.metrics)) for route in one.routes)
        return [*lines, *table(("route", "metrics"), rows), "end routes"]

    # -------------------------------------------------------------- what is paid

    def workings(self, one: nodes.Workings) -> list[str]:
        rows = ((step.name, self.amount(step.amount)) for step in one.steps)
        head = self.title("workings", one.name, one.clause, one.gloss)
        return [head, *table(("step", "equals"), rows), "end workings"]

    def payment(self, one: nodes.Payment) -> list[str]:
        head = self.title("payment", one.name, one.clause, one.gloss)
        lines: list[str] = []
        if one.agent:
            lines.append(said("paying agent", one.agent))
        if one.needs:
            lines.append(said("paid only if", f"{one.needs} is given"))
        if one.applies.first:
            lines.append(said("starts", long(one.applies.first)))
        if one.applies.last:
            lines.append(said("ends", long(one.applies.last)))
        lines += [said("at most", f"{self.amount(row.amount)} {self.over(row)}") for row in one.limits]
        if one.limits:
            lines.append(said("excess", self.excess(one.excess)))
        if one.rates:
            lines += self.rates(one.rates)
        for tiered in one.tiered:
            lines += self.tiered(tiered)
        for regular in one.regular:
            lines += self.regular(regular)
        if one.to_date:
            lines += self.to_date(one.to_date)
        if one.taken_back:
            # Before the table, which stands last.
            at = next((at for at, line in enumerate(lines) if line.lstrip().startswith("|")), len(lines))
            lines.insert(at, said("taken back", one.taken_back))
        return [head, *lines, "end payment"]

    def tiered(self, one: nodes.Tiered) -> list[str]:
        lines = [
            said("payer", self.payers(one.payers)),
            said("payee", one.payee),
            said("for each", one.metric),
        ]
        if one.band:
            lines.append(said("band", one.band))
        lines.append(said("tiers", self.scope(one.scope)))
        rows = [
            (
                "further" if tier.units is None else f"{'next' if at else 'first'} {tier.units}",
                self.amount(tier.amount),
            )
            for at, tier in enumerate(one.tiers)
        ]
        return [*lines, *table(("units", "pays"), rows)]

    def regular(self, one: nodes.Regular) -> list[str]:
        unit = "claim" if one.each == "period" else one.each
        return [
            said("payer", self.payers(one.payers)),
            said("payee", one.payee),
            said("pays", self.amount(one.amount)),
            said("every", f"{unit} {one.due}, part {one.each}s {one.part}"),
        ]

    def to_date(self, one: nodes.ToDate) -> list[str]:
        lines = [said("payer", self.payers(one.payers)), said("payee", one.payee)]
        lines.append(said("pays to date", self.amount(one.amount)))
        if one.least is not None:
            lines.append(said("at least", f"{self.amount(one.least)} over the contract"))
        if one.most is not None:
            lines.append(said("at most", f"{self.amount(one.most)} over the contract"))
        return [*lines, said("taken back", one.taken_back)]

    def rates(self, rates: tuple[nodes.Rate, ...]) -> list[str]:
        first = rates[0]
        if first.days is not None:
            return self.rates_by_day(rates)
        if len(rates) == 1:
            lines = [said("payer", self.payers(first.payers)), said("payee", first.payee)]
            lines.append(said("for each", first.metric))
            if first.band:
                lines.append(said("band", first.band))
            return [*lines, said("pays", self.amount(first.amount))]
        lines = []
        same_payers = all(rate.payers == first.payers for rate in rates)
        same_payee = all(rate.payee == first.payee for rate in rates)
        if same_payers:
            lines.append(said("payer", self.payers(first.payers)))
        if same_payee:
            lines.append(said("payee", first.payee))
        headings = [
            *([] if same_payers else ["payer"]),
            *([] if same_payee else ["payee"]),
            "for each",
            "band",
            "pays",
        ]
        rows = [
            [
                *([] if same_payers else [self.payers(rate.payers)]),
                *([] if same_payee else [rate.payee]),
                rate.metric,
                rate.band or "all",
                self.amount(rate.amount),
            ]
            for rate in rates
        ]
        return [*lines, *table(headings, rows)]

    def rates_by_day(self, rates: tuple[nodes.Rate, ...]) -> list[str]:
        """A column for each stretch of days; the payers, where they differ, are one for each row."""
        turns = list(dict.fromkeys(one.days for one in rates if one.days))
        rows = [rates[at : at + len(turns)] for at in range(0, len(rates), len(turns))]
        alike = all(one.payers == rates[0].payers for one in rates)
        lines = [said("payer", self.payers(rates[0].payers))] if alike else []
        headings = [
            *([] if alike else ["payer"]),
            "payee",
            "for each",
            "band",
            *(f"pays in {long(one.start)} to {long(one.last)}" for one in turns),
        ]
        cells = [
            [
                *([] if alike else [self.payers(row[0].payers)]),
                row[0].payee,
                row[0].metric,
                row[0].band or "all",
                *(self.amount(one.amount) for one in row),
            ]
            for row in rows
        ]
        return [*lines, *table(headings, cells)]

    def payers(self, one: nodes.Payers) -> str:
        if one.shares:
            return self.shares(one.shares)
        *phases, last = one.phases
        if not phases:
            return last.payer
        turns = [f"{phase.payer} to {long(phase.last)}" for phase in phases if phase.last]
        return ", ".join(turns) + f", then {last.payer}, by date of {one.by}"

    def shares(self, shares: Sequence[nodes.Share]) -> str:
        """Every second one with `from`, which a share by name must have."""
        return ", ".join(
            f"{'the rest' if each.part is None else self.amount(each.part)} "
            f"{'from ' if at % 2 or isinstance(each.part, Given) else ''}{each.payer}"
            for at, each in enumerate(shares)
        )

    def advance(self, one: nodes.BlockAdvance) -> list[str]:
        lines = [self.title("block advance", one.name, one.clause, one.gloss)]
        if one.agent:
            lines.append(said("paying agent", one.agent))
        if any(row.against for row in one.advances):
            lines.append(said("set off", f"{self.amount(one.basis)}, {one.pace}"))
        lines.append(said("unused part", one.unused))
        rows = [
            (
                row.payer,
                row.payee,
                self.amount(row.paid_on),
                self.amount(row.amount),
                f"{', '.join(row.against)} {self.scope(row.scope)}" if row.scope else "none",
            )
            for row in one.advances
        ]
        headings = ("payer", "payee", "paid on", "pays", "set against")
        return [*lines, *table(headings, rows), "end block advance"]

    def investment(self, one: nodes.Investment) -> list[str]:
        lines = [
            self.title("investment", one.name, one.clause, one.gloss),
            said("into", one.into),
            said("form", one.form),
        ]
        if one.interest is not None:
            often = one.interest.compounds
            compounding = often if often == "simple" else f"compound {often}"
            lines.append(said("interest", f"{self.amount(one.interest.rate)} a year, {compounding}"))
        if one.rank:
            lines.append(said("ranks", f"after {one.after}" if one.after else one.rank))
        if one.behind:
            lines.append(said("repaid", f"from what is left after {', '.join(one.behind)}"))
        if one.repaid_on is not None:
            lines.append(said("repaid", f"on {self.amount(one.repaid_on)}"))
        days = [row.paid_on for row in one.drawdowns]
        rows = [
            (row.investor, self.amount(row.amount), *([self.amount(row.paid_on)] if row.paid_on else []))
            for row in one.drawdowns
        ]
        if len(rows) == 1:
            labels = ("investor", "pays", "paid on")
            return [
                *lines,
                *(said(label, cell) for label, cell in zip(labels, rows[0], strict=False)),
                "end investment",
            ]
        headings = ("investor", "pays", *(("paid on",) if days[0] else ()))
        return [*lines, *table(headings, rows), "end investment"]

    def scope(self, scope: Scope | None) -> str:
        assert scope is not None
        if scope.days is not None:
            begin = self.contract.years_begin
            year = year_start(scope.days.start, begin).year
            if contract_year(year, begin) == scope.days:
                return f"in {year}" if begin == (1, 1) else f"in {year}/{(year + 1) % 100:02d}"
            return f"in {self.days(scope.days)}"
        return {"contract": "over the contract", "each period": "in each claim"}.get(
            scope.over, f"in {scope.over}"
        )

    def excess(self, one: nodes.Excess) -> str:
        if one.shares:
            return f"paid by {self.shares(one.shares)}"
        return f"paid by {one.payer}" if one.payer else one.way

    def most(self, row: nodes.CapRow) -> str:
        if row.return_on:
            return f"what gives {self.amount(row.amount)} a year on {row.return_on} {self.over(row)}"
        share = row.share_of
        of = f" of {self.selection(share.payments)}" if share else ""
        return (
            f"{self.amount(row.amount)}{of} {self.over(row)}{f', {share.side} this limit' if share else ''}"
        )

    def bracketed(self, one: Amount) -> str:
        """An amount where only a simple one stands without brackets."""
        said = self.amount(one)
        return said if isinstance(one, Value | Given) else f"({said})"

    def over(self, row: nodes.CapRow) -> str:
        return f"{'per person ' if row.per else ''}{self.scope(row.scope)}"

    def cap(self, one: nodes.Cap) -> list[str]:
        head, lost = (
            self.title("cap", one.name, one.clause, one.gloss),
            said("excess", self.excess(one.excess)),
        )
        rows = [(self.selection(row.covers), self.most(row)) for row in one.rows]
        shared = [] if one.sharing == "pro rata" else [said("shared", "by date, then by clause")]
        shared += [said("leaves out", self.selection(out)) for out in one.rows[0].leaves_out]
        added = [
            f"{self.bracketed(each.amount)} on {self.amount(each.day)}" for each in one.rows[0].topped_up
        ]
        shared += [said("topped up", ", ".join(added))] if added else []
        shared += [said("after cap", ", ".join(one.after))] if one.after else []
        if len(rows) == 1:
            return [head, said("covers", rows[0][0]), said("at most", rows[0][1]), lost, *shared, "end cap"]
        return [head, lost, *shared, *table(("covers", "at most"), rows), "end cap"]

    def selection(self, one: Selection) -> str:
        kinds = {"all": "payments", "block": "block payments", "unearned block": "unearned block payments"}
        words = [kinds.get(one.kind, "advance payments")]
        words += [f"from {', '.join(one.payers)}"] if one.payers else []
        words += [f"to {', '.join(one.payees)}"] if one.payees else []
        if one.metric_kinds:
            words.append("on " + " and ".join(f"{kind}s" for kind in one.metric_kinds))
        words += [f"earned by {', '.join(one.metrics)}"] if one.metrics else []
        words += [f"under {', '.join(one.payments)}"] if one.payments else []
        words += ["by results"] if one.by_results else []
        words += [f"earned on or before {self.amount(one.earned_to)}"] if one.earned_to else []
        words += [f"earned on or after {self.amount(one.earned_from)}"] if one.earned_from else []
        return " ".join(words)

    # -------------------------------------------------------------- what must hold, what is tried

    def rule(self, one: nodes.Rule) -> list[str]:
        tested = f"in {self.days(one.days)}" if one.days else one.tested
        against = "scenarios " + ", ".join(one.scenarios) if one.scenarios else "every quantity"
        head = self.title("rule", one.name, one.clause)
        requires = said("requires", self.condition(one.requires, top=True))
        return [head, requires, said("tested", tested), said("against", against), "end rule"]

    def scenario(self, one: nodes.Scenario) -> tuple[str, ...]:
        if one.plan:
            return one.name, one.plan
        assert one.share is not None
        return one.name, f"{exact(one.share * 100)}% of {one.of} rounded {one.rounded}"

    def example(self, one: nodes.Example) -> list[str]:
        lines = [self.title("example", one.name, "", one.gloss)]
        if one.period:
            lines.append(said("in", self.days(one.period)))
        if one.as_of:
            lines.append(said("as of", long(one.as_of)))
        kinds: dict[str, Kind] = {choice.name: choice.kind for choice in self.contract.particulars}
        kinds |= {choice.name: choice.kind for choice in self.contract.assumptions}
        for name, value in one.settings:
            kind = kinds[name]
            lines.append(said("with", f"{name} is {value if kind == 'band' else self.value(value, kind)}"))
        if one.quantities:
            rows = [(row.metric, row.band or "none", exact(row.number)) for row in one.quantities]
            lines += ["  given", *table(("metric", "band", "quantity"), rows)]
        for given in one.records:
            lines.append(f"  given records {given.records}")
            cells = [[f'"{cell}"' if cell else "blank" for cell in row] for row in given.rows]
            lines += table(given.headings, cells)
        paid = [row for row in one.expected if isinstance(row, nodes.Expected)]
        counted = [row for row in one.expected if isinstance(row, nodes.ExpectedQuantity)]
        if paid:
            rows_ = [
                (
                    row.payment or "all",
                    row.payer or "all",
                    row.payee or "all",
                    self.value(row.amount, "money"),
                )
                for row in paid
            ]
            head = "  expect all" if one.complete else "  expect"
            lines += [head, *table(("payment", "payer", "payee", "pays"), rows_)]
        if counted:
            rows = [(row.metric, row.band or "all", exact(row.number)) for row in counted]
            lines += ["  expect", *table(("metric", "band", "quantity"), rows)]
        return [*lines, "end example"]

    # -------------------------------------------------------------- amounts and conditions

    def value(self, value: Fraction | date | str, kind: Kind) -> str:
        if isinstance(value, date):
            return long(value)
        if isinstance(value, str):
            return {"text": f'"{value}"'}.get(kind, value)
        if kind == "money":
            return f"{self.sign}{exact(value)}"
        if kind == "percentage":
            return f"{exact(value * 100)}%"
        unit = {"hours": " hours", "points": " points", "count": " units"}.get(kind, "")
        return f"{value.numerator}/{value.denominator}" if self.third(value) else f"{exact(value)}{unit}"

    def third(self, value: Fraction) -> bool:
        return any(value.denominator % prime == 0 for prime in (3, 7, 11, 13))

    def amount(self, amount: Amount, *, inner: bool = False) -> str:
        match amount:
            case nodes.Value():
                return self.value(amount.value, amount.kind)
            case nodes.Given() | nodes.Column():
                return amount.name
            case nodes.MetricColumn():
                return f"{amount.name} of {amount.metric}"
            case nodes.JoinedColumn():
                return f"{amount.name} of {amount.cohort}"
            case nodes.ResultDate():
                return f"the date of {amount.metric}"
            case nodes.JoiningDate():
                return "joining date"
            case nodes.WindowEnd():
                return "end of window"
            case nodes.MetricTotal():
                return f"{amount.metric} of band {amount.band}" if amount.band else amount.metric
            case nodes.WholeYears():
                return f"whole years from {self.amount(amount.start)} to {self.amount(amount.end)}"
            case nodes.DateMoved():
                start = self.amount(amount.start)
                start = f"({start})" if isinstance(amount.start, nodes.DateMoved) else start
                return f"{amount.duration} {amount.way} {start}"
            case nodes.Looked(column=name) | nodes.GivenFor(name=name):
                return f"{name} read at {self.amount(amount.key)}"
            case nodes.Working():
                return amount.name
            case nodes.Paid():
                return self.selection(amount.selection)
            case nodes.Arithmetic():
                return self.arithmetic(amount, inner=inner)
        raise TypeError(type(amount).__name__)  # none of the generated contracts has it

    def arithmetic(self, amount: nodes.Arithmetic, *, inner: bool) -> str:
        left, right = amount.left, amount.right
        if amount.op == "times" and isinstance(left, nodes.Value) and isinstance(left.value, Fraction):
            share = left.kind == "percentage" or (left.kind == "number" and left.value.denominator > 1)
            if share and left.kind == "percentage":
                return f"{self.amount(left)} of {self.amount(right, inner=True)}"
            if share:
                parts = f"{left.value.numerator}/{left.value.denominator}"
                return f"{parts} of {self.amount(right, inner=True)}"
        text = f"{self.amount(left, inner=True)} {amount.op} {self.amount(right, inner=True)}"
        return f"({text})" if inner else text

    def top(self, test: Condition) -> str:
        if isinstance(test, nodes.Not):
            return said("not if", self.condition(test.test, top=True))
        return said("only if", self.condition(test, top=True))

    def condition(self, test: Condition, *, top: bool = False) -> str:
        match test:
            case nodes.Both() | nodes.Either():
                joint = " and " if isinstance(test, nodes.Both) else " or "
                text = joint.join(self.condition(one) for one in test.tests)
                return text if top else f"({text})"
            case nodes.Not():
                return self.condition(test.test).replace(" is ", " is not ", 1)
            case nodes.Blank():
                return f"{test.value.name} is blank"
            case nodes.InPeriod():
                return f"{self.amount(test.value)} is in the {test.period}"
            case nodes.AnyDay():
                time = f"the {test.duration} {test.way} {self.amount(test.end)}"
                return f"any day of {test.records} is in {time}"
            case nodes.AnyResult():
                time = f"the {test.duration} {test.way} {self.amount(test.day)}"
                return f"any result of {test.metric} is in {time}"
            case nodes.Compare():
                return self.compare(test)

    def compare(self, test: nodes.Compare) -> str:
        left, right = self.amount(test.left), self.amount(test.right)
        words = {"=": "exactly", "<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
        if test.left.kind == "date":
            words = {"=": "", "<": "before", "<=": "on or before", ">": "after", ">=": "on or after"}
        elif test.left.kind in ("yes or no", "category"):
            words = {"=": ""}
        return f"{left} is {words[test.op]} {right}".replace("  ", " ")

    def interval(self, held: Interval, kind: Kind) -> str:
        if held.low is not None and held.low == held.high:
            return f"exactly {self.value(held.low, kind)}"
        ends: list[str] = []
        if held.low is not None:
            ends.append(f"{'at least' if held.low_in else 'more than'} {self.value(held.low, kind)}")
        if held.high is not None:
            ends.append(f"{'at most' if held.high_in else 'less than'} {self.value(held.high, kind)}")
        return " but ".join(ends)

"""A run as one HTML page that is made to be sent round: what was paid and measured by period, against caps, with charts.

Numbers of 1 to 4 people are held back, and the page says so. Nobody is named on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from sibdsl import money
from sibdsl.dates import Period, long, months_name
from sibdsl.model.fingerprint import short
from sibdsl.model.workings import counted_behind
from sibdsl.price import Key
from sibdsl.render.bars import Bar, chart
from sibdsl.render.html import framed, said
from sibdsl.settle.caps_used import CapUsed, caps_used
from sibdsl.settle.measured import MeasuredQuantity, measured
from sibdsl.settle.payments import Payments
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.small_numbers import FEW, PageNumber, behind_line, of_lines, of_people, summed

_STYLE = """\
figure { margin: .5rem 0 1rem; }
figcaption { font-weight: 600; margin-bottom: .25rem; }
tbody th { font-weight: 400; border-bottom: 1px solid #ddd; }
td.held { font-style: italic; color: #444; }
"""
_HELD = "held back"


def run_page(run: ProgrammePayments, people: Mapping[str, Mapping[Key, int]]) -> str:
    """The page of a run. `people` says of each contract how many people stand behind each of its quantities."""
    made = [
        _Contract(payments, people.get(payments.contract.name, {}), at)
        for at, payments in enumerate(run.runs)
    ]
    body = [line for contract_page in made for line in contract_page.body(heading=not run.programme.alone)]
    name = run.runs[0].contract.name if run.programme.alone else run.programme.name
    fingerprints = ", ".join(short(payments.fingerprint) for payments in run.runs)
    told = (
        f"Numbers of 1 to {FEW} people, and amounts that rest on them, are {_HELD} on this page. Whoever made it has them."
        if any(contract_page.hides for contract_page in made)
        else f"Numbers of 1 to {FEW} people would be {_HELD} on this page; there are none."
    )
    note = f'<p class="note"><strong>{said(told)}</strong></p>'
    return framed(name, f"as of {long(run.as_of)}; fingerprint {fingerprints}", [note, *body], _STYLE)


@frozen
class _Contract:
    """One contract's part of the page."""

    run: Payments
    people: Mapping[Key, int]
    at: int

    @property
    def hides(self) -> bool:
        """Whether a number of few people stands behind what it shows."""
        return any(0 < number <= FEW for number in self.people.values())

    def body(self, *, heading: bool) -> Iterator[str]:
        level = "h3" if heading else "h2"
        if heading:
            yield f"<h2>{said(self.run.contract.name)}</h2>"
        yield f"<{level}>Payments by statement period</{level}>"
        yield from self._payments()
        caps = caps_used(self.run)
        if caps:
            yield f"<{level}>Against caps</{level}>"
            yield from self._caps(caps)
        yield f"<{level}>What was measured, by period</{level}>"
        yield from self._quantities()

    # -------------------------------------------------------------- payments

    def _payments(self) -> Iterator[str]:
        run = self.run
        periods = sorted({priced.line.segment.statement for priced in run.lines})
        if not periods:
            yield "<p>Nothing is paid.</p>"
            return
        pairs = [(total.payer, total.payee) for total in run.totals()]
        cells = {
            (period, pair): of_lines(
                run,
                [
                    priced
                    for priced in run.lines
                    if priced.line.segment.statement == period
                    and (priced.line.payer, priced.line.payee) == pair
                ],
                self.people,
            )
            for period in periods
            for pair in pairs
        }
        wholes = {
            period: summed(
                [cells[period, pair] for pair in pairs],
                sum(
                    (run.signed(priced) for priced in run.lines if priced.line.segment.statement == period),
                    Fraction(0),
                ),
                of_the_same=True,
            )
            for period in periods
        }
        bars = [
            Bar(months_name(period), wholes[period].number, self._money(wholes[period])) for period in periods
        ]
        yield from self._figure("paid", "Paid in each statement period, in all", bars)
        heads = ["Statement period", *(f"{payer} to {payee}" for payer, payee in pairs), "in all"]
        rows = [
            [
                months_name(period),
                *(self._money(cells[period, pair]) for pair in pairs),
                self._money(wholes[period]),
            ]
            for period in periods
        ]
        sums = [
            summed([cells[period, pair] for period in periods], total.amount)
            for pair, total in zip(pairs, run.totals(), strict=True)
        ]
        whole = summed(
            [*wholes.values(), *sums],
            sum((run.signed(priced) for priced in run.lines), Fraction(0)),
        )
        rows.append(["in all", *map(self._money, sums), self._money(whole)])
        yield from _table(heads, rows)

    def _money(self, shown: PageNumber) -> str:
        return _HELD if shown.number is None else money.show(shown.number, self.run.contract.currency)

    # -------------------------------------------------------------- caps

    def _caps(self, caps: Sequence[CapUsed]) -> Iterator[str]:
        rows: list[list[str]] = []
        bars: list[Bar] = []
        for cap in caps:
            used = summed(self._by_period(cap), cap.paid)
            limit = money.show(cap.limit, self.run.contract.currency)
            left = PageNumber(None if used.held_back else max(Fraction(0), cap.limit - cap.paid))
            rows.append(
                [f"{cap.name}, {cap.covers}", str(cap.days), limit, self._money(used), self._money(left)]
            )
            bars.append(Bar(cap.covers, used.number, f"{self._money(used)} of {limit}", cap.limit))
        yield from self._figure("caps", "Paid under each cap by the end, and its limit as a line", bars)
        yield from _table(["Cap", "Over", "Limit", "Paid by then", "Left"], rows)

    def _by_period(self, cap: CapUsed) -> list[PageNumber]:
        """What came under a cap in each period, by how few people stand behind any of it."""
        few: dict[Period, int] = {}
        for line in cap.lines:
            period, count = line.earned_in.statement, behind_line(self.run, line, self.people)
            if count:
                few[period] = min(count, few.get(period, count))
        return [of_people(Fraction(0), count) for count in few.values()]

    # -------------------------------------------------------------- quantities

    def _quantities(self) -> Iterator[str]:
        every = measured(self.run)
        if not any(quantity.number for quantity in every):
            yield "<p>Nothing was counted in the periods that had ended.</p>"
            return
        for at, what in enumerate(dict.fromkeys(quantity.what for quantity in every)):
            mine = [quantity for quantity in every if quantity.what == what]
            if not any(quantity.number for quantity in mine):
                continue
            cells = {quantity.days: of_people(quantity.number, self._people(quantity)) for quantity in mine}
            bars = [
                Bar(
                    months_name(quantity.days),
                    cells[quantity.days].number,
                    _HELD if cells[quantity.days].held_back else quantity.said,
                )
                for quantity in mine
            ]
            yield from self._figure(f"of-{at}", what, bars)
            rows = [
                [months_name(quantity.days), _HELD if cells[quantity.days].held_back else quantity.said]
                for quantity in mine
            ]
            yield from _table(["Period", what], rows)
        nought = [
            what for what in dict.fromkeys(quantity.what for quantity in every) if not self._any(every, what)
        ]
        if nought:
            yield f"<p>Nothing in any period: {said(', '.join(nought))}.</p>"

    @staticmethod
    def _any(every: Sequence[MeasuredQuantity], what: str) -> bool:
        return any(quantity.number for quantity in every if quantity.what == what)

    def _people(self, quantity: MeasuredQuantity) -> int:
        """How many people stand behind a quantity; of one worked out from others the fewest behind any of those."""
        derived = [metric.name for metric in self.run.contract.derived if metric.name == quantity.metric]
        if derived:
            names = counted_behind(self.run.contract, derived)
            return min((number for key, number in self.people.items() if key.metric in names), default=0)
        return sum(
            number
            for key, number in self.people.items()
            if (key.metric, key.band, key.segment.days) == (quantity.metric, quantity.band, quantity.days)
        )

    def _figure(self, name: str, title: str, bars: Sequence[Bar]) -> Iterator[str]:
        told = "; ".join(f"{bar.label}: {bar.said}" for bar in bars)
        yield "<figure>"
        yield f"<figcaption>{said(title)}</figcaption>"
        yield from chart(f"c{self.at}-{name}", title, told, bars)
        yield "</figure>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "<table>"
    first, *others = heads
    cells = "".join(f'<th scope="col" class="right">{said(head)}</th>' for head in others)
    yield f'<thead><tr><th scope="col">{said(first)}</th>{cells}</tr></thead>'
    yield "<tbody>"
    for label, *figures in rows:
        shown = "".join(
            f'<td class="right{" held" if figure == _HELD else ""}">{said(figure)}</td>' for figure in figures
        )
        yield f'<tr><th scope="row">{said(label)}</th>{shown}</tr>'
    yield "</tbody>"
    yield "</table>"

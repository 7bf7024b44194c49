"""Small contracts with rules, made up by number: every case can be made again from its number alone.

Rates, blocks and caps are a few pounds, so that rules turn among quantities of less than ten.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from attrs import evolve, field, frozen

Clock = tuple[str, str, str, str, tuple[str, ...], str]

#: Service period, payment period (''), calendar, first day of the second period, days to cut at, a year of it.
CLOCKS: tuple[Clock, ...] = (
    (
        "1 April 2026 to 30 September 2026",
        "",
        "quarterly",
        "1 July 2026",
        ("30 June 2026", "15 May 2026"),
        "2026/27",
    ),
    (
        "1 January 2026 to 30 June 2026",
        "",
        "quarterly",
        "1 April 2026",
        ("31 March 2026", "30 April 2026"),
        "2025/26",
    ),
    (
        "1 January 2026 to 31 March 2026",
        "1 January 2026 to 30 September 2026",
        "quarterly",
        "1 April 2026",
        ("31 March 2026", "30 June 2026"),
        "2026/27",
    ),
    (
        "1 March 2026 to 30 April 2026",
        "1 March 2026 to 31 May 2026",
        "monthly",
        "1 April 2026",
        ("31 March 2026",),
        "2026/27",
    ),
    ("1 October 2025 to 30 September 2027", "", "yearly", "1 April 2026", ("31 March 2027",), "2026/27"),
)

HORIZONS = ("in each claim", "to date in each claim", "in each year", "at final account", "in {year}")
HEAD = """
contract Small
  service period  {service}
{paid}  currency        GBP
  years           begin 1 April
  statements      {calendar}
  rounding        each line, {rounding}
end contract

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Trust   | provider        |
  | Charity | provider        |
end parties

records Jobs
  one row per Job
  spell from Started On to the day before Ended On, open while blank
  | column     | holds  | blank    |{heading}
  | Person ID  | person | rejected |
  | Started On | date   | rejected |
  | Ended On   | date   | allowed  |
  | Hours      | hours  | {hours} |
{gain}end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
{size}end cohort

bands Length
  by  Hours
  | band  | holds              |
  | Short | less than 16 hours |
  | Long  | at least 16 hours  |
end bands
"""


#: What becomes of what a payment comes to below nought, where it may.
REPAID = "  taken back by repayment\n"
#: What the head holds besides in some of the contracts: nothing.
PLAIN = {"heading": "", "gain": "", "size": ""}


@frozen
class Metric:
    """A metric: `after` is the metric whose first result must come first, `inside` says that it begins in the service."""

    name: str
    kind: str
    after: str = ""
    weeks: int = 0
    inside: bool = False
    bands: str = ""

    @property
    def once(self) -> bool:
        return self.bands != "in each band"

    def text(self) -> str:
        lines = [f"  kind        {self.kind}", "  counts      rows of Jobs", "  among       People"]
        if self.after:
            lines.append(f"  only if     Started On is on or after Started On of {self.after}")
        if self.inside:
            lines.append("  within      the service period")
        if self.weeks:
            lines += [
                f"  held        for {self.weeks} weeks from Started On",
                "  dated       on the day after",
            ]
        else:
            lines.append("  dated       Started On")
        lines.append(f"  per person  first only{', ' if self.bands else ''}{self.bands}")
        if self.bands:
            lines += ["  if tied     lowest Hours", "  banded by   Length, as recorded"]
        return "\n".join((f"metric {self.name}", *lines, "end metric", ""))


@frozen
class Small:
    """A contract's text, and which metric each metric needs: to date there are never more of it.

    `days` are the first and last day on which results of a metric can be dated; `most` how many of a metric (in a band; '' is
    all together) there can be in all; `below` the metrics that may be below nought, and need not be whole.
    """

    number: int
    text: str
    needs: tuple[tuple[str, str], ...] = ()
    days: tuple[tuple[str, date, date], ...] = ()
    most: tuple[tuple[str, str, int], ...] = ()
    below: tuple[str, ...] = ()


@frozen
class Draft:
    """What has been chosen of a contract so far."""

    random: Random
    clock: Clock
    whole_pennies: bool
    hours: str
    metrics: list[Metric] = field(factory=list)
    payments: list[tuple[str, str, str]] = field(factory=list)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        return self.random.random() < share


def small(number: int) -> Small:
    """The contract of that number."""
    random = Random(number)
    hours = random.choice(("rejected", "rejected", "rejected", "allowed"))
    draft = Draft(random, random.choice(CLOCKS), random.random() < 0.8, hours)
    service, paid, calendar = draft.clock[:3]
    rounding = (
        "half up, to the penny"
        if draft.whole_pennies
        else draft.pick(*["half up, to the pound"] * 3, "up, to the pound", "half even, to the pound")
    )
    # What was added later is chosen apart, so that a number goes on standing for the contract that it stood for.
    later = Random(f"later {number}")
    size = later.choice((0, 0, 0, later.randint(2, 6)))
    gain = later.choice(("", "", "", "any", "at least 0"))
    needs = _metrics(draft)
    blocks = [one.text() for one in draft.metrics]
    blocks += _payments(draft)
    blocks += [_block(draft, number) for number in range(random.choice((0, 0, 1, 1, 2)))]
    blocks += [_cap(draft, number) for number in range(random.choice((0, 0, 1, 1, 2)))]
    blocks += [_rule(draft, number) for number in range(2)]
    if gain:
        blocks += _saving(later, REPAID if gain == "any" else "")
    head = HEAD.format(
        service=service,
        paid=f"  payment period  {paid}\n" if paid else "",
        calendar=calendar,
        rounding=rounding,
        hours=hours + (" | any" if gain else ""),
        heading=" must be |" if gain else "",
        gain=f"  | Gain | number | rejected | {gain} |\n" if gain else "",
        size=f"  size the first {size} to join\n" if size else "",
    )
    if gain:
        for kind in ("person | rejected |", "date   | rejected |", "date   | allowed  |"):
            head = head.replace(f"| {kind}", f"| {kind} any |")
    below = ("Saving",) if gain == "any" else ()
    return Small(number, "\n".join((head, *blocks)), needs, _days(draft), _most(draft, size), below)


def _days(draft: Draft) -> tuple[tuple[str, date, date], ...]:
    """What begins in the service period and is held for some weeks is dated so many weeks later."""
    first, last = (datetime.strptime(day, "%d %B %Y").date() for day in draft.clock[0].split(" to "))  # noqa: DTZ007 - a date
    return tuple(
        (one.name, first + timedelta(weeks=one.weeks), last + timedelta(weeks=one.weeks))
        for one in draft.metrics
        if one.inside
    )


def _most(draft: Draft, size: int) -> tuple[tuple[str, str, int], ...]:
    """In a cohort of a fixed size each person counts once, over all bands or in each."""
    if not size:
        return ()
    bands = {False: ("Short", "Long"), True: ("",)}
    return tuple((one.name, band, size) for one in draft.metrics for band in bands[one.once])


def _saving(later: Random, repaid: str) -> list[str]:
    """A sum of a column of numbers, what is paid for it, and a rule on it."""
    metric = (
        "metric Saving\n  kind outcome\n  sums Gain of Jobs\n  among People\n  dated Started On\nend metric\n"
    )
    payer = later.choice(("Council", "Fund"))
    rate = later.choice(("£0.50", "£1", "£2"))
    share = f"payment Share\n  payer {payer}\n  payee Charity\n  for each Saving\n  pays {rate}\n{repaid}end payment\n"
    requires = later.choice(
        (
            "payments under Share are at least £0",
            "payments to Charity are at least £0",
            f"payments from {payer} are at least payments to Charity",
            "payments under Share are at most 50% of payments",
            "Saving is at least 0",
            "payments are more than £0 minus £3",
            f"payments from {payer} are at most £{later.randint(2, 9)} times Saving",
        )
    )
    tested = later.choice(("at final account", "in each claim", "to date in each claim"))
    rule = f"rule Three\n  requires {requires}\n  tested {tested}\n  against every quantity\nend rule\n"
    return [metric, share, rule]


# ------------------------------------------------------------------ what is counted


def _metrics(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Up to three metrics (now and then a row of four, each of which needs the one before)."""
    random = draft.random
    if draft.chance(0.04):
        names = ("Start", "Second", "Third", "Fourth")
        for name, before in zip(names, ("", *names), strict=False):
            draft.metrics.append(Metric(name, draft.pick("output", "outcome"), before))
        return _needs(draft)
    for name in ("Start", "Kept", "Review")[: random.choice((1, 2, 2, 2, 3, 3))]:
        bands = draft.pick("", "", "", "over all bands", "over all bands", "in each band")
        kind = draft.pick("output", "outcome")
        dated = [one for one in draft.metrics if not one.weeks]
        held = [one for one in draft.metrics if one.weeks]
        way = draft.pick("alone", "after", "after", "held", "held longer")
        made = Metric(name, kind, bands=bands)
        if way == "after" and dated:
            made = evolve(made, after=random.choice(dated).name)
        elif way == "held":
            after = random.choice(dated).name if dated and draft.chance(0.3) else ""
            made = evolve(made, after=after, weeks=6, inside=draft.chance(0.6))
        elif way == "held longer" and held:
            made = evolve(random.choice(held), name=name, kind=kind, bands=bands, weeks=random.randint(6, 12))
        draft.metrics.append(made)
    return _needs(draft)


def _needs(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Of which metrics there are to date never more than of another, read off what they say.

    A result needs that of the metric that it comes after. What was held for longer was held for less, and earlier: which
    counts if it began in the payment period, so that the shorter holding was not complete before it. A result whose hours
    are blank is in no band, so that what is banded need not be counted at all.
    """
    found = set()
    for one in draft.metrics:
        for other in draft.metrics:
            counted = other.once and not (other.bands and draft.hours == "allowed")
            alike = (one.after, one.inside) == (other.after, other.inside)
            longer = one.weeks > other.weeks > 0 and alike and (one.inside or bool(one.after))
            if one.once and counted and (one.after == other.name or longer):
                found.add((one.name, other.name))
    return tuple(sorted(found))


# ------------------------------------------------------------------ what is paid


def _rate(draft: Draft) -> str:
    if draft.whole_pennies:
        return draft.pick("£1", "£2", "£3", "£5", "£7", "£1.50", "£10")
    return draft.pick("£1.40", "£0.50", "£2.50", "£0.33", "£3")


def _payments(draft: Draft) -> list[str]:
    found = []
    second = draft.clock[4]
    for name in ("Fee", "Tariff", "Bonus")[: draft.random.choice((1, 2, 2, 2, 3))]:
        payer = shown = draft.pick("Council", "Council", "Fund")
        if draft.chance(0.2):
            other = "Fund" if payer == "Council" else "Council"
            shown = f"{payer} to {draft.random.choice(second)}, then {other}, by date of {draft.pick('result', 'statement')}"
        payee = draft.pick("Trust", "Trust", "Trust", "Charity")
        draft.payments.append((name, payer, payee))
        metric = draft.random.choice(draft.metrics)
        if metric.bands and draft.chance(0.7):
            rows = [("Short", _rate(draft)), ("Long", _rate(draft))][: draft.random.choice((1, 2, 2))]
            table = [f"  | {metric.name} | {band} | {rate} |" for band, rate in rows]
            pays = ["  | for each | band | pays |", *table]
        else:
            pays = [f"  for each {metric.name}", f"  pays {_rate(draft)}"]
        found.append(
            "\n".join((f"payment {name}", f"  payer {shown}", f"  payee {payee}", *pays, "end payment", ""))
        )
    return found


def _block(draft: Draft, number: int) -> str:
    name, payer, payee = draft.random.choice(draft.payments)
    first = draft.clock[0].split(" to ")[0]
    lines = [
        f"block advance {('Block', 'Second Block')[number]}",
        f"  payer {payer}",
        f"  payee {payee}",
        f"  paid on {draft.pick(first, draft.clock[3])}",
        f"  pays £{draft.random.randint(1, 12)}",
    ]
    if draft.chance(0.15):
        lines.append("  set against nothing")
    else:
        scope = draft.pick("in each year", "over the contract", f"in {draft.clock[5]}")
        lines += [f"  set against {name} {scope}", "  set off in money, as fees fall due"]
    return "\n".join((*lines, "  unused part kept", "end block advance", ""))


def _cap(draft: Draft, number: int) -> str:
    covers = draft.pick(
        "payments from Fund",
        "payments from Fund",
        "payments from Council",
        "payments to Trust",
        "payments on outcomes",
        "payments by results",
        f"payments under {draft.random.choice(draft.payments)[0]}",
    )
    scope = draft.pick("over the contract", "over the contract", "in each year", "in each claim")
    return (
        f"cap {('Cap', 'Second Cap')[number]}\n  covers {covers}\n  at most £{draft.random.randint(2, 30)} {scope}\n"
        "  excess lost\nend cap\n"
    )


# ------------------------------------------------------------------ what must hold


def _rule(draft: Draft, number: int) -> str:
    horizon = HORIZONS[draft.random.choice((0, 1, 1, 2, 2, 3, 3, 3, 4))].format(year=draft.clock[5])
    test = _test(draft)
    if draft.chance(0.12):
        test = f"{test} {draft.pick('and', 'or')} {_test(draft)}"
    return f"rule {('One', 'Two')[number]}\n  requires {test}\n  tested {horizon}\n  against every quantity\nend rule\n"


def _some(draft: Draft) -> str:
    """Some of the payments."""
    payment = draft.random.choice(draft.payments)[0]
    metric = draft.random.choice(draft.metrics).name
    return draft.pick(
        "payments from Fund",
        "payments from Fund",
        "payments from Council",
        "payments from co-commissioners on outputs and outcomes",
        "payments to Trust",
        "payments by results",
        "payments on outcomes",
        f"payments under {payment}",
        f"payments earned by {metric}",
        f"payments from Council earned on or before {draft.random.choice(draft.clock[4])}",
        "block payments from Council",
        "block payments",
        "unearned block payments",
        "unearned block payments from Council",
    )


def _all(draft: Draft) -> str:
    """What a share is taken of."""
    return draft.pick(
        "payments",
        "payments",
        "payments from all commissioners",
        "payments from Council",
        "payments to Trust",
        "payments by results",
        f"payments under {draft.random.choice(draft.payments)[0]}",
    )


def _test(draft: Draft) -> str:
    op = draft.pick(
        "at most", "at most", "less than", "at least", "more than", "not more than", "not at least"
    )
    way = draft.random.random()
    if way < 0.7:
        share = draft.pick("20%", "25%", "40%", "50%", "50%", "60%", "75%", "100%", "1/3")
        return f"{_some(draft)} are {op} {share} of {_all(draft)}"
    if way < 0.85:
        op = draft.pick("at most", "less than", "at least", "more than", "exactly", "not exactly")
        return f"{_some(draft)} are {op} £{draft.random.choice((0, 3, 6, 10, 12))}"
    if way < 0.93:
        return f"{_some(draft)} are {op} {_all(draft)} {draft.pick('plus', 'minus')} £{draft.random.randint(1, 9)}"
    metric = draft.random.choice(draft.metrics).name
    return f"{metric} is {op} {draft.random.randint(1, 5)}"

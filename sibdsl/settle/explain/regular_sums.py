"""Explanations of lines that count nothing themselves: regular sums and sums to date."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from sibdsl import money, wording
from sibdsl.dates import Period, long
from sibdsl.english import exactly, grouped
from sibdsl.model.nodes import Arithmetic, Payment, Rate, Regular, Term, Tier, ToDate
from sibdsl.model.periods import pays_in, regular_dues
from sibdsl.price.graph import Constant, Greatest, Least, Round, Sum, meaning_of
from sibdsl.price.provenance import CountedTo, EarnedBy, PercentPart, Purpose
from sibdsl.price.step_words import share_said
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.page import Item


def without_quantity(facts: LineFacts) -> list[Item]:
    """A regular sum or a sum to date."""
    line = facts.priced.line
    terms = [term for term in _terms(facts) if term.span == line.span]
    head = Item(
        f"{line.payment} pays {_said(facts, terms[0]) if terms else 'a sum'}",
        "clause",
        wording.cite(line.clause, facts.row),
    )
    if line.due is not None:
        return [head, *_part(facts, terms), Item(f"it fell due on {long(line.due)}", "due")]
    return [head, *_to_date(facts)]


def _said(facts: LineFacts, term: object) -> str:
    currency = facts.contract.currency
    match term:
        case Regular(amount=amount, each=unit, due=due, part=part):
            return f"{wording.amount(amount, currency)} every {unit} {due}, part {unit}s {part}"
        case ToDate(amount=amount):
            return f"what {wording.amount(amount, currency)} to date exceeds all that was paid before"
    return "a sum"


def _part(facts: LineFacts, terms: list[Term]) -> list[Item]:
    """The days that a part of a year, quarter or month is paid for, where it is paid by days."""
    clause, line = facts.clause, facts.priced.line
    if not isinstance(clause, Payment) or not terms or not isinstance(terms[0], Regular):
        return []
    dues = dict(regular_dues(facts.contract, clause, terms[0], line.segment))
    regular_period = dues.get(line.due) if line.due else None
    if regular_period is None or regular_period.days == regular_period.whole or terms[0].part != "by days":
        return []
    days, whole = ((span.end - span.start).days for span in (regular_period.days, regular_period.whole))
    return [Item(f"for {regular_period.days}: {days} of the {terms[0].each}'s {whole} days", "part")]


def _to_date(facts: LineFacts) -> list[Item]:
    """The steps of the sum to the end of this period, in the order in which they were worked out."""
    priced, line = facts.version.priced, facts.priced.line
    steps = priced.graph.steps
    items: list[Item] = []
    for number, step, value in priced.trace(facts.priced):
        meaning = meaning_of(step)
        if isinstance(meaning, CountedTo) and meaning.last == line.segment.days.last:
            name = meaning.name
            of_metric = name.partition(" of band ")[0]
            counted = next((metric for metric in facts.contract.metrics if metric.name == of_metric), None)
            plain = counted is not None and counted.measures != "money"
            shown = grouped(value) if plain else _figure(facts, name, value)
            items.append(Item(f"{name} to date", shown))
        elif isinstance(step, (Round, Least, Greatest)) and _is_last(facts, number):
            items.append(
                Item(_bound(facts, step, [steps[operand] for operand in step.inputs]), facts.shown(value))
            )
    items.append(
        Item("paid in this period, the difference to what was paid before", facts.shown(facts.priced.whole))
    )
    return items


def _terms(facts: LineFacts) -> list[Term]:
    """The terms of the line's payment that pay in its days; a sum that falls due on a day, on that day."""
    line = facts.priced.line
    days = Period(line.due, line.due + timedelta(days=1)) if line.due else line.segment.days
    terms = facts.clause.terms if isinstance(facts.clause, Payment) else ()
    return [term for term in terms if pays_in(term, days)]


def worked_out(facts: LineFacts) -> list[Item]:
    """How a rate that is not one written amount is made up, such as `80% times £4,000`."""
    line = facts.priced.line
    match line.provenance:
        case EarnedBy(tier=Tier(amount=made)) | EarnedBy(term=Rate(amount=made)) if isinstance(
            made, Arithmetic
        ):
            pass
        case _:
            return []
    if line.rate is None:
        return []
    return [
        Item(
            f"the rate is {wording.amount(made, facts.contract.currency)}",
            exactly(line.rate, facts.contract.currency),
        )
    ]


def shared(facts: LineFacts) -> list[Item]:
    """Of a line that several payers share: which part of it this payer pays."""
    priced, line = facts.priced, facts.priced.line
    if not line.share:
        return []
    whole = facts.shown(priced.whole)
    share = share_said(line.share, facts.contract.currency)
    own = isinstance(facts.clause, Payment) and facts.clause.rounding is not None
    own = own or line.kind == "taken_over"
    if facts.contract.rounding.each == "statement" and line.due is None and not own:
        said = (
            f"{share} of {whole}, rounded once with all that {line.payer} pays {line.payee} in the statement"
        )
    elif isinstance(line.share, PercentPart):
        said = f"{share} of {whole}, {wording.to_the_grain(facts.contract)} by the largest remainder"
    elif line.due is not None:
        said = f"{share} of {whole}"
    else:
        said = f"{share} of what the row comes to in the statement period; this line comes to {whole}"
    return [Item(f"{line.payer} pays {said}", facts.shown(priced.amount))]


def _is_last(facts: LineFacts, number: int) -> bool:
    """Whether a step bounds the sum of this period, and not of an earlier one."""
    graph = facts.version.priced.graph
    total = graph.steps[facts.priced.line.amount]
    if not isinstance(total, Sum):
        return False
    now, before = total.inputs[0], total.inputs[-1]
    return number in set(graph.behind(now)) - set(graph.behind(before))


def _bound(facts: LineFacts, step: Round | Least | Greatest, inputs: list[object]) -> str:
    fixed = next((operand.value for operand in inputs if isinstance(operand, Constant)), None)
    if isinstance(step, Round):
        return f"rounded {step.way}, to the {money.grain_name(step.grain, facts.contract.currency)}"
    if step.meaning is Purpose.PAID_TO_DATE:
        return "paid to date, never less than before"
    return f"{'at most' if isinstance(step, Least) else 'at least'} {'' if fixed is None else facts.shown(fixed)}".strip()


def _figure(facts: LineFacts, name: str, value: Fraction) -> str:
    kinds = {step.name: step.amount.kind for block in facts.contract.workings for step in block.steps}
    return facts.shown(value) if kinds.get(name, "money") == "money" else grouped(value)

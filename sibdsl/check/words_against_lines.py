"""What the parties' own words and names say, held against the lines of the clause: figures, clause labels, clauses cited.

Source: language reference, 'Text and code'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from attrs import frozen

from sibdsl import money
from sibdsl.check.figures_in_words import Figure, StatedFigure, figures_in, stated_in
from sibdsl.dates import long
from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed, many, short
from sibdsl.model.nodes import Cohort, Contract, Payment, Rule
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.workings import metrics_of
from sibdsl.source import Span
from sibdsl.wording import clause_title

_CITED = re.compile(r"\b[Cc]lauses? (\d+(?:\.\d+)*)|\b(Schedule \d+(?: para(?:graph)? \d+)?)")
_HALF = re.compile(r"\b(?:a |one )?half\b", re.IGNORECASE)


@frozen
class _Clause:
    """A clause of the contract: what it is called, what its words say, and its parts."""

    kind: str
    name: str
    label: str
    words: str
    span: Span
    node: object

    @property
    def title(self) -> str:
        return clause_title(self.kind, self.name, self.label)


def findings(contract: Contract, _settings: Settings) -> Iterator[Diagnostic]:
    """Figures (SIB0871), labels used twice (SIB0872), clauses cited that are not there (SIB0873)."""
    clauses = list(_clauses(contract))
    for clause in clauses:
        yield from _figures(contract, clause)
    yield from _labels(clauses)
    yield from _cited(clauses)


def _clauses(contract: Contract) -> Iterator[_Clause]:
    kinds = (
        ("cohort", contract.cohorts),
        ("metric", contract.metrics),
        ("metric", contract.derived),
        ("payment", contract.payments),
        ("block advance", contract.advances),
        ("cap", contract.caps),
    )
    for kind, nodes in kinds:
        for node in nodes:
            yield _Clause(kind, node.name, node.clause, node.gloss, node.span, node)
    for investment in contract.investments:
        yield _Clause(
            "investment", investment.name, investment.clause, investment.gloss, investment.span, investment
        )
    for rule in contract.rules:
        yield _Clause("rule", rule.name, rule.clause, rule.says, rule.span, rule)


# ------------------------------------------------------------------ figures


def _figures(contract: Contract, clause: _Clause) -> Iterator[Diagnostic]:
    """A figure of the words or the name that no line states, beside one of the lines that they do not say."""
    stated = list(dict.fromkeys(_stated(contract, clause)))
    for words in (clause.words, clause.name):
        said = figures_in(words)
        twice = _said_twice(words, said)
        if (
            isinstance(clause.node, Rule)
            and (half := _HALF.search(words))
            and not any(one.sort == "percentage" for one in said)
        ):
            said = (*said, Figure("percentage", Fraction(1, 2), half[0]))
        for figure in said:
            mine = [one for one in stated if one.sort == figure.sort]
            others = [one for one in mine if not any(_same(one, figure) for figure in said)]
            if (
                figure.compared
                or not mine
                or any(_same(one, figure) for one in mine)
                or _total(mine) == figure.value
            ):
                continue
            if not others and figure not in twice:
                continue
            other = (others or mine)[0]
            states = _said(other, contract.currency)
            yield Diagnostic(
                "SIB0871",
                f"The words of {clause.name} say {figure.said}, and its lines say {states}. What the lines say is what counts.",
                other.span,
                clause.title,
                f"the words say {figure.said}",
                "Find out which of the two was agreed, and change the other: the words or the line.",
                (Label(clause.span, f"`{figure.said}`"),) if clause.span.start != other.span.start else (),
                "warning",
            )
            return


def _stated(contract: Contract, clause: _Clause) -> Iterator[StatedFigure]:
    node = clause.node
    yield from stated_in(node, clause.span)
    if isinstance(node, Cohort) and node.most is not None:
        yield StatedFigure("people", Fraction(node.most), node.span)
    if isinstance(node, Payment):
        names = {name for term in node.terms for name in metrics_of(contract, term)}
        for metric in contract.metrics if len(names) == 1 else ():
            if metric.name in names and metric.held is not None:
                yield from stated_in(metric.held, metric.span)


def _said_twice(words: str, said: tuple[Figure, ...]) -> list[Figure]:
    """Figures in brackets right after one of the same sort, which they should repeat: `forty pounds (£70)`."""
    return [
        later
        for first, later in pairwise(said)
        if first.sort == later.sort
        and first.value != later.value
        and words[first.end : later.start].strip() == "("
    ]


def _same(one: StatedFigure, figure: Figure) -> bool:
    return one.sort == figure.sort and one.value == figure.value


def _total(stated: list[StatedFigure]) -> Fraction:
    """What figures come to together: words often say the sum of what a table lists."""
    return sum((one.value for one in stated if isinstance(one.value, Fraction)), Fraction(0))


def _said(one: StatedFigure, currency: str) -> str:
    match one.value:
        case Fraction() as number:
            if one.sort == "money":
                return short(number, currency)
            if one.sort == "percentage":
                return money.percent(number)
            return many(
                int(number),
                "hour" if one.sort == "hours" else "person",
                "people" if one.sort == "people" else "",
            )
        case (str() as unit, int() as number):
            if unit == "days" and number % 7 == 0:
                return many(number // 7, "week")
            if unit == "months" and number % 12 == 0:
                return many(number // 12, "year")
            return many(number, unit.removesuffix("s"))
        case day:
            return long(day)


# ------------------------------------------------------------------ labels


def _labels(clauses: list[_Clause]) -> Iterator[Diagnostic]:
    """One label on two sums of money, which a statement that cites the clause could not tell apart."""
    paying = [clause for clause in clauses if clause.kind in ("payment", "block advance", "cap")]
    for label in dict.fromkeys(clause.label for clause in paying):
        mine = [clause for clause in paying if clause.label == label]
        names = {(clause.kind, clause.name) for clause in mine}
        kinds = {clause.kind for clause in mine}
        if not re.match(r"\d", label) or len(names) < 2:
            continue
        one_of_many = "." in label or (len(names) > 2 and len(kinds) > 1) or {"block advance"} < kinds
        if all(_one_or_other(one, other) for one, other in combinations(mine, 2)):
            continue  # one clause, written once for each reading of it
        if not one_of_many:
            continue  # one clause of the contract may well be written as several payments, or a payment with its cap
        first, *rest = mine
        others = listed([f"{clause.kind} {clause.name}" for clause in rest])
        yield Diagnostic(
            "SIB0872",
            f"Clause {label} is the label of {first.kind} {first.name} and of {others}. A statement that cites clause {label} does "
            "not say which of them it means.",
            rest[0].span,
            rest[0].title,
            f"{label} again",
            "If they are clauses of their own, write the label of each. If one clause of the contract says all of it, leave it.",
            (Label(first.span, f"{label} is here too"), *(Label(one.span, "and here") for one in rest[1:])),
            "warning",
        )


def _one_or_other(one: _Clause, other: _Clause) -> bool:
    """Whether the two are payments of which a choice lets one be paid, and never both."""
    mine, theirs = one.node, other.node
    if not isinstance(mine, Payment) or not isinstance(theirs, Payment) or not mine.needs:
        return False
    return mine.needs == theirs.needs and {mine.needs_to_be, theirs.needs_to_be} == {"yes", "no"}


def _cited(clauses: list[_Clause]) -> Iterator[Diagnostic]:
    labels = {clause.label for clause in clauses if clause.label}
    for clause in clauses:
        for match in _CITED.finditer(clause.words):
            cited = match[1] or match[2]
            alike = [label for label in labels if label[:1].isdigit() == cited[:1].isdigit()]
            if not alike or any(_holds(label, cited) for label in labels):
                continue
            yield Diagnostic(
                "SIB0873",
                f"The words of {clause.name} cite {match[0]}, and nothing in this contract has that label.",
                clause.span,
                clause.title,
                f"there is no {match[0]}",
                f"Its labels are {listed(sorted(alike)[:8])}. Cite the one that is meant; if it is a clause of another document, name "
                "the document too.",
                severity="warning",
            )


def _holds(label: str, cited: str) -> bool:
    """Whether one of the two is the other, or a part of it."""
    return label == cited or any(
        longer.startswith(shorter) and not longer[len(shorter)].isalnum()
        for longer, shorter in ((label, cited), (cited, label))
        if len(longer) > len(shorter)
    )

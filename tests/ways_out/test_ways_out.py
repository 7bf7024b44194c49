"""Every 'Write X' of the corpus of mistakes is written, and what comes out must say what stood there.

A way out that stands without a condition is put in place of the underlined words, as a reader would. What those words say
(numbers with their signs, days, limits, refusals) must come out the same, by a reader that shares nothing with the program;
and the same message must not come back. What is offered on a condition (`if ... is meant`) must name the other reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen

from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.diagnostics.turning import turns
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from sibdsl.syntax import parse
from tests.frame import whole
from tests.mistakes.reading import CONTRACTS, mistakes
from tests.syntax.cases import cases
from tests.ways_out.sense import Sense, sense

_WRITE = re.compile(r"^(?:Write|Did you mean) `([^`]*)`[.?]$")
#: One of several that a message offers: written in its place, each must say what stood there, or say that it is other.
_EACH = re.compile(
    r"(?:^|[.;,:] |\bor |\bOr )(?:[Ww]rite|did you mean) `([^`]*)`(?P<when>(?:,? (?:if|for|where|when|to)\b[^.;`]*)?)"
)
_OUT = re.compile(r"^Take it out\.$")
_ADD = re.compile(r"^Add `([^`]*)`\.$")


@frozen
class WayOut:
    """One message with one way out and no condition, and the text that it was said of."""

    case: str
    text: str
    found: Diagnostic
    file: str = "x.sib"

    @property
    def said(self) -> str:
        return self.text[self.found.span.start : self.found.span.end]

    @property
    def put(self) -> str:
        """What stands there when the message has been obeyed."""
        write, add = _WRITE.match(self.found.help), _ADD.match(self.found.help)
        if write:
            return write[1]
        return f"{self.said} {add[1]}" if add else ""

    @property
    def obeyed(self) -> str:
        end = "\n" if self.said.endswith("\n") else ""
        return self.text[: self.found.span.start] + self.put + end + self.text[self.found.span.end :]

    def __str__(self) -> str:
        return f"{self.case}: {self.said[:40]!r} -> {self.found.help[:60]}"


def told(text: str, file: str) -> list[Diagnostic]:
    try:
        made = compile_source(Source(file, text))
        return [*made.findings, *findings(made.contract, as_written(made.contract))]
    except Refused as refused:
        return refused.found


@cache
def said_in_all() -> tuple[WayOut, ...]:
    """All messages of the corpus, of the broken texts of the grammar, and of the wrong text of every code."""
    found: list[WayOut] = []
    for case in mistakes():
        with suppress(ValueError):
            text, lines = case.applied()
            file = str(CONTRACTS / case.contract)
            found += [
                WayOut(str(case), text, one, file) for one in told(text, file) if one.span.line in lines
            ]
    for broken in cases():
        with suppress(Refused):
            parse(Source("x.sib", broken.text))
            continue
        found += [WayOut(str(broken), broken.text, one) for one in told(broken.text, "x.sib")]
    for code in REGISTRY.values():
        if code.wrong:
            text = whole(code, code.wrong)
            found += [WayOut(code.code, text, one) for one in told(text, "x.sib")]
    return tuple(found)


@cache
def every() -> tuple[WayOut, ...]:
    """Those with one way out that stands without a condition."""
    found = [
        one for one in said_in_all() if "|" not in one.said or "|" in one.put
    ]  # of a whole row, a word in it is meant
    return tuple(one for one in found if any(shape.match(one.found.help) for shape in (_WRITE, _OUT, _ADD)))


#: Words that a line of the language puts for a limit, a day or a number that was said otherwise: what was said, what is
#: put, and why the two say the same here. Each is a translation that the reference makes, not an exception from the rule.
SAME = {
    ("not Home", "the rest"): "a band of words: what the other bands do not hold",
    ("first only, in each year", "once in each year"): "the first of each year",
    ("at most 400", "the first 400 to join"): "a size: those who join first belong",
    ("after", "from"): "a time held: complete 42 days after its first day",
    ("by", "from"): "by whom, not by when",
    ("at least", ""): "a time held: what is held longer counts as well",
    ("2.5 years", "30 months"): "the same time",
    ("31 31 March 2018", "31 March 2018"): "the day was written twice",
    ("1 April 2016", "1 April"): "years begin on a day of every year",
    ("January", "1 January"): "a year that begins in a month begins with its first day",
    ("a", "1"): "a number in a word",
    ("in 2016/17", "in 1 April 2016 to 31 March 2017"): "the days of the contract year",
    ("1 Aprl 2018", "1 April 2018"): "a month misspelt",
    ("not exceed", "at most"): "a limit that includes its number",
    (
        "within 6 weeks after the date of Entry",
        "on or after the date of Entry and Moved In is on or before 6 weeks after the date of Entry",
    ): "both ends of one stretch",
    (
        "not within 28 days before joining date",
        "before 28 days before joining date or Moved In is after joining date",
    ): "outside both ends of one stretch",
    ("either", "one of"): "a list, no number",
    ("equals", "is"): "exactly so",
    ("after that", ", then"): "an order of payers, no limit",
    ("if", "only if"): "a label",
    ("first", "first only"): "a label",
    ("once each", "first only"): "a label",
    ("all", "over all"): "a label",
    ("times", "multiplied by"): "arithmetic",
    ("/", "divided by"): "arithmetic",
    ("never", "rejected"): "whether cells may be blank",
}
_YEARS = re.compile(r"(\d{4})/(?:\d\d)?(\d\d)")


def says(text: str) -> Sense:
    """The sense of the text; a contract year has its two years, however many figures it is written with."""
    return sense(
        _YEARS.sub(r"\1/\2", text)
        .replace("in total", "")
        .replace("over the contract", "")
        .replace("over all bands", "")
    )


def kept(way: WayOut) -> str:
    """What is said otherwise once the message has been obeyed; '' where nothing is."""
    said = " ".join(way.said.split())
    if (said, way.put) in SAME:
        return ""
    before, after = says(way.said), says(way.put)
    if '"' in way.put and not before.numbers - says(way.put.replace('"', " ")).numbers:
        return ""  # words that are quoted, and so for readers
    if before.numbers - after.numbers:
        return f"numbers: {dict(before.numbers)} become {dict(after.numbers)}"
    if before.days - after.days:
        return f"days: {dict(before.days)} become {dict(after.days)}"
    if before.refusals - after.refusals:
        return f"a refusal is gone: {dict(before.refusals)}"
    if _WRITE.match(way.found.help) and before.limits and not _fits(before.limits, after.limits):
        return f"limits: {before.limits} become {after.limits}"
    if _OUT.match(way.found.help) and before.limits:
        return f"a limit is gone: {before.limits}"
    return ""


def _fits(before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...]) -> bool:
    """Whether each limit that is put is one that the words before it could mean, and no other."""
    meant = {one for each in before for one in each}
    if meant >= {">", "="} or meant >= {"<", "="}:  # more than or equal to
        meant |= {">=", "<="}
    return all(len(one) == 1 and one[0] in meant for one in after)


def test_there_are_enough_of_them() -> None:
    assert len(every()) >= 300


def test_what_is_obeyed_says_what_stood_there() -> None:
    wrong = [f"{way}: {lost}" for way in every() if (lost := kept(way))]
    assert wrong == []


def test_the_same_is_not_said_again() -> None:
    """Nor anything at that place that was not said before of words further on in the text."""
    again = []
    for way in every():
        now = told(way.obeyed, way.file)
        if any(
            (one.code, one.message, one.span.start)
            == (way.found.code, way.found.message, way.found.span.start)
            for one in now
        ):
            again.append(str(way))
    assert again == []


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("Over 16", "Under 16"), ("Round 1", "Round 2"), ("Job Start", "Job End"), ("Kept 3 Months", "Kept 6 Months"),
        ("Gross Saving", "Net Saving"), ("Eligible", "Ineligible"), ("before", "after"), ("at least", "at most"),
        ("more than", "less than"), ("only if", "not if"), ("Women", "Men"), ("First Fee", "Second Fee"),
        ("Not Placed", "Placed"), ("Employed", "Unemployed"), ("earliest", "latest"), ("payer", "payee"),
    ],
)  # fmt: skip
def test_no_word_stands_for_one_that_turns_the_sense(said: str, offered: str) -> None:
    assert turns(said, offered)
    assert turns(offered, said)


@pytest.mark.parametrize(
    ("said", "offered"),
    [("Engagment", "Engagement"), ("onyl if", "only if"), ("Round 1 Begin", "Round 1 Begins"), ("payz", "pays"), ("Net Savings", "Net Saving"), ("at leest", "at least")],
)  # fmt: skip
def test_slips_of_the_pen_are_none(said: str, offered: str) -> None:
    assert not turns(said, offered)


def test_a_bare_limit_of_a_payment_is_no_amount_of_money(tmp_path: Path) -> None:
    """600 starts, each at $240: the message asks, and puts no sign before them."""
    text = whole(
        REGISTRY["SIB0413"],
        "payment Job Fee\n  payer     Council\n  payee     Charity\n  for each  Job Entry\n  band      all\n  pays      £240\n  at most   600 over the contract\n  excess    lost\nend payment\n",
    )
    (one,) = [each for each in told(text, str(tmp_path / "x.sib")) if each.code == "SIB0413"]
    assert "£600" not in one.help
    assert "600" in one.help
    assert "600 units" in one.help


def alternatives() -> Iterator[tuple[WayOut, str, str]]:
    """Every `write X` of a message that offers several, or one on a condition; and the words of its condition."""
    for way in said_in_all():
        for match in _EACH.finditer(way.found.help):
            yield way, match[1], match["when"].strip(" ,")


def test_each_of_several_says_what_stood_there_or_on_what_condition_it_does_not() -> None:
    """What says another number, sign or day than stood there is offered beside another reading, never alone."""
    wrong = []
    number = 0
    for way, put, when in alternatives():
        number += 1
        before, after = says(way.said), says(put)
        if (" ".join(way.said.split()), put) in SAME or "..." in put:
            continue
        lost = before.days - after.days
        other = before.numbers - after.numbers
        beside = "or" in re.findall(r"\w+", re.sub(r"`[^`]*`", " ", way.found.help))
        if put and after.numbers and (lost or other) and not (when or beside):
            wrong.append(f"{way}: {put!r}")
    assert number >= 300
    assert wrong == []

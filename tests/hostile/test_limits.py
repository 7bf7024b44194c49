"""Work is bounded: what lies beyond a limit is told with it, and twice the text takes about twice the time."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import pytest

from sibdsl import marks, size_limits
from sibdsl.check.structure import findings
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.by_key import read_number
from sibdsl.model.parameters.in_force import as_written
from sibdsl.money import currency
from sibdsl.price import build
from sibdsl.price.graph import VerifiedQuantity
from sibdsl.source import Source
from sibdsl.syntax import parse
from tests.hostile import cases
from tests.work import calls

PAGE = cases.ROOT / "docs" / "reference" / "safety.md"


def test_the_table_of_limits_is_the_code_s() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## Limits")[1]
    told = [int(one.replace(",", "")) for one in re.findall(r"^\| ([0-9,]+) \|", section, re.MULTILINE)]
    assert told == [
        size_limits.BYTES, size_limits.LINE, size_limits.DIGITS, size_limits.LEVELS, size_limits.CHAIN, size_limits.ROW_CHAIN,
        size_limits.MODULES, size_limits.PERIODS, size_limits.LINES, size_limits.LOOKS,
        size_limits.WORKBOOK, size_limits.KEPT_TEXT, size_limits.KEPT_FILES, marks.MOST_COMBINING,
    ]  # fmt: skip


TOO_MUCH = {
    "brackets": "rule A\n  requires " + "(" * 19_000,
    "brackets on lines": "rule A\n  requires " + "(\n" * 500_000,
    "one token": "a" * 1_000_000,
    "digits": "rule A\n  requires payments from Council are at least £" + "9" * 5_000,
    "digits of a percentage": "assumption A\n  takes " + "9" * 4_400 + "%",
    "a long sum": "workings S\n  | step | equals |\n  | A | Job Kept"
    + " plus Job Kept" * 1_000
    + " |\nend workings\n",
}


@pytest.mark.parametrize("kind", TOO_MUCH)
def test_what_no_contract_needs_is_told_with_the_limit(kind: str) -> None:
    with pytest.raises(Refused) as stop:
        parse(Source("c.sib", f"{cases.starter()}\n{TOO_MUCH[kind]}\n"))
    assert [one.code for one in stop.value.found] == ["SIB0107"]
    assert re.search("at most|more than|the most", stop.value.found[0].message)


def steps(number: int, how: str = "W{0} plus W{0}") -> str:
    rows = "".join(f"  | W{at} | {how.format(at - 1)} |\n" for at in range(1, number))
    return (
        f"{cases.starter()}\nworkings Steps [8]\n  | step | equals |\n  | W0 | Job Kept |\n{rows}end workings\n\n"
        f"payment Doubled [9]\n  payer  Council\n  payee  Provider\n  pays   £1 times W{number - 1}\n  every  quarter at the end\nend payment\n"
    )


@pytest.mark.parametrize("how", ["W{0} plus W{0}", "the lower of (W{0} and W{0})", "W{0} plus W{0} times 2"])
def test_steps_that_use_one_another_twice_are_worked_out_once(how: str) -> None:
    made = compile_source(Source("c.sib", steps(60, how)))
    given = as_written(made.contract)
    findings(made.contract, given)
    graph = build(made.contract, given)
    assert len(graph.steps) < 60 * 200
    del graph


def test_a_number_given_from_outside_has_no_more_digits_than_one_of_the_text() -> None:
    assert read_number("9" * size_limits.DIGITS, "number", currency("GBP")) == Fraction(
        10**size_limits.DIGITS - 1
    )
    assert read_number("9" * (size_limits.DIGITS + 1), "number", currency("GBP")) is None
    assert read_number("1/" + "9" * 5_000, "number", currency("GBP")) is None


def test_what_doubling_steps_pay_is_exact() -> None:
    from sibdsl.price.evaluate import price

    made = compile_source(
        Source("c.sib", steps(41).replace("at most  £250,000", "at most  £250,000,000,000,000"))
    )
    graph = build(made.contract, as_written(made.contract))
    key = next(
        one.key for one in graph.steps if isinstance(one, VerifiedQuantity) and one.key.band == "Full Time"
    )
    lines = price(graph, {key: Fraction(1)}).lines
    assert max(one.amount for one in lines) == 2**40


def test_a_chain_that_is_too_long_is_told() -> None:
    with pytest.raises(Refused) as stop:
        compile_source(Source("c.sib", steps(2_000)))
    assert [one.code for one in stop.value.found] == ["SIB0710"]


def test_more_periods_and_looks_than_are_worked_out_are_told() -> None:
    text = cases.starter()
    for a, b in (
        ("1 April 2026 to 31 March 2028", "1 January 1900 to 31 December 2199"),
        ("1 April 2026 to 30 September 2028", "1 January 1900 to 31 December 2199"),
        ("statements      quarterly", "statements      monthly"),
        ("over the contract", "in each month"),
    ):
        text = text.replace(a, b)
    made = compile_source(Source("c.sib", text))
    assert [one.code for one in findings(made.contract, as_written(made.contract))] == ["SIB0710"]


def parties(number: int) -> str:
    rows = "".join(f'  | P{at} | "x" | provider |\n' for at in range(number))
    return cases.starter().replace("end parties", f"{rows}end parties", 1)


def payments(number: int) -> str:
    return cases.starter() + "".join(
        f"\npayment P{at} [9]\n  payer Council\n  payee Provider\n  | for each | band | pays |\n  | Job Kept | Part Time | £1 |\nend payment\n"
        for at in range(number)
    )


def rules(number: int) -> str:
    return cases.starter() + "".join(
        f"\nrule R{at}\n  requires payments from Council are at least £1\n  tested at final account\n  against every quantity\nend rule\n"
        for at in range(number)
    )


@pytest.mark.parametrize(("made", "number"), [(parties, 1_500), (payments, 60), (rules, 250), (steps, 120)])
def test_work_grows_in_step_with_the_text(made: Callable[[int], str], number: int) -> None:
    """Four times the text: work that goes by its square would be sixteen times as much. Calls are counted, not seconds."""

    def work(size: int) -> int:
        text = made(size)

        def check() -> None:
            whole = compile_source(Source("c.sib", text))
            findings(whole.contract, as_written(whole.contract))

        return calls(check)

    work(5)
    assert work(4 * number) < 7 * work(number)

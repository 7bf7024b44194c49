"""Deductions: by hand, by every interpreter of prices, in proofs, under a variation, and what is refused."""

from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl import money
from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused, Unpriceable
from sibdsl.model.nodes import Contract, Rule
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.to_json import from_json, to_json
from sibdsl.model.variations import in_force
from sibdsl.price import Graph, Key, build, derived, price
from sibdsl.source import Source
from tests.check.rules.heads import JOB_START, PARTIES, contract_block
from tests.check.rules.interpreters import Case, agrees_with_formulas, agrees_with_sympy, agrees_with_z3
from tests.frame import complete

CLAUSES = (
    contract_block("quarterly", serves_until="31 March 2017", pays_until="31 March 2017")
    + PARTIES
    + JOB_START
    + """
metric Rate
  kind      outcome
  equals    Job Entry divided by Job Start
  measured  in each quarter
end metric

scale Shortfall
  by  Rate
  | Rate          | equals |
  | less than 50% | 10%    |
  | at least 50%  | 0%     |
end scale

payment Fee
  payer     1/3 Council, the rest Fund
  payee     Charity
  for each  Job Start
  pays      £33.33
end payment

payment Job Fee
  payer  Fund
  payee  Charity
  | for each  | band | pays   |
  | Job Entry | all  | £10.55 |
end payment

deduction Retention
  covers  payments to Charity
  deducts 5%
end deduction

deduction Few Entries
  covers           payments under Fee
  deducts          2.5%
  deducted only if Job Entry is less than 2 in each quarter
end deduction

deduction Poor Rate
  covers  payments to Charity
  deducts Shortfall
end deduction

deduction Fixed
  covers  payments to Charity
  deducts £7.50
end deduction

deduction By Number
  covers     payments to Charity
  leaves out payments under Fee
  deducts    £3.20 times Job Start
end deduction

cap Small
  covers  payments to Charity
  at most £60 in each quarter
  excess  lost
end cap

deduction At Last
  covers  payments from Fund
  deducts 10%
  limits  before deducting
end deduction

rule Never Below Nought
  requires  payments to Charity are at least £0
  tested    in each quarter
  against   every quantity
end rule

rule The Limit Holds
  requires  payments to Charity are at most £60
  tested    in each quarter
  against   every quantity
end rule

"""
)
PENNY = Fraction(1, 100)


def pence(amount: Fraction) -> Fraction:
    return money.round_to(amount, PENNY, "half up")


@cache
def graph_of(made: Contract) -> Graph:
    return build(made, as_written(made))


@cache
def contract(more: str = "") -> Contract:
    return compile_source(Source("deducted.sib", complete(CLAUSES + more))).contract


def case(starts: list[int], entries: list[int], made: Contract | None = None) -> Case:
    made = made or contract()
    graph = graph_of(made)
    quantities: dict[Key, Fraction] = {}
    for segment, start, entry in zip(graph.segments, starts, entries, strict=True):
        quantities[Key(segment, "Job Start", "")] = Fraction(start)
        quantities[Key(segment, "Job Entry", "From 16")] = Fraction(entry)
    return Case(made, derived(made, as_written(made), quantities))


def by_hand(starts: int, entries: int) -> tuple[dict[str, Fraction], Fraction]:
    """What each deduction takes of one quarter in all, and what is paid in the end."""
    fee, entry_fee = pence(starts * Fraction("33.33")), entries * Fraction("10.55")
    # What each payer's line loses is its part by the largest remainder: only sums of whole payments are told here.
    council, fund = money.split(fee, (Fraction(1, 3), Fraction(2, 3)), PENNY)
    lines = {"council": council, "fund": fund, "entries": entry_fee}

    def take(amount: Fraction, *under: str) -> Fraction:
        due = [lines[name] for name in under]
        parts = money.split(amount, due, PENNY) if sum(due) else [Fraction(0)] * len(due)
        for name, part in zip(under, parts, strict=True):
            lines[name] -= part
        return amount

    def due(*under: str) -> Fraction:
        return sum((lines[name] for name in under), Fraction(0))

    every = ("council", "fund", "entries")
    found = {"Retention": take(pence(due(*every) * Fraction(5, 100)), *every)}
    few = pence(due("council", "fund") * Fraction(25, 1000)) if entries < 2 else Fraction(0)
    found["Few Entries"] = take(few, "council", "fund")
    poor = starts > 0 and Fraction(entries, starts) < Fraction(1, 2)
    found["Poor Rate"] = take(pence(due(*every) / 10) if poor else Fraction(0), *every)
    found["Fixed"] = take(min(due(*every), Fraction("7.50")), *every)
    found["By Number"] = take(min(due("entries"), starts * Fraction("3.20")), "entries")
    cut = max(Fraction(0), due(*every) - 60)
    take(cut, *every)
    found["At Last"] = take(pence(due("fund", "entries") / 10), "fund", "entries")
    return found, due(*every)


numbers = st.lists(st.integers(0, 4), min_size=4, max_size=4)


@settings(max_examples=25)
@given(numbers, numbers)
def test_what_is_deducted_is_what_plain_arithmetic_says(starts: list[int], entries: list[int]) -> None:
    one = case(starts, entries)
    graph = graph_of(one.contract)
    lines = price(graph, one.counts).lines
    for segment, start, entry in zip(graph.segments, starts, entries, strict=True):
        wanted, paid = by_hand(start, entry)
        mine = [line for line in lines if line.line.segment == segment]
        taken = {
            name: -sum((line.amount for line in mine if line.line.rule == name), Fraction(0))
            for name in wanted
        }
        assert taken == wanted
        assert sum((line.amount for line in mine), Fraction(0)) == paid
        assert {line.line.kind for line in mine if line.line.rule in wanted} <= {"deducted"}


@settings(max_examples=4)
@given(numbers, numbers)
def test_every_interpreter_agrees(starts: list[int], entries: list[int]) -> None:
    starts = [
        number + 1 for number in starts
    ]  # so that there is a rate: for sympy and in formulas, what is measured is there
    one = case(starts, entries)
    graph = one.graph()
    priced = price(graph, one.counts)
    agrees_with_z3(one, graph, priced)
    agrees_with_sympy(one, graph, priced)
    agrees_with_formulas(one, graph, priced)


@pytest.mark.parametrize("rule", contract().rules, ids=lambda rule: rule.name)
def test_a_verdict_holds_for_every_quantity_tried(rule: Rule) -> None:
    made = contract()
    says = Judge(made, as_written(made)).decide(rule).says
    tests = {
        "Never Below Nought": lambda paid: paid >= 0,
        "The Limit Holds": lambda paid: paid <= 60,
    }
    met = [tests[rule.name](by_hand(*numbers)[1]) for numbers in product(range(5), range(5))]
    assert says != "holds" or all(met)
    assert says == "holds"


VARIED = """
variation Half Of It
  varies          Example
  agreed          1 July 2016
  effective       1 October 2016
  stated periods  left as stated

  replace deduction Retention
    covers  payments to Charity
    deducts 50%
  end deduction

  remove deduction Fixed
end variation
"""


def test_a_variation_replaces_and_removes() -> None:
    made = contract(VARIED)
    varied = in_force(made, as_written(made))
    one = case([1, 1, 1, 1], [0, 0, 0, 0], varied)
    lines = price(graph_of(one.contract), one.counts).lines
    taken = {
        (line.line.segment.days.start.month, line.line.rule)
        for line in lines
        if line.line.rule in ("Retention", "Fixed")
    }
    assert taken == {
        (4, "Retention"),
        (4, "Fixed"),
        (7, "Retention"),
        (7, "Fixed"),
        (10, "Retention"),
        (1, "Retention"),
    }
    of_retention = [
        -sum(
            (one.amount for one in lines if one.line.rule == "Retention" and one.line.segment == segment),
            Fraction(0),
        )
        for segment in graph_of(one.contract).segments
    ]
    assert of_retention == [Fraction("1.67"), Fraction("1.67"), Fraction("16.67"), Fraction("16.67")]


def test_counting_in_parts_changes_nothing() -> None:
    late = "cap Late\n  covers payments from Fund\n  at most £1,000 in 16 May 2016 to 31 March 2017\n  excess lost\nend cap\n"
    whole, parts = case([3, 0, 0, 0], [1, 0, 0, 0]), contract(late)
    first, second, *others = graph_of(parts).segments
    quantities = {Key(first, "Job Start", ""): Fraction(2), Key(second, "Job Start", ""): Fraction(1)}
    quantities |= {Key(second, "Job Entry", "From 16"): Fraction(1)}
    quantities |= {Key(segment, "Job Start", ""): Fraction(0) for segment in others}
    cut = Case(parts, derived(parts, as_written(parts), quantities))

    def of(one: Case, name: str) -> Fraction:
        lines = price(graph_of(one.contract), one.counts).lines
        return sum((line.amount for line in lines if line.line.rule == name), Fraction(0))

    for name in ("Retention", "Few Entries", "Poor Rate", "Fixed"):
        assert of(cut, name) == of(whole, name)


def test_it_comes_back_from_json() -> None:
    made = contract(VARIED)
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("deducts 5%", "deducts 5", "SIB0413"),
        ("deducts 5%", "deducts 105%", "SIB0413"),
        ("deducts 5%\n", "\n", "SIB0402"),
        ("  covers  payments to Charity\n  deducts 5%", "  deducts 5%", "SIB0402"),
        ("payments to Charity\n  deducts 5%", "block payments\n  deducts 5%", "SIB0437"),
        ("less than 2 in each quarter", "less than 2", "SIB0545"),
        ("deducts 5%", "deducts 5%\n  deducts 6%", "SIB0401"),
    ],
)
def test_what_cannot_be_deducted_is_refused(old: str, new: str, code: str) -> None:
    assert old in CLAUSES
    with pytest.raises(Refused) as found:
        compile_source(Source("deducted.sib", complete(CLAUSES.replace(old, new, 1))))
    assert [one.code for one in found.value.found] == [code]


def test_more_than_all_that_is_due_is_never_deducted() -> None:
    """A percentage from outside is held to it when it is given."""
    given_share = CLAUSES.replace("deducts 5%", "deducts Share", 1)
    given_share += 'assumption Share\n  takes 120%\n  reason "not said"\nend assumption\n'
    made = compile_source(Source("deducted.sib", complete(given_share))).contract
    with pytest.raises(Unpriceable, match="at most all that is due"):
        build(made, as_written(made))


def test_a_percentage_that_is_a_quantity_is_refused() -> None:
    text = CLAUSES.replace("deducts Shortfall", "deducts Rate", 1)
    made = compile_source(Source("deducted.sib", complete(text))).contract
    with pytest.raises(Unpriceable, match="changes with every quantity"):
        build(made, as_written(made))


#: A sum, and one that hangs on a quantity.
SUMS = {"Fixed Sum": "", "Each Start": " times Job Start"}


def _sums(pounds: str, change: str = "") -> str:
    return "".join(
        f"\n{change}deduction {name}\n  covers  payments under Fee\n  deducts £{pounds}{per}\nend deduction\n"
        for name, per in SUMS.items()
    )


def _replaced(day: str, before: str, after: str) -> Contract:
    """The sums of both deductions, replaced from a day."""
    head = f"\nvariation V\n  varies Example\n  agreed 1 April 2016\n  effective {day}\n  stated periods left as stated\n"
    return contract(f"{_sums(before)}{head}{_sums(after, 'replace ')}end variation\n")


def _deducted(made: Contract, early: int, late: int) -> dict[str, Fraction]:
    """What each takes in the first quarter, where so many start in its first and in its last part."""
    made = in_force(made, as_written(made))
    graph = graph_of(made)
    parts = [segment for segment in graph.segments if segment.statement == graph.segments[0].statement]
    starts = dict.fromkeys(graph.segments, 0) | {parts[0]: early}
    starts[parts[-1]] += late
    quantities = {Key(segment, "Job Start", ""): Fraction(count) for segment, count in starts.items()}
    quantities |= {Key(segment, "Job Entry", "From 16"): Fraction(0) for segment in graph.segments}
    lines = price(graph, derived(made, as_written(made), quantities)).lines
    return {
        name: -sum((line.amount for line in lines if line.line.rule == name), Fraction(0)) for name in SUMS
    }


@pytest.mark.parametrize("day", ["2 April 2016", "16 May 2016", "30 June 2016"])
@pytest.mark.parametrize("after", ["20.35", "30"])
def test_a_sum_is_taken_once_by_the_text_in_force_on_the_last_day(day: str, after: str) -> None:
    made, whole = _replaced(day, "20.35", after), contract(_sums(after))
    for early, late in product(range(4), repeat=2):
        assert _deducted(made, early, late) == _deducted(whole, early, late)

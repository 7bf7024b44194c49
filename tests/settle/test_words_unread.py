"""Nobody reads back what the steps of a price graph say: with other words, all is explained, written and paid as before."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sibdsl.check.formulas import text as formula_text
from sibdsl.check.formulas.from_graph import Formulas
from sibdsl.check.formulas.latex import Latex
from sibdsl.compile import compile_file
from sibdsl.dates import Period
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import statements
from sibdsl.price import build, limits_for_each_person, step_words
from sibdsl.price.graph import Graph, TakenOf
from sibdsl.price.provenance import (
    BlockMet,
    CapCut,
    Carried,
    EarnedBy,
    HeldFromNought,
    OwedBack,
    PaidInAdvance,
    Recovered,
    TakenOver,
    WithheldForPersons,
)
from sibdsl.settle.explain import explain_line
from sibdsl.settle.explain.line_page import line_sheet
from sibdsl.settle.explain.line_to_json import line_json
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.run import pay
from tests.frame import complete
from tests.settle import tower_hamlets

CLAUSES = """
parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Charity | provider        |
end parties

metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only, over all bands
end metric

payment Start Fee
  payer  Council
  payee  Charity
  | for each  | pays |
  | Job Start | £900 |
end payment

payment Job Fee
  payer  60% Council, the rest Fund
  payee  Charity
  | for each  | band     | pays   |
  | Job Entry | Under 16 | £700   |
  | Job Entry | From 16  | £1,350 |
end payment

payment Slices
  payer     Council
  payee     Charity
  for each  Job Start
  tiers     over the contract
  | units   | pays |
  | first 1 | £50  |
  | further | £70  |
end payment

payment Sum To Date
  payer     Council
  payee     Charity
  pays to date  £100 times Job Start
  at least      £20 over the contract
  at most       £250 over the contract
  taken back    never
end payment

block advance Head Start
  payer        Council
  payee        Charity
  paid on      1 April 2016
  pays         £500
  set against  Start Fee in 2016/17
  set off      in money, as fees fall due
  unused part  recoverable
end block advance

cap Of Each
  covers   payments under Start Fee
  at most  £800 per person over the contract
  excess   lost
end cap

cap Of The Year
  covers   payments from Council
  at most  £1,300 in each quarter
  excess   carried forward
  shared   by date, then by clause
end cap

cap Of The Fund
  covers   payments from Fund
  at most  £300 over the contract
  excess   paid by Council
end cap
"""
REFERRALS = "person_id,referred_on\nP1,2016-04-02\nP2,2016-04-02\nP3,2016-04-02\n"
JOBS = (
    "job_id,person_id,started_on,ended_on,hours_per_week\n"
    "J1,P1,2016-04-03,,20\n"
    "J2,P2,2016-05-01,,12\n"
    "J3,P3,2016-08-01,,20\n"
)


def written(folder: Path) -> Path:
    (folder / "referrals.csv").write_text(REFERRALS, encoding="utf-8")
    (folder / "jobs.csv").write_text(JOBS, encoding="utf-8")
    (folder / "contract.sib").write_text(complete(CLAUSES), encoding="utf-8")
    return folder / "contract.sib"


def explained(file: Path, records: Path, day: date) -> str:
    """What is paid, and every line of it as a page and as JSON, the words of its steps among them."""
    contract = compile_file(file).contract
    paid = pay(contract, as_written(contract), records, day)
    with paid.volumes:
        found: list[object] = [to_json(paid.payments)]
        for line in paid.payments.lines:
            facts = explain_line(paid, line.id)
            found += [str(line_sheet(facts)), line_json(facts)]
    return json.dumps(found, indent=1)


def formulas(file: Path) -> str:
    """The formulas of a year and of each of its statement periods, in words and in LaTeX, with what their letters stand for."""
    contract = compile_file(file).contract
    every = Formulas(contract, build(contract, as_written(contract)))
    found: list[object] = []
    begun = contract.payment_period.start
    year = Period(begun, date(begun.year + 1, begun.month, begun.day))
    for days in (year, *(days for days in statements(contract) if days.end <= year.end)):
        for formula in every.in_days(days, str(days)):
            latex = Latex(contract, formula).sum(formula.amount)
            found += [formula_text.said(contract, formula), formula_text.letters(contract, formula), latex]
    return json.dumps(found, indent=1)


def with_other_words(monkeypatch: pytest.MonkeyPatch, told: Callable[[], str]) -> str:
    """The same told with every word of a step, and of what is taken for each person, as another; then put back."""
    other: dict[str, str] = {}

    def strange(said: str) -> str:
        return other.setdefault(said, f"Ztr{len(other):03}rtZ")

    plain_meaning, plain_taken = step_words.meaning_said, step_words.taken_said
    for purpose, said in list(step_words._SAID.items()):  # noqa: SLF001 - the words themselves are changed
        monkeypatch.setitem(step_words._SAID, purpose, strange(said))  # noqa: SLF001
    assert plain_meaning(None) == ""

    def taken(of: TakenOf) -> tuple[str, str]:
        metric, band = plain_taken(of)
        return strange(metric), strange(band)

    monkeypatch.setattr(limits_for_each_person, "taken_said", taken)
    found = told()
    monkeypatch.undo()
    for said, stood_in in other.items():
        found = found.replace(json.dumps(stood_in)[1:-1], json.dumps(said)[1:-1])
    return found


def test_explanations_read_no_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = written(tmp_path)

    def told() -> str:
        return explained(file, tmp_path, date(2017, 6, 30))

    plain = told()
    assert "room under the cap" in plain
    assert with_other_words(monkeypatch, told) == plain


def test_explanations_of_the_published_quarter_read_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> str:
        return explained(tower_hamlets.FILE, tower_hamlets.RECORDS, tower_hamlets.DAY)

    assert with_other_words(monkeypatch, told) == told()


def test_formulas_read_no_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = written(tmp_path)
    plain = formulas(file)
    assert "what is cut by Of Each of Start Fee, line 1" in plain
    assert with_other_words(monkeypatch, lambda: formulas(file)) == plain


def graph_of(file: Path) -> Graph:
    contract = compile_file(file).contract
    return build(contract, as_written(contract))


def test_each_line_says_by_what_it_came_about(tmp_path: Path) -> None:
    kinds = {
        "payment": EarnedBy,
        "carried": Carried,
        "taken_over": TakenOver,
        "taken_back": HeldFromNought,
        "repaid": OwedBack,
        "advance": PaidInAdvance,
        "recovered": Recovered,
        "set_off": BlockMet,
    }
    found = set()
    for line in graph_of(written(tmp_path)).lines:
        by = line.provenance
        found.add(type(by))
        if line.kind == "cap_cut":
            assert isinstance(by, CapCut | WithheldForPersons)
            cap = by.room.cap if isinstance(by, CapCut) else by.cap
            assert (cap.name, cap.clause) == (line.rule, line.clause)
        else:
            assert isinstance(by, kinds[line.kind])
    assert found == {
        EarnedBy, Carried, TakenOver, PaidInAdvance, Recovered, BlockMet, CapCut, WithheldForPersons,
    }  # fmt: skip


def test_what_is_taken_at_once_is_borne_by_all_its_lines(tmp_path: Path) -> None:
    graph = graph_of(written(tmp_path))
    borne: dict[int, list[int]] = {}
    size: dict[int, int] = {}
    for line in graph.lines:
        if isinstance(line.provenance, CapCut | BlockMet):
            taking = line.provenance.taking
            borne.setdefault(id(taking), []).append(line.provenance.index)
            size[id(taking)] = len(taking.due)
    assert any(number > 1 for number in size.values())
    assert {key: sorted(indexes) for key, indexes in borne.items()} == {
        key: list(range(number)) for key, number in size.items()
    }

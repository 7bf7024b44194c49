"""Who pays whom in Tower Hamlets, as the in-depth review has it: 3.2, 3.4.1, 3.4.2.2 and Box 1."""

import re
from fractions import Fraction

from sibdsl.check.flows import Flow, Flows, flows
from sibdsl.compile import compile_file
from sibdsl.dates import long
from sibdsl.model.nodes import Advance, Rate
from sibdsl.model.parameters.in_force import as_written
from sibdsl.render.flows.text import text
from sibdsl.render.flows.to_json import to_json
from tests.docs.reading import ROOT

CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"


def made() -> Flows:
    contract = compile_file(CONTRACT).contract
    return flows(contract, as_written(contract))


def flow(payer: str) -> Flow:
    return next(one for one in made().flows if one.payer == payer)


def amounts(payer: str, kind: type[Rate] | type[Advance]) -> list[Fraction]:
    settings = made().settings
    return [settings.number(item.term.amount) for item in flow(payer).items if isinstance(item.term, kind)]


def test_who_pays_whom() -> None:
    assert [(one.payer, one.payee) for one in made().flows] == [
        ("CCG", "Working Well"),
        ("MHEP", "Working Well"),
        ("SOF", "MHEP"),
        ("CBO", "MHEP"),
    ]
    assert [one.name for one in made().apart] == ["Social Finance", "Big Issue Invest"]


def test_rates_are_those_of_box_1() -> None:
    assert amounts("CCG", Rate) == [700]
    assert amounts("MHEP", Rate) == [300]
    assert amounts("SOF", Rate) == amounts("CBO", Rate) == [90, 700, 1350, 1400, 1650]


def test_blocks_are_those_of_two_years() -> None:
    assert amounts("CCG", Advance) == [110_200, 110_500]
    assert amounts("MHEP", Advance) == [47_100, 47_700]
    blocks = [item for item in flow("CCG").items if isinstance(item.term, Advance)]
    assert [long(item.due[0]) for item in blocks] == ["1 April 2016", "1 April 2017"]
    assert not any(item.by_results for item in blocks)
    assert {item.timing for item in blocks} == {"in advance"}


def test_the_funds_follow_one_another() -> None:
    assert [str(days) for days in flow("SOF").days] == ["1 April 2016 to 31 March 2018"]
    assert [str(days) for days in flow("CBO").days] == ["1 April 2018 to 31 March 2019"]
    assert all(item.by_results and item.timing == "in arrears" for item in flow("SOF").items)


def test_each_fund_has_its_cap_and_nobody_else() -> None:
    settings = made().settings
    limits = {
        one.payer: [(limit.cap.clause, int(settings.number(limit.row.amount))) for limit in one.limits]
        for one in made().flows
    }
    assert limits == {"CCG": [], "MHEP": [], "SOF": [("6.4", 986_959)], "CBO": [("6.4", 336_111)]}


def test_the_screen_says_so_within_100_columns() -> None:
    shown = text(made(), made().flows)
    assert max(len(line) for line in shown.splitlines()) <= 100
    for said in (
        "  3  SOF   ─>  MHEP          clause 6; to 31 March 2018; at most £986,959 over the contract",
        "         £700  for each Engagement ",
        "     £110,200  on 1 April 2016; set off in money against Commissioner Engagement Fee in 2016/17;",
        "     met first by Upfront Block",
        "     £1,350  for each Job Entry, From 16 ",
        "Neither pay nor are paid: Social Finance (manager) and Big Issue Invest (investor).",
    ):
        assert said in shown
    assert re.search(r"clause 6\.4, tower_hamlets\.sib:\d+", shown)


def test_the_screen_can_do_without_signs() -> None:
    assert "  4  CBO   ->  MHEP " in text(made(), made().flows, ascii_only=True)


def test_the_data_hold_the_same() -> None:
    form = to_json(made(), made().flows)
    assert form["format"] == "sibdsl.flows/1"
    (sof,) = [one for one in form["flows"] if one["payer"] == "SOF"]  # type: ignore[attr-defined] # plain values
    assert sof["items"][0]["amounts"] == [
        {"says": "£90 for each Engagement", "amount": "90.00", "written": "£90"}
    ]
    assert sof["items"][0]["periods"] == [{"start": "2016-04-01", "end": "2018-03-31"}]
    (limit,) = [one for one in form["limits"] if one["number"] in sof["limits"]]  # type: ignore[attr-defined] # plain values
    assert (limit["amount"], limit["covers"], limit["over"]) == (
        "986959.00",
        "payments from SOF",
        "over the contract",
    )

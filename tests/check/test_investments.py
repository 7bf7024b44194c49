"""Investments: what `sib check` says of their terms, and that `sib show` prints them."""

import json
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibdsl.check.structure import findings
from sibdsl.cli.app import run
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import build
from sibdsl.source import Source
from tests.docs.reading import ROOT
from tests.frame import complete

PARTIES = """\
parties
  | party   | role                              |
  | Council | commissioner                      |
  | Charity | provider, special purpose vehicle |
  | Bank    | investor                          |
end parties
"""
NAMES = ("Alpha", "Beta", "Gamma", "Delta")


def investment(name: str, *lines: str) -> str:
    own = {"investor": "Bank", "into": "Charity", "form": "loan", "pays": "£5,000"}
    own |= dict(line.split(" ", maxsplit=1) for line in lines)
    body = "".join(f"  {label}  {value}\n" for label, value in own.items())
    return f"\ninvestment {name}\n{body}end investment\n"


def codes(text: str) -> list[str]:
    whole = text if text.startswith("parties") else PARTIES + text
    contract = compile_source(Source("x.sib", complete(whole))).contract
    return [one.code for one in findings(contract, as_written(contract))]


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=2, unique=True), min_size=4
    )
)
def test_an_order_of_repayment_is_there_or_a_circle_is_found(after: dict[str, list[str]]) -> None:
    text = "".join(
        investment(
            name, *([f"repaid from what is left after {', '.join(after[name])}"] if after[name] else [])
        )
        for name in NAMES
    )
    ordered = any(
        all(order.index(other) < order.index(name) for name in NAMES for other in after[name])
        for order in permutations(NAMES)
    )
    assert ("SIB0583" in codes(text)) is not ordered


def test_ranks_and_what_is_left_make_one_order() -> None:
    text = investment("Alpha", "ranks after Beta") + investment(
        "Beta", "repaid from what is left after Alpha"
    )
    assert codes(text) == ["SIB0583"]


def test_two_that_rank_first_are_refused() -> None:
    assert codes(investment("Alpha", "ranks first") + investment("Beta", "ranks first")) == ["SIB0584"]
    assert codes(investment("Alpha", "ranks equally") + investment("Beta", "ranks equally")) == []


@pytest.mark.parametrize("interest", ["8% a year", "8% a year, compound"])
def test_interest_that_does_not_say_how_it_is_added_is_refused(interest: str) -> None:
    with pytest.raises(Refused) as refused:
        codes(investment("Loan", f"interest {interest}"))
    assert [one.code for one in refused.value.found] == ["SIB0213"]


def test_a_rank_after_what_goes_elsewhere() -> None:
    parties = PARTIES.replace("end parties", "  | Shell   | special purpose vehicle |\nend parties")
    text = investment("Alpha", "ranks first", "into Shell") + investment("Beta", "ranks after Alpha")
    assert codes(parties + text) == ["SIB0584"]


@pytest.mark.parametrize("lines", [["interest 1% a year, simple"], ["repaid on 31 March 2019"]])
def test_a_grant_is_not_paid_back(lines: list[str]) -> None:
    assert codes(investment("Gift", "form grant", *lines)) == ["SIB0585"]


def test_nobody_invests_in_themselves() -> None:
    assert codes(investment("Loan", "investor Charity")) == ["SIB0580", "SIB0581"]


def test_an_investment_changes_no_payment_and_is_a_part_of_what_is_signed() -> None:
    bare, invested = (
        compile_source(Source("x.sib", complete(PARTIES + text))).contract
        for text in ("", investment("Loan"))
    )
    given_ = as_written(bare)
    assert build(bare, given_).lines == build(invested, given_).lines
    assert fingerprint(bare) != fingerprint(invested)


PROGRAMME = str(ROOT / "contracts" / "mhep1" / "mhep1.programme.sib")


def test_the_published_investment(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", PROGRAMME, "--investments"]) == 0
    shown = capsys.readouterr().out
    assert "Big Issue Invest puts in £360,000.00, on no day given" in shown
    assert "interest 8% a year, compound yearly" in shown
    assert "£400,000.00 in all" in shown
    assert run(["show", PROGRAMME, "--investments", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["form"], one["drawdowns"][0]["amount"], one["ranks"]) for one in told["investments"]] == [
        ("equity", "40000", "after Loan"),
        ("loan", "360000", "first"),
    ]


@pytest.mark.parametrize("options", [["--latex"], ["--payer", "CBO"], ["--format", "svg"]])
def test_what_investments_are_not_shown_with(options: list[str]) -> None:
    assert run(["show", PROGRAMME, "--investments", *options]) == 2

"""The dimensions of the evaluation, on the contracts of the casebook and on small ones that stand at each place."""

import json
import re

import pytest

from sibdsl.check.dimensions import Dimension, dimensions
from sibdsl.cli.app import run
from sibdsl.compile import compile_file, compile_source
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, ROOT, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")


def scores(found: tuple[Dimension, ...]) -> list[int | None]:
    return [one.score for one in found]


def of(piece: str) -> tuple[Dimension, ...]:
    return dimensions(compile_source(Source("x.sib", spliced(FRAME, piece))).contract)


@pytest.mark.parametrize(
    ("file", "expected", "word"),
    [
        # Review, 3.5.4: only partly for outcomes, no comparison group, providers' risk one of engagements.
        ("mhep1/tower_hamlets.sib", [1, 1, 2], "Upfront Block"),
        ("mhep1/haringey.sib", [1, 1, 2], "First Year Block"),
        ("mhep1/staffordshire.sib", [1, 1, 2], "Commissioner Upfront Block"),
        # All on outcomes, against a baseline of earlier cases, the provider on a fee for service.
        ("essex_mst/essex_mst.sib", [3, 2, 3], "Outcome Payment"),
        # All on outcomes, one of them against a matched group; the vehicle bears what there is to bear.
        ("chicago/chicago.sib", [3, 3, None], "Special Education Avoided"),
        ("fair_chance/fair_chance.sib", [3, 1, 1], "Milestone Payments"),
    ],
)
def test_the_contracts_of_the_casebook(file: str, expected: list[int], word: str) -> None:
    found = dimensions(compile_file(ROOT / "contracts" / file).contract)
    assert scores(found) == expected
    assert word in found[0].why


def payment(name: str, each: str, payer: str = "Council", payee: str = "Provider", pays: str = "£300") -> str:
    return f"payment {name} [3]\n  payer {payer}\n  payee {payee}\n  for each {each}\n  pays {pays}\nend payment\n"


FEE = (
    "payment Start Fee [3]\n  payer Council\n  payee Provider\n  pays £9,000\n"
    "  every year at the end, part years in full\nend payment\n"
)
ON_OUTCOMES = payment("Start Fee", "Job Kept", pays="£10")


def test_outputs_among_what_is_paid() -> None:
    found = of("")
    assert scores(found) == [2, 1, 1]
    assert found[0].why == "Start Fee pays for Job Start, an output"


def test_all_on_outcomes() -> None:
    assert scores(of(ON_OUTCOMES)) == [3, 1, 1]


def test_a_fee_beside_results() -> None:
    assert scores(of(FEE)) == [1, 1, 1]


def test_only_a_fee() -> None:
    fee = FEE.replace("Start Fee", "Outcome Fee").replace("Council", "Fund")
    found = of(FEE + fee)
    assert scores(found) == [1, None, 3]
    assert found[2].why == "the provider is paid whatever the results: Start Fee and Outcome Fee"


VEHICLE = """\
parties
  | party    | role                    |
  | Council  | commissioner            |
  | Fund     | co-commissioner         |
  | Vehicle  | special purpose vehicle |
  | Provider | provider                |
end parties
"""


def test_only_what_commissioners_pay_is_looked_at_for_its_nature() -> None:
    outcome = ON_OUTCOMES.replace("payee Provider", "payee Vehicle")
    fund = (
        "payment Outcome Fee [4]\n  payer Fund\n  payee Vehicle\n  | for each | band | pays |\n"
        "  | Job Kept | Part Time | £1 |\n  | Job Kept | Full Time | £2 |\nend payment\n"
    )
    fee = FEE.replace("Start Fee", "Service Fee").replace("Council", "Vehicle")
    assert scores(of(VEHICLE + outcome + fund + fee)) == [3, 1, 3]


def test_nobody_of_the_roles() -> None:
    nobody = VEHICLE.replace("co-commissioner", "manager        ").replace("| commissioner", "| manager     ")
    nobody = nobody.replace("| provider  ", "| verifier  ")
    found = of(nobody)
    assert scores(found) == [None, 1, None]


SAVING = (
    "metric Fewer Starts [8]\n  kind outcome\n  compares Job Start with {other} as percentage reduction\n"
    "  measured in each year\nend metric\n"
    "payment Start Fee [3]\n  payer Council\n  payee Provider\n  pays £9 times Fewer Starts\n"
    "  at least £0 in each year\nend payment\n"
)
OTHERS = (
    "cohort Others [1]\n  rows Referrals\n  only if Eligible is no\n  joins on Referred On\n"
    "  if several earliest Referred On\nend cohort\n"
    "metric Other Start [2]\n  kind outcome\n  counts rows of Jobs\n  among Others\n  dated Started On\nend metric\n"
)


@pytest.mark.parametrize(
    ("piece", "score", "word"),
    [
        (SAVING.format(other="40"), 2, "Fewer Starts is the change against what was before"),
        (SAVING.format(other="Job Kept"), 2, "Fewer Starts is the change"),
        (OTHERS + SAVING.format(other="Other Start"), 3, "Fewer Starts compares one group with another"),
    ],
)
def test_changes_against_a_figure_and_against_other_people(piece: str, score: int, word: str) -> None:
    found = of(piece)
    assert scores(found)[:2] == [3, score]
    assert word in found[1].why


APART = SAVING.replace(
    "compares Job Start with {other} as percentage reduction", "equals (Other Start minus {other}) times 2"
)


@pytest.mark.parametrize(
    ("other", "score"), [("Job Kept", 3), ("Job Start", 1), ("Other Start", 1), ("7", 1)]
)
def test_a_difference_between_two_groups_is_a_comparison(other: str, score: int) -> None:
    found = of(OTHERS + APART.format(other=other))
    assert found[1].score == score
    assert ("Fewer Starts compares one group with another" in found[1].why) == (score == 3)


def test_a_provider_paid_wholly_or_partly_on_outcomes() -> None:
    outcome = (
        "payment Outcome Fee [3]\n  payer Council\n  payee Provider\n  | for each | band | pays |\n"
        "  | Job Kept | Part Time | £1 |\n  | Job Kept | Full Time | £2 |\nend payment\n"
    )
    assert of(outcome + ON_OUTCOMES)[2].says == "the provider bears it"
    assert of(outcome + FEE)[2].says == "the provider bears a part"


def test_what_check_says(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(ROOT / "contracts" / "mhep1" / "tower_hamlets.sib")
    assert run(["check", path]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "nature of payment 1 partly by results Upfront Block is paid by commissioners" in shown
    assert "provider's risk 2 the provider bears the risk of take-up" in shown
    assert run(["check", path, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["contracts"][0]["dimensions"]
    assert [(one["name"], one["score"]) for one in told] == [
        ("nature of payment", 1), ("strength of measurement", 1), ("provider's risk", 2),
    ]  # fmt: skip
    assert all(one["says"] and one["why"] for one in told)


def test_many_results_are_counted() -> None:
    found = dimensions(compile_file(ROOT / "contracts" / "innovation_fund" / "innovation_fund.sib").contract)
    assert re.fullmatch(r"each ([^,]+, ){2}[^,]+ or \d+ others counts as it comes, .+", found[1].why)

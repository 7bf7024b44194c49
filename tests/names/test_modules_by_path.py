"""Modules of one's own: named by a path, as safe as what else a contract names, and in its meaning by what they say."""

import json
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.fingerprint import fingerprint
from sibdsl.source import Source

CONTRACT = """contract North
  service period  1 April 2026 to 31 March 2027
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
  uses            "./rates.sib"
  uses            "./rules/fund.sib" where Fund is Council, Most is £2,000
end contract

parties
  | party    | role         |
  | Council  | commissioner |
  | Provider | provider     |
end parties

payment Fee [1]
  payer  Council
  payee  Provider
  every  quarter at the end, part quarters in full
  pays   Start Rate
end payment
"""
RATES = """rate card Rates Of 2026
end rate card

particulars
  | particular | holds | default |
  | Start Rate | money | £300    |
  | Spare Rate | money | £1      |
end particulars
"""
FUND = """rule pack Fund Conditions
  uses  "../shares.sib" where Fund is Fund
end rule pack

parties
  | party | role            |
  | Fund  | co-commissioner |
end parties

particulars
  | particular | holds | default  |
  | Most       | money | required |
end particulars

rule Fund Bounded
  requires  payments from Fund is at most Most
  tested    over the contract
  against   every quantity
end rule
"""
SHARES = """rule pack Shares
end rule pack

parties
  | party | role            |
  | Fund  | co-commissioner |
end parties

rule Fund Pays Something
  requires  payments from Fund is more than £0
  tested    over the contract
  against   every quantity
end rule
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "deal"
    (here / "rules").mkdir(parents=True)
    for name, text in (
        ("north.sib", CONTRACT),
        ("rates.sib", RATES),
        ("rules/fund.sib", FUND),
        ("shares.sib", SHARES),
    ):
        (here / name).write_text(text, encoding="utf-8")
    return here


def _refused(path: Path, **how: object) -> Diagnostic:
    with pytest.raises(Refused) as refused:
        pipeline.load(path, **how)  # type: ignore[arg-type]
    return refused.value.found[0]


def test_a_rate_card_is_the_contracts_own_and_may_be_set(folder: Path) -> None:
    for values, quarter in (({}, 300), ({"Start Rate": "£250"}, 250)):
        paid = pipeline.price(pipeline.load(folder / "north.sib", values=values), {"North": {}})
        assert [total.amount for total in paid.totals()] == [4 * quarter]


def test_nobody_is_told_of_what_a_card_brings_and_the_contract_does_not_use(folder: Path) -> None:
    assert pipeline.check(pipeline.load(folder / "north.sib")) == ()


def test_rules_of_a_file_and_of_one_that_it_uses(folder: Path) -> None:
    loaded = pipeline.load(folder / "north.sib")
    asked = pipeline.rules_asked(loaded, [str(folder / "rules" / ".." / "rules" / "fund.sib"), "own"])
    with pytest.raises(Refused):
        pipeline.rules_asked(loaded, ["./fund.sib"])
    assert {name: [rule.name for rule in rules] for name, rules in asked.of_contracts.items()} == {
        "North": ["Fund Bounded"]
    }
    assert {rule.name for rule in loaded.contract.rules} == {"Fund Bounded", "Fund Pays Something"}


def test_the_fingerprint_freezes_what_a_module_says_and_not_how_it_is_laid_out(folder: Path) -> None:
    def now() -> str:
        return fingerprint(pipeline.load(folder / "north.sib").contract)

    before = now()
    card = folder / "rates.sib"
    card.write_text(f"-- as agreed\n{RATES.replace('  |', '    |')}", encoding="utf-8")
    assert now() == before
    card.write_text(RATES.replace("£300", "£301"), encoding="utf-8")
    assert now() != before
    card.rename(folder / "card.sib")
    (folder / "card.sib").write_text(RATES, encoding="utf-8")
    text = CONTRACT.replace("./rates.sib", "./card.sib")
    (folder / "north.sib").write_text(text, encoding="utf-8")
    assert now() == before, "where it lies changes nothing"


def test_an_unsaved_text_stands_for_that_of_the_file(folder: Path) -> None:
    unsaved = {folder / "rates.sib": RATES.replace("£300", "£10")}
    paid = pipeline.price(pipeline.load(folder / "north.sib", unsaved=unsaved), {"North": {}})
    assert [total.amount for total in paid.totals()] == [40]


def test_nothing_outside_the_folder_unless_it_is_allowed(folder: Path) -> None:
    outside = folder.parent / "rates.sib"
    outside.write_text(RATES, encoding="utf-8")
    north = folder / "north.sib"
    north.write_text(CONTRACT.replace("./rates.sib", "../rates.sib"), encoding="utf-8")
    told = _refused(north)
    assert (told.code, told.span.line) == ("SIB0105", 7)
    assert pipeline.load(north, allow=[folder.parent]).contract.particulars

    (folder / "rates.sib").unlink()
    (folder / "rates.sib").symlink_to(outside)
    north.write_text(CONTRACT, encoding="utf-8")
    assert _refused(north).code == "SIB0105", "a link leads out as well"


def test_a_module_leads_no_further_than_its_contract(folder: Path) -> None:
    """A module in a folder below names a file of the contract's folder; not one above it."""
    (folder / "rules" / "fund.sib").write_text(FUND.replace("../shares", "../../shares"), encoding="utf-8")
    (folder.parent / "shares.sib").write_text(SHARES, encoding="utf-8")
    assert _refused(folder / "north.sib").code == "SIB0105"


@pytest.mark.parametrize("back", ["./rules/fund.sib", "./rules/../rules/fund.sib"])
def test_circles_are_refused_however_they_are_written(folder: Path, back: str) -> None:
    uses = f'  uses "{back}" where Fund is Fund, Most is £1\nend rule pack'
    text = SHARES.replace("end rule pack", uses, 1)
    (folder / "shares.sib").write_text(text, encoding="utf-8")
    told = _refused(folder / "north.sib")
    assert told.code == "SIB0304"
    assert "by way of" in told.message


def test_many_modules_of_one_another_are_refused_in_good_time(folder: Path) -> None:
    """Each of a chain uses the next twice with other names: two, four, eight ... of the last."""
    for at in range(30):
        uses = f'  uses "./m{at + 1}.sib" where A is Council, B is Provider\n  uses "./m{at + 1}.sib" where A is B, B is A\n'
        (folder / f"m{at}.sib").write_text(
            f"module M{at}\n{uses}end module\nparties\n  | party | role |\n  | A | provider |\n  | B | provider |\nend parties\n",
            encoding="utf-8",
        )
    (folder / "m30.sib").write_text("module Last\nend module\nparties\n  | party | role |\n  | A | provider |\n  | B | provider |\nend parties\n", encoding="utf-8")  # fmt: skip
    text = CONTRACT.replace('"./rates.sib"', '"./m0.sib" where A is Council, B is Provider')
    (folder / "north.sib").write_text(text.replace("Start Rate", "£1"), encoding="utf-8")
    pipeline.load(folder / "north.sib")


@pytest.mark.parametrize(
    ("named", "code", "way_out"),
    [
        ("./rate.sib", "SIB0101", "Check the name and the folder."),
        ("rates.sib", "SIB0303", 'write `uses "./rates.sib"`'),
        ("./south.sib", "SIB0303", "A module's file begins with"),
        ("./rates.csv", "SIB0108", "ends in `.sib`"),
        ("./rules", "SIB0108", "plain file"),
    ],
)
def test_bad_names(folder: Path, named: str, code: str, way_out: str) -> None:
    (folder / "rates.csv").write_text("a,b\n", encoding="utf-8")
    (folder / "south.sib").write_text(CONTRACT.replace("North", "South"), encoding="utf-8")
    (folder / "north.sib").write_text(CONTRACT.replace("./rates.sib", named), encoding="utf-8")
    told = _refused(folder / "north.sib")
    assert (told.code, told.span.line) == (code, 7)
    assert way_out in told.help


@pytest.mark.parametrize("block", ["rule R\n  requires payments is at most £1\n  tested over the contract\n  against every quantity\nend rule", "cap C\n  covers payments\n  at most £1 over the contract\n  excess lost\nend cap"])  # fmt: skip
def test_a_rate_card_brings_no_rules_and_no_payments(folder: Path, block: str) -> None:
    (folder / "rates.sib").write_text(f"{RATES}\n{block}\n", encoding="utf-8")
    assert _refused(folder / "north.sib").code == "SIB0309"


def test_a_particular_of_the_card_and_of_the_contract_is_refused(folder: Path) -> None:
    own = (
        "\nparticulars\n  | particular | holds | default |\n  | Start Rate | money | £1 |\nend particulars\n"
    )
    (folder / "north.sib").write_text(CONTRACT + own, encoding="utf-8")
    assert _refused(folder / "north.sib").code == "SIB0307"


def test_a_text_in_memory_names_modules_from_where_it_says_that_it_lies(folder: Path) -> None:
    source = Source(str(folder / "other.sib"), CONTRACT.replace("North", "Other"))
    assert pipeline.load(source).contract.name == "Other"


def test_what_is_wrong_in_a_module_is_told_once_of_a_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "south.sib").write_text(CONTRACT.replace("North", "South"), encoding="utf-8")
    (folder / "rules" / "fund.sib").write_text(FUND.replace("../shares", "./shares"), encoding="utf-8")
    (folder / "rules" / "shares.sib").write_text(
        SHARES.replace("  against   every quantity\n", ""), encoding="utf-8"
    )
    assert sib(["check", str(folder), "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out)["findings"]
    assert [(Path(finding["place"]["file"]).name, finding["code"]) for finding in told] == [
        ("shares.sib", "SIB0402")
    ]

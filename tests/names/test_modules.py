"""Modules: what they bring is what their text would say in the contract, and what they may not hold is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sibdsl.check.structure import findings
from sibdsl.cli.app import run as sib
from sibdsl.compile import compile_module, compile_source
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.names import files
from sibdsl.settle.examples import run
from sibdsl.source import Source
from tests.docs.reading import ROOT
from tests.frame import complete

Library = Callable[..., None]

HEADING = """\
contract Example
  service period  1 April 2016 to 31 March 2019
  payment period  1 April 2016 to 31 March 2020
  currency        GBP
  years           begin 1 April
  statements      quarterly
  rounding        each line, half up, to the penny
  {uses}
end contract
"""

#: One block of every kind that a module brings; `Payer` and `Cut` are left open.
SHARED = """\
table Sectors
  | Sector | Counts |
  | Q1     | yes    |
  | Q2     | no     |
end table

assumption Long Enough
  takes   10 units
  reason  "The source does not say."
end assumption

records Posts
  one row per Post
  | column    | holds           | blank    | must be    |
  | Person ID | person          | rejected | any        |
  | Begun On  | date            | rejected | any        |
  | Sector    | code in Sectors | rejected | any        |
  | Hours     | number          | rejected | at least 0 |
end records

cohort Starters
  rows        Posts
  only if     Begun On is on or after {cut}
  joins on    Begun On
  if several  earliest Begun On
end cohort

bands Length
  by Hours
  | band  | holds        |
  | Short | less than 16 |
  | Long  | at least 16  |
end bands

metric Post Begun
  kind        output
  counts      rows of Posts
  among       Starters
  only if     Counts is yes
  only if     Hours is at least Long Enough
  dated       Begun On
  per person  first only, over all bands
  if tied     highest Hours
  banded by   Length, as recorded
end metric

rule Payer Pays
  requires  payments from {payer} earned on or before {cut} are at least £0
  tested    at final account
  against   every quantity
end rule
"""
MODULE = """\
module Shared Terms
  source "a module for the tests"
end module

parties
  | party | role         |
  | Payer | commissioner |
end parties

particulars
  | particular | holds | default      |
  | Cut        | date  | 1 April 2016 |
end particulars

""" + SHARED.format(payer="Payer", cut="Cut")
PAYS = """\
payment Job Fee
  payer  Council
  payee  Charity
  | for each   | band  | pays |
  | Post Begun | Short | £10  |
  | Post Begun | Long  | £20  |
end payment

example One Post
  given records Posts
  | Person ID | Begun On   | Sector | Hours |
  | "P1"      | 1 May 2017 | Q1     | 20    |
  | "P2"      | 1 May 2017 | Q2     | 20    |
  expect all
  | pays |
  | £20  |
end example
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Puts modules into a standard library of the test's own."""
    root = tmp_path / "stdlib"

    def resource(*parts: str) -> Path:
        return tmp_path.joinpath(*parts)

    monkeypatch.setattr(files, "resource", resource)

    def put(**modules: str) -> None:
        for name, text in modules.items():
            path = root / f"{name.replace('__', '/')}.sib"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return put


def contract(uses: str, more: str = PAYS) -> Contract:
    return compile_source(Source("x.sib", complete(HEADING.format(uses=uses) + more))).contract


def refused(uses: str, more: str = "") -> list[Diagnostic]:
    with pytest.raises(Refused) as caught:
        contract(uses, more)
    return caught.value.found


def test_a_module_s_amounts_are_in_the_contract_s_currency_or_nothing(library: Library) -> None:
    text = 'module Shared\nend module\n\nassumption Most\n  takes   {amount}\n  reason  "Agreed."\nend assumption\n'
    library(shared=text.format(amount="$700"))
    assert [one.code for one in refused('uses "shared"')] == ["SIB0435"]
    library(shared=text.format(amount="$0"))
    assert contract('uses "shared"', "").assumptions[-1].name == "Most"


@pytest.mark.parametrize(
    ("where", "cut"),
    [("Payer is Council", "1 April 2016"), ("Payer is Council, Cut is 5 May 2017", "5 May 2017")],
)
def test_a_module_means_what_its_text_would_mean_in_the_contract(
    library: Library, where: str, cut: str
) -> None:
    library(shared=MODULE)
    used = contract(f'uses "shared" where {where}')
    pasted = contract("", PAYS + SHARED.format(payer="Council", cut=cut))
    assert used == pasted
    assert fingerprint(used) == fingerprint(pasted)
    paid = [run(used, as_written(used), one) for one in used.examples]
    assert [bool(one.failures) for one in paid] == [cut == "5 May 2017"]


def test_what_is_brought_and_not_used_is_not_complained_of(library: Library) -> None:
    library(shared=MODULE)
    used = contract('uses "shared" where Payer is Council', "")
    assert findings(used, as_written(used)) == []
    pasted = contract("", SHARED.format(payer="Council", cut="1 April 2016"))
    assert {one.code for one in findings(pasted, as_written(pasted))} == {"SIB0505"}


def test_modules_hand_on_what_they_leave_open(library: Library) -> None:
    outer = (
        'module Outer\n  uses "inner" where Who is Payer\nend module\n'
        "parties\n  | party | role |\n  | Payer | commissioner |\nend parties\n"
    )
    inner = (
        "rule pack Inner\nend rule pack\nparties\n  | party | role |\n  | Who | commissioner |\nend parties\n"
        "rule At Least Nought\n  requires payments from Who are at least £0\n  tested at final account\n"
        "  against every quantity\nend rule\n"
    )
    library(deep__outer=outer, inner=inner)
    (rule,) = contract('uses "deep/outer" where Payer is Council', "").rules
    assert rule.span.file == "stdlib/inner.sib"
    (direct,) = contract('uses "inner" where Who is Council', "").rules
    assert rule == direct
    # Both ways to the same module with the same names: what it brings is shared.
    twice = 'uses "deep/outer" where Payer is Council uses "inner" where Who is Council'
    assert contract(twice, "").rules == (rule,)
    other = 'uses "deep/outer" where Payer is Council uses "inner" where Who is Charity'
    (found,) = refused(other)
    assert (found.code, found.span.file) == ("SIB0307", "x.sib")
    assert [one.span.file for one in found.labels] == ["stdlib/inner.sib", "stdlib/inner.sib"]


def test_modules_in_a_circle_are_refused_with_the_whole_way_round(library: Library) -> None:
    def using(name: str) -> str:
        return f'module Round\n  uses "{name}"\nend module\n'

    library(one=using("two"), two=using("deep/three"), deep__three=using("one"))
    (found,) = refused('uses "one"')
    assert found.code == "SIB0304"
    assert found.message == '"one" uses itself, by way of one and two and deep/three.'


def test_two_modules_that_define_one_name(library: Library) -> None:
    text = 'assumption Same Name\n  takes 5 units\n  reason "so"\nend assumption\n'
    library(one=f"module One\nend module\n{text}", two=f"module Two\nend module\n{text}")
    (found,) = refused('uses "one" uses "two"')
    assert (
        found.message
        == 'The module "two" defines Same Name, an assumption; another module that the contract uses does too.'
    )
    assert found.span.file == "x.sib"
    assert [one.span.file for one in found.labels] == ["stdlib/one.sib", "stdlib/two.sib"]


@pytest.mark.parametrize(
    ("head", "block", "message"),
    [
        ("module", PAYS.split("\n\n", maxsplit=1)[0] + "\n", "A module does not bring a payment."),
        ("module", "scenarios\n  | scenario | quantities |\n  | Low | 50% of High rounded down |\nend scenarios\n",
         "A module does not bring a block of kind `scenarios`."),
        ("rule pack", SHARED.split("\n\n", maxsplit=1)[0] + "\n", "A rule pack brings rules, not a table."),
    ],
)  # fmt: skip
def test_what_no_module_brings(library: Library, tmp_path: Path, head: str, block: str, message: str) -> None:
    text = f"{head} Terms\nend {head}\n\n{block}"
    library(terms=text)
    (found,) = refused('uses "terms"')
    assert (found.code, found.message) == ("SIB0309", message)
    with pytest.raises(Refused) as caught:
        compile_module(tmp_path / "stdlib" / "terms.sib")
    assert message in [one.message for one in caught.value.found]


def test_a_module_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "shared.sib"
    path.write_text(MODULE, encoding="utf-8")
    made = compile_module(path)
    assert (made.name, made.kind) == ("Shared Terms", "module")
    assert made.opens == {"parties": ("Payer",), "particulars": ("Cut",)}
    assert made.brings["metric"] == ("Post Begun",)
    assert sum(map(len, made.brings.values())) == SHARED.count("\nend ")
    path.write_text(MODULE.replace("among       Starters", "among       Finishers"), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        compile_module(path)
    (found,) = caught.value.found
    assert (found.code, found.span.file) == ("SIB0301", str(path))


@pytest.mark.parametrize("name", files.modules_available())
def test_each_module_of_the_library_is_sound_by_itself(name: str) -> None:
    from sibdsl.check.structure import of_module
    from sibdsl.resources import resource

    made = compile_module(resource("stdlib", *f"{name}.sib".split("/")))
    assert list(made.findings) == []
    assert of_module(made.contract, as_written(made.contract)) == []
    assert made.brings
    for rule in made.contract.rules:
        assert rule.says


def test_what_check_says_of_a_module(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shared.sib"
    path.write_text(MODULE, encoding="utf-8")
    assert sib(["check", str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("module Shared Terms\n  leaves open, as parties: Payer\n")
    assert "  brings metric: Post Begun\n" in shown
    assert sib(["check", str(path), "--format", "json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["contracts"]
    assert (told["kind"], told["leaves_open"]) == ("module", {"parties": ["Payer"], "particulars": ["Cut"]})
    assert sib(["check", str(path), "--rules", "all"]) == 3
    path.write_text(MODULE.replace("less than 16", "less than 15"), encoding="utf-8")
    assert sib(["check", str(path)]) == 2
    assert "SIB0501" in capsys.readouterr().out


def test_a_module_is_not_paid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shared.sib"
    path.write_text(MODULE, encoding="utf-8")
    assert sib(["test", str(path)]) == 2
    assert "A module is taken up by a contract's `uses` line." in " ".join(capsys.readouterr().err.split())


# ------------------------------------------------------------------ the modules of the library


def of_library(name: str) -> Contract:
    from sibdsl.resources import resource

    return compile_module(resource("stdlib", *f"{name}.sib".split("/"))).contract


def test_ips_is_what_tower_hamlets_says_in_its_own_text() -> None:
    whole, module = (
        compile_source(
            Source("th.sib", (ROOT / "contracts/mhep1/tower_hamlets.sib").read_text("utf-8"))
        ).contract,
        of_library("ips"),
    )
    assert module.records == whole.records
    assert module.bands == whole.bands
    assert module.metrics == whole.metrics
    assert module.cohorts == whole.cohorts
    assert set(module.assumptions) <= set(whole.assumptions)


def test_care_placements_as_printed() -> None:
    codes, groups = of_library("care_placements").lookups
    printed = {
        row.cells[0].value: [None if cell is None else cell.value for cell in row.cells[1:]]
        for row in codes.rows
        if row.cells[0]
    }
    assert len(printed) == 26
    assert {code for code, (_, line, _) in printed.items() if line is None} == {
        "P1",
        "T0",
        "T1",
        "T2",
        "T3",
        "T4",
    }
    pairs = {(row.cells[0].value, row.cells[1].value) for row in groups.rows if row.cells[0] and row.cells[1]}
    odd = {code for code, (letter, _, group) in printed.items() if (letter, group) not in pairs}
    assert odd == {"H5", "Z1"}
    assert [printed["H5"], printed["Z1"]] == [["R", 10, 4], ["I", 10, 5]]
    assert sum(letter == "U" for letter, _, _ in printed.values()) == 9


def test_each_fund_of_mhep_1_has_its_conditions() -> None:
    uses = (
        'uses "funds/cbo" where Fund is CBO, Earlier Fund is SOF, Earlier Fund Ends is 31 March 2018\n'
        '  uses "funds/sof" where Outcomes Fund is SOF, Next Fund Begins is 1 April 2018'
    )
    text = (ROOT / "contracts/mhep1/haringey.sib").read_text("utf-8")
    line = next(one for one in text.splitlines() if "funds/cbo" in one)
    made = compile_source(Source("h.sib", text.replace(line.strip(), uses))).contract
    own = compile_source(Source("h.sib", text)).contract
    assert [one.name for one in made.rules if one not in own.rules] == [
        "SOF At Most Its Share", "SOF At Most Its Share Of Outcomes", "SOF Below Half", "SOF In Arrears",
        "SOF Only In Its Time",
    ]  # fmt: skip

"""The MHEP 1 programme: the funds' ceilings shared out between contracts, to the penny."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from sibdsl.cli.price import command
from tests.docs.reading import ROOT

FOLDER = ROOT / "contracts" / "mhep1"
GIVEN = (
    "SCC Engagement Rate=£650",
    "MHEP Engagement Rate=£250",
    "MHEP Yearly Value=£120,000",
)
QUANTITIES = """\
contract,period,metric,band,quantity
Staffordshire,2017-05-01,Job Entry,From 16,400
Tower Hamlets,2017-05-01,Job Entry,From 16,500
Haringey,2016-05-01,Job Entry,From 16,10
Staffordshire,2018-05-01,Job Entry,From 16,100
Tower Hamlets,2018-05-01,Job Entry,From 16,200
"""
SOF, CBO_SHARE = Fraction(986_959), Fraction(334_200)


def run(file: Path, tmp_path: Path, *more: str) -> dict[str, object]:
    quantities = tmp_path / "quantities.csv"
    quantities.write_text(QUANTITIES, encoding="utf-8")
    words = [str(file), "--quantities", str(quantities), "--format", "json", *more]
    for one in GIVEN:
        words += ["--set", one]
    result = CliRunner().invoke(command, words, standalone_mode=False)
    assert result.exception is None
    found: dict[str, object] = json.loads(result.stdout)
    return found


def paid(run: dict[str, object], payer: str, kind: str = "") -> dict[str, Fraction]:
    """What a payer pays under each contract, of one kind of line or in all."""
    found: dict[str, Fraction] = {}
    for contract in run["contracts"]:  # type: ignore[attr-defined]
        for line in contract["lines"]:
            if line["payer"] == payer and kind in ("", line["kind"]):
                name = contract["contract"]["name"]
                found[name] = found.get(name, Fraction(0)) + Fraction(line["amount"])
    return found


def shared(total: Fraction, weights: dict[str, Fraction]) -> dict[str, Fraction]:
    """Pro rata in whole pennies by the largest remainder, ties by name."""
    exact = {name: total * 100 * weight / sum(weights.values()) for name, weight in weights.items()}
    floors = {name: one.numerator // one.denominator for name, one in exact.items()}
    left = int(total * 100) - sum(floors.values())
    for name in sorted(exact, key=lambda one: (floors[one] - exact[one], one))[:left]:
        floors[name] += 1
    return {name: Fraction(pennies, 100) for name, pennies in floors.items()}


def test_the_ceilings_are_shared_by_date_then_pro_rata(tmp_path: Path) -> None:
    found = run(FOLDER / "mhep1.programme.sib", tmp_path)
    earlier = Fraction(10 * 1350)  # Haringey's, a year before the others
    due = {"Staffordshire": Fraction(400 * 1350), "Tower Hamlets": Fraction(500 * 1350)}
    cut = sum(due.values()) - (SOF - earlier)
    assert paid(found, "SOF", "cap_cut") == {name: -one for name, one in shared(cut, due).items()}
    assert sum(paid(found, "SOF").values()) == SOF
    assert paid(found, "SOF")["Haringey"] == earlier


def test_of_pounds_and_per_cent_the_lower_prevails(tmp_path: Path) -> None:
    found = run(FOLDER / "mhep1.programme.sib", tmp_path)
    assert sum(paid(found, "CBO").values()) == CBO_SHARE  # 12% of £2,785,000, below £336,111
    higher = run(FOLDER / "mhep1.programme.sib", tmp_path, "--set", "Planned Outcome Payments=£3,000,000")
    assert sum(paid(higher, "CBO").values()) == Fraction(336_111)
    lower = run(FOLDER / "mhep1.programme.sib", tmp_path, "--set", "Planned Outcome Payments=£1,000,000")
    assert sum(paid(lower, "SOF").values()) == Fraction(380_000)


def test_the_order_of_the_table_changes_no_byte(tmp_path: Path) -> None:
    text = (FOLDER / "mhep1.programme.sib").read_text(encoding="utf-8")
    rows = [line for line in text.split("\n") if line.startswith("  | ") and ".sib" in line]
    assert len(rows) == 3
    turned = text.replace("\n".join(rows), "\n".join(reversed(rows)))
    assert turned != text
    for one in FOLDER.glob("*.sib"):
        (tmp_path / one.name).write_text(one.read_text(encoding="utf-8"), encoding="utf-8")
    first = run(tmp_path / "mhep1.programme.sib", tmp_path)
    (tmp_path / "mhep1.programme.sib").write_text(turned, encoding="utf-8")
    assert run(tmp_path / "mhep1.programme.sib", tmp_path) == first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"staffordshire.sib"', '"stafordshire.sib"', "no file"),
        ("| Staffordshire | ", "| Stafford      | ", "This row speaks of Stafford"),
        ("payments from SOF |", "payments from XYZ |", "XYZ is not defined"),
    ],
)
def test_a_wrong_row_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    for one in FOLDER.glob("*.sib"):
        (tmp_path / one.name).write_text(one.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "mhep1.programme.sib"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    quantities = tmp_path / "quantities.csv"
    quantities.write_text(QUANTITIES, encoding="utf-8")
    result = CliRunner().invoke(command, [str(file), "--quantities", str(quantities)], standalone_mode=False)
    assert result.exception is not None
    told = " ".join(one.message for one in result.exception.found)  # type: ignore[attr-defined]
    assert said in told

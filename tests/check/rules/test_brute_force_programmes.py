"""Verdicts on rules within small generated programmes against brute force over the quantities of both contracts.

12 programmes of two contracts, with a limit or two that they share. 400 of them:

    HYPOTHESIS_PROFILE=deep pytest tests/check/rules/test_brute_force_programmes.py

A programme is made from its number alone.
"""

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import settings

from sibdsl.compile import CompiledProgramme, compile_either
from tests.check.rules.brute import Trial, try_out_together
from tests.check.rules.small import Small, small

PROGRAMMES = 400 if settings.get_current_profile_name() == "deep" else 12
NAMES = ("North", "South")
#: Contract texts by number that are far from those of the contracts alone.
FIRST = 10_000

HEAD = """
programme Both
  currency  GBP
  years     begin 1 April
  rounding  each line, half up, to the penny
  | contract | file        |
  | North    | "north.sib" |
  | South    | "south.sib" |
end programme

parties
  | party   | role            |
  | Council | commissioner    |
  | Fund    | co-commissioner |
  | Trust   | provider        |
end parties

"""


def smalls(number: int) -> dict[str, Small]:
    """The two contracts of a programme."""
    return {
        name: evolve(one, text=one.text.replace("contract Small", f"contract {name}"))
        for name, one in ((name, small(FIRST + 2 * number + place)) for place, name in enumerate(NAMES))
    }


def caps(number: int) -> str:
    """One or two limits that the contracts share."""
    random = Random(number)
    found: list[str] = []
    for name in ("Ceiling", "Second Ceiling")[: random.choice((1, 1, 2))]:
        covers = random.choice(
            ("payments from Fund", "payments from Council", "payments", "payments to Trust")
        )
        over = random.choice(("over the programme", "over the programme", "in each year", "in 2026/27"))
        excess, order = "lost", "pro rata"
        other = {"payments from Fund": "Council", "payments from Council": "Fund"}.get(covers)
        most = random.randint(2, 25)
        way = Random(number + len(found)).choice(("lost", "lost", "paid", "carried"))
        if way == "paid" and other:
            excess = f"paid by {other}"
        if way == "carried" and over == "in each year":
            excess, order = "carried forward", "by clause"
        found.append(
            f"cap {name} [9]\n  across South, North\n  covers {covers}\n  at most £{most} {over}\n"
            f"  excess {excess}\n  shared by date, then {order}\nend cap\n"
        )
    return "\n".join(found)


def rules(number: int) -> str:
    """Two rules of the programme itself."""
    random = Random(number + FIRST)
    found = []
    for name in ("Together", "Also Together"):
        who = random.choice((" from Fund", " from Council", "", " to Trust", " under North", " under South"))
        part = random.choice(
            ("payments under North", "block payments", "payments by results", "payments on outcomes",
             "payments earned on or before 15 May 2026", "unearned block payments", f"payments{who}")
        )  # fmt: skip
        how = random.choice(("are at most", "are less than", "are at least"))
        most = random.choice(
            (f"£{random.randint(1, 30)}", f"{random.choice((30, 50, 80))}% of payments{who}")
        )
        times = random.choice(("over the programme", "at final account", "in each year", "in 2026/27"))
        found.append(
            f"rule {name}\n  requires {part} {how} {most}\n  tested {times}\n  against every quantity\nend rule\n"
        )
    return "\n".join(found)


def programme(number: int) -> tuple[dict[str, Small], CompiledProgramme]:
    members = smalls(number)
    with TemporaryDirectory() as folder:
        for name, one in members.items():
            (Path(folder) / f"{name.lower()}.sib").write_text(one.text, encoding="utf-8")
        path = Path(folder) / "both.sib"
        path.write_text(HEAD + caps(number) + rules(number), encoding="utf-8")
        made = compile_either(path)
    assert isinstance(made, CompiledProgramme)
    return members, made


@cache
def tried(number: int) -> Trial:
    return try_out_together(*programme(number))


@pytest.mark.parametrize("number", range(PROGRAMMES))
def test_verdicts_are_what_brute_force_finds(number: int) -> None:
    assert not tried(number).wrong


def test_all_verdicts_are_given_and_most_rules_are_decided() -> None:
    counts: Counter[str] = sum((tried(number).counts for number in range(PROGRAMMES)), Counter())
    rules = sum(counts[says] for says in ("holds", "holds when", "fails", "not decided"))
    assert counts["not decided"] < rules / 4
    assert min(counts["holds"], counts["fails"], counts["holds when"]) > rules / 20
    assert counts["of the programme"] == 2 * PROGRAMMES
    assert counts["exact"] > 0
    assert counts["within bounds"] > 0

"""Every contract text in the language reference compiles, keeps its meaning when laid out, and pays what its examples say."""

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from sibdsl.check.structure import findings
from sibdsl.compile import Compiled, compile_file, compile_source
from sibdsl.diagnostics import Refused
from sibdsl.model.from_syntax import reader
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.price import scenarios
from sibdsl.settle.examples import run
from sibdsl.source import Source
from sibdsl.syntax import Block
from sibdsl.syntax.standard_layout import format_text
from tests.docs.reading import LANGUAGE, ROOT, Fence, fences, spliced
from tests.docs.waiting import WAITING

TEXTS = [one for one in fences(LANGUAGE) if one.language == "sib"]
FRAMES = {one.notes["frame"]: one.text for one in TEXTS if "frame" in one.notes}


def whole(fence: Fence) -> str:
    """The contract that a fence stands for: itself, or what it makes of the frame that its note names."""
    if "frame" in fence.notes:
        return fence.text
    place = fence.notes["in"]
    frame = FRAMES[place] if place in FRAMES else (ROOT / place).read_text(encoding="utf-8")
    return spliced(frame, fence.text)


@cache
def read(text: str) -> Compiled:
    return compile_source(Source("language.sib", text))


def compiled(text: str) -> Contract:
    made = read(text)
    # An example that cannot be read stops nothing but its own test: here it must stop this one.
    assert [one.message for one in made.findings if one.severity == "error"] == []
    return made.contract


def failing(text: str) -> list[str]:
    """The examples of a contract that do not pay what they expect."""
    made = read(text)
    base = as_written(made.contract)
    return [one.name for one in made.contract.examples if run(made.contract, base, one, made.terms).failures]


def at_line(fence: Fence) -> str:
    return f"{fence.page.name} line {fence.line}"


@pytest.mark.parametrize("fence", TEXTS, ids=at_line)
def test_each_text_stands_somewhere(fence: Fence) -> None:
    assert {"in", "frame"} & fence.notes.keys(), "nothing above the fence says which contract it stands in"


@pytest.mark.parametrize("fence", [one for one in TEXTS if "refused" not in one.notes], ids=at_line)
def test_text_is_sound_and_pays_what_its_examples_say(fence: Fence) -> None:
    contract = compiled(whole(fence))
    assert [one.message for one in findings(contract, as_written(contract)) if one.severity == "error"] == []
    assert failing(whole(fence)) == [one for one in [fence.notes.get("fails", "")] if one]


@pytest.mark.parametrize("fence", TEXTS, ids=at_line)
def test_texts_are_shown_in_the_standard_form(fence: Fence) -> None:
    assert format_text(Source("language.sib", fence.text)) == fence.text


@pytest.mark.parametrize("fence", [one for one in TEXTS if "refused" not in one.notes], ids=at_line)
def test_layout_changes_no_meaning(fence: Fence) -> None:
    text = whole(fence)
    once = format_text(Source("language.sib", text))
    assert compiled(once) == compiled(text)
    assert format_text(Source("language.sib", once)) == once


@pytest.mark.parametrize("fence", [one for one in TEXTS if "refused" in one.notes], ids=at_line)
def test_text_is_refused_as_the_page_says(fence: Fence) -> None:
    with pytest.raises(Refused) as refused:
        compiled(whole(fence))
    assert {one.code for one in refused.value.found} == {fence.notes["refused"]}


def test_the_literate_contract_is_one(tmp_path: Path) -> None:
    page = next(one for one in fences(LANGUAGE) if "literate" in one.notes)
    file = tmp_path / "agreement.md"
    file.write_text(page.text, encoding="utf-8")
    contract = compile_file(file).contract
    assert contract.name == "Small Agreement"
    assert [party.name for party in contract.parties] == ["Council", "Provider"]
    assert page.text.splitlines()[contract.span.line - 1] == "contract Small Agreement"


def test_a_share_of_a_scenario_is_rounded_quantity_by_quantity(tmp_path: Path) -> None:
    fence = next(one for one in TEXTS if "rounded down |" in one.text)
    contract = compiled(whole(fence))
    plan = tmp_path / "median.csv"
    plan.write_text(
        "period,metric,band,quantity\n2026-04-01,Job Start,,7\n2026-07-01,Job Start,,7\n", encoding="utf-8"
    )
    given = settings(contract, [f"Median Plan={plan}"])
    counted = scenarios.quantities(contract, given, scenarios.find(contract, "Stress"))
    assert list(counted.values()) == [Fraction(4), Fraction(4)]


# ------------------------------------------------------------------ not carried out yet


@pytest.mark.parametrize("name", WAITING)
def test_what_is_not_carried_out_yet_is_refused_and_nothing_else_is(name: str) -> None:
    with pytest.raises(Refused) as refused:
        compiled(spliced(FRAMES["Job Support"], WAITING[name]))
    assert {one.code for one in refused.value.found} == {"SIB0499"}


GRAMMAR = (ROOT / "grammar" / "sib.lark").read_text(encoding="utf-8")
#: Blocks of the grammar -> the rule that lists their lines.
ITEMS = {
    "contract": "contract", "assumption": "assumption", "records": "records", "bands": "bands", "cohort": "cohort",
    "metric": "metric", "payment": "payment", "block advance": "advance", "cap": "cap", "rule": "rule",
    "scenario": "scenario", "example": "example",
}  # fmt: skip


def lines_of(rule: str) -> set[str]:
    """The kinds of line that the grammar lets stand in a block, by the names that its tree gives them."""
    body = re.search(rf"^_{rule}_item:((?:[^\n]|\n +\|)*)", GRAMMAR, re.MULTILINE)
    assert body, rule
    found: set[str] = set()
    for name in re.findall(r"\w+", body[1]):
        choices = re.search(rf"^\??{name}:((?:[^\n]|\n +\|)*)", GRAMMAR, re.MULTILINE)
        assert choices, name
        alternatives = re.findall(r"-> (\w+)", choices[1])
        plain = len(re.split(r"\n +\|", choices[1])) > len(alternatives)
        found.update(alternatives, [name] if plain else [])
    return found


@pytest.fixture(scope="module")
def carried_out() -> dict[str, set[str]]:
    """The lines of each kind of block that the translation takes, found by watching it at work."""
    taken: dict[str, set[str]] = {}
    plain = reader.Reader.only

    def watched(self: reader.Reader, block: Block, *kinds: str) -> None:
        taken.setdefault(block.kind, set()).update(kinds)
        plain(self, block, *kinds)

    patch = pytest.MonkeyPatch()
    patch.setattr(reader.Reader, "only", watched)
    try:
        for fence in TEXTS:
            if "refused" not in fence.notes:
                compile_source(Source("language.sib", whole(fence)))
    finally:
        patch.undo()
    return taken


@pytest.mark.parametrize("kind", ITEMS)
def test_every_line_is_carried_out(kind: str, carried_out: dict[str, set[str]]) -> None:
    known = carried_out.get(kind, set(lines_of(ITEMS[kind])))
    waiting = {reader.label(one) for one in lines_of(ITEMS[kind]) - known}
    taken = {reader.label(one) for one in lines_of(ITEMS[kind]) & known}
    assert waiting - taken == set()

"""`sib dump`: every stage of a contract, a programme and a module; and the tree of a broken text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from tests.programme.made import cap, made, member

MODULE = Path(__file__).parents[2] / "stdlib" / "funds" / "cbo.sib"


@pytest.fixture
def north(tmp_path: Path) -> Path:
    path = tmp_path / "north.sib"
    path.write_text(member("North"), encoding="utf-8")
    return path


def dumped(capsys: pytest.CaptureFixture[str], *words: str, leaves: int = 0) -> tuple[str, str]:
    assert sib(["dump", *words]) == leaves
    shown = capsys.readouterr()
    return shown.out, shown.err


def test_each_stage_of_a_contract(north: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, _ = dumped(capsys, str(north), "--stage", "tree")
    assert f"payment Job Fee   {north}:" in tree
    model, _ = dumped(capsys, str(north), "--stage", "model")
    assert '  name  "North"' in model.splitlines()
    plan, _ = dumped(capsys, str(north), "--stage", "plan")
    assert "metric Loss: rows of Jobs by Started On" in plan
    graph, _ = dumped(capsys, str(north), "--stage", "graph")
    assert "quantity Job, 1 April 2016 to 30 June 2016" in graph
    assert "payment: Fund to North Trust, Job Fee" in graph


def test_the_plan_says_each_condition_as_the_contract_has_it(
    north: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    condition = "Started On is on or after 1 May 2016"
    dated = "  dated       Started On\n"
    text = member("North").replace(
        f"among       People\n{dated}", f"among       People\n{dated}  only if     {condition}\n"
    )
    north.write_text(text, encoding="utf-8")
    plan, _ = dumped(capsys, str(north), "--stage", "plan")
    assert plan.splitlines().count(f"  outside unless {condition}") == text.count(condition) > 0


def test_the_graph_has_every_line_that_could_be_paid(north: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = pipeline.graph(pipeline.load(north))
    shown, _ = dumped(capsys, str(north), "--stage", "graph")
    assert f"{len(graph.steps)} steps" in shown
    assert len(shown.splitlines()) == 2 + len(graph.steps) + len(graph.lines)


def test_the_model_as_json_is_the_contract(north: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sibdsl.model.to_json import from_json

    form, _ = dumped(capsys, str(north), "--stage", "model", "--format", "json")
    assert from_json(json.loads(form)) == pipeline.load(north).contract


def test_each_stage_of_a_programme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = made(tmp_path, cap("£500 in each year"))
    model, _ = dumped(capsys, str(project.path), "--stage", "model")
    assert model.startswith("Programme\n")
    plan, _ = dumped(capsys, str(project.path), "--stage", "plan")
    assert [line for line in plan.splitlines() if line in ("East", "North", "South")] == [
        "East",
        "North",
        "South",
    ]
    graph, _ = dumped(capsys, str(project.path), "--stage", "graph")
    assert "quantity East Job, 1 April 2016" in graph


def test_a_module_has_a_model_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    model, _ = dumped(capsys, str(MODULE), "--stage", "model")
    assert "made up for it" in model
    for stage in ("plan", "graph"):
        _, said = dumped(capsys, str(MODULE), "--stage", stage, leaves=2)
        assert f"A module has no {stage} by itself" in said


def test_a_broken_text_has_a_tree_and_findings(north: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = member("North").replace("  payer     Fund\n", "  payre     Fund\n", 1)
    north.write_text(text, encoding="utf-8")
    tree, said = dumped(capsys, str(north), "--stage", "tree", leaves=2)
    assert "contract North" in tree
    assert "payment Local Fee" in tree
    assert "payment Job Fee" not in tree
    assert "payre" in said


# ------------------------------------------------------------------ the tree of a broken text, from memory


def titles(text: str) -> tuple[list[str], list[str]]:
    parsed = pipeline.parse(Source("memory.sib", text))
    return [block.title for block in parsed.tree.blocks], [finding.code for finding in parsed.findings]


def test_a_text_from_memory_is_read_as_a_file_is(north: Path) -> None:
    source = Source(str(north), north.read_text(encoding="utf-8"))
    held, filed = pipeline.load(source), pipeline.load(north)
    assert held.contract == filed.contract
    assert pipeline.check(held) == pipeline.check(filed)


def test_every_finding_of_a_broken_text_is_that_of_reading_it() -> None:
    text = member("North").replace("  pays      £40\n", "  pays      lots\n")
    with pytest.raises(Refused) as refused:
        pipeline.load(Source("memory.sib", text))
    assert list(pipeline.parse(Source("memory.sib", text)).findings) == refused.value.found


def test_what_is_whole_is_kept_at_its_place() -> None:
    text = member("North")
    whole = pipeline.parse(Source("memory.sib", text)).tree.blocks
    worse = text.replace("metric Loss\n  kind        outcome", "metric Loss\n  kind        outcomm")
    broken = pipeline.parse(Source("memory.sib", worse))
    assert broken.findings
    kept = broken.tree.blocks
    assert [block for block in whole if block.title != "metric Loss"] == list(kept)
    spans = {block.title: block.span for block in whole}
    assert all(block.span.start == spans[block.title].start for block in kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "payment Fee",
        "end payment",
        "\x00\x01\x02\x03",
        "%PDF-1.4",
        "no words of a contract",
        "| a | b |",
        "contract",
    ],
)
def test_any_text_has_a_tree(text: str) -> None:
    blocks, _ = titles(text)
    assert blocks == []


def test_a_block_within_a_broken_variation_is_not_one_of_the_contract() -> None:
    text = (
        "variation Second [9]\n  agrees    1 May 2016\n  add payment Extra Fee\n    payer Fund\n    payee Trust\n"
        "    for each  Job\n    pays £1\n  end payment\nend variation\n"
    )
    blocks, codes = titles(text)
    assert codes
    assert blocks == []

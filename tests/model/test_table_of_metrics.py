"""A table of metrics means what the metrics written one by one mean: every line of a metric may head a column."""

from __future__ import annotations

import random
import re
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from sibdsl.compile import compile_source
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract
from sibdsl.source import Source
from sibdsl.syntax.standard_layout import format_text
from tests.model.generate import contracts

BLOCK = re.compile(
    r'metric (?P<name>[A-Z][^\["\n]*?)(?P<clause> \[[^\]\n]+\])?\n(?P<lines>(?:  [^\n]*\n)*)end metric\n'
)
CONDITIONS = ("only if", "not if", "within")


def one_by_one(text: str) -> str:
    """The text with labels as people call them, and no words of the parties' own, which rows of a table have in common."""
    text = re.sub(r"^  evidenced +by ", "  evidenced by  ", text, flags=re.MULTILINE)
    return re.sub(r'^(metric [^"\n]*?) +"[^"\n]*"$', r"\1", text, flags=re.MULTILINE)


def tabled(text: str, seed: int) -> str:
    """The text with metrics that stand one after the other as tables of metrics: their lines in columns."""
    chance = random.Random(seed)
    blocks = list(BLOCK.finditer(text))
    for number, (_, run) in enumerate(reversed(runs(blocks))):
        text = text[: run[0].start()] + table(f"Table {number}", run, chance) + text[run[-1].end() :]
    return text


def runs(blocks: list[re.Match[str]]) -> list[tuple[object, list[re.Match[str]]]]:
    """Metrics that may share a table: one below the other, none with two lines of one label or conditions out of order."""
    ends = {block.end() for block in blocks}
    group = 0
    keys = []
    for block in blocks:
        labels = [label for label, _ in lines(block)]
        tests = [label for label in labels if label in CONDITIONS]
        alone = len(set(labels)) < len(labels) or tests != sorted(tests, key=CONDITIONS.index)
        group += alone or block.start() - 1 not in ends
        keys.append((group, alone))
        group += alone
    paired = zip(keys, blocks, strict=True)
    return [
        (key, [block for _, block in pairs])
        for key, pairs in groupby(paired, key=lambda pair: pair[0])
        if not key[1]
    ]


def lines(block: re.Match[str]) -> list[tuple[str, str]]:
    """Each line's label, and what stands behind it."""
    said = [re.split(r" {2,}", line.strip(), maxsplit=1) for line in block["lines"].splitlines()]
    return [(label, rest) for label, rest in said]


def table(name: str, run: list[re.Match[str]], chance: random.Random) -> str:
    """One table of metrics; what all have alike is a line of the block or a column, and conditions keep their order."""
    told = [dict(lines(block)) for block in run]
    labels = list(dict.fromkeys(label for metric in told for label in metric))
    labels.sort(key=lambda label: CONDITIONS.index(label) if label in CONDITIONS else -1)
    common = [
        label
        for label in labels
        if label not in CONDITIONS
        and len({metric.get(label) for metric in told}) == 1
        and chance.random() < 0.7
    ]
    columns = [label for label in labels if label not in common]
    absent = chance.choice(["none", "any"])
    rows = [["metric", "clause", *columns]]
    for block, metric in zip(run, told, strict=True):
        clause = (block["clause"] or "").strip() or "none"
        rows.append([block["name"].strip(), clause, *(metric.get(label, absent) for label in columns)])
    return "\n".join(
        [
            f"metrics {name}",
            *(f"  {label}  {told[0][label]}" for label in common),
            *(f"  | {' | '.join(row)} |" for row in rows),
            "end metrics\n",
        ]
    )


def compiled(text: str) -> Contract:
    return compile_source(Source("made.sib", text)).contract


@given(contracts(), st.integers(0, 2**32))
def test_a_table_means_what_its_metrics_mean(made: tuple[str, Contract], seed: int) -> None:
    text = one_by_one(made[0])
    other = tabled(text, seed)
    as_written, as_table = compiled(text), compiled(other)
    assert as_table == as_written
    assert fingerprint(as_table) == fingerprint(as_written)
    assert compiled(format_text(Source("made.sib", other))) == as_written


def test_metrics_do_come_to_stand_in_tables() -> None:
    lines = "  kind  outcome\n  counts  rows of Jobs\n"
    text = f"metric Begun [1]\n{lines}  dated  Started On\nend metric\n\nmetric Kept\n{lines}  held  for 6 weeks\nend metric\n"
    made = tabled(text, 2)
    assert "end metric\n" not in made
    assert " | held |" in made
    assert "| Begun | [1] |" in made

"""A row that names something is never written twice in silence: one of the two would be dropped, and the other paid."""

import re

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import parse
from tests.docs.reading import Fence
from tests.docs.test_language import TEXTS, whole

#: The blocks whose rows name what the rest of the contract reads, and the heading above the names.
NAMING = {
    "parties": "party",
    "particulars": "particular",
    "records": "column",
    "bands": "band",
    "metrics": "metric",
    "workings": "step",
    "routes": "route",
    "scenarios": "scenario",
}


def _rows() -> dict[tuple[str, str], tuple[Fence, int]]:
    """Of each kind of block the first row of the first text of the language reference with its title, at most three of a kind."""
    rows: dict[tuple[str, str], tuple[Fence, int]] = {}
    for fence in TEXTS:
        lacking = [kind for kind in NAMING if sum(found == kind for found, _ in rows) < 3]
        titles = re.findall(rf"(?m)^\s*((?:{'|'.join(lacking)})\b.*)", whole(fence)) if lacking else []
        # Parsing every text takes seconds.
        if "refused" in fence.notes or {title for _, title in rows}.issuperset(titles):
            continue
        for block in parse(Source("language.sib", whole(fence))).blocks:
            heading = NAMING.get(block.kind)
            many = sum(kind == block.kind for kind, _ in rows) >= 3
            if heading is None or block.table is None or many:
                continue
            heads = [head.said for head in block.table.nodes("heading_row")[0].nodes("heading")]
            if heads[:1] == [heading]:
                rows.setdefault((block.kind, block.title), (fence, block.table.nodes("row")[0].span.line))
    return rows


ROWS = _rows()


def test_each_kind_is_tried() -> None:
    assert {kind for kind, _ in ROWS} == set(NAMING)


@pytest.mark.parametrize("block", ROWS, ids=lambda block: block[1])
def test_told(block: tuple[str, str]) -> None:
    fence, number = ROWS[block]
    lines = whole(fence).split("\n")
    twice = "\n".join([*lines[:number], lines[number - 1], *lines[number:]])
    with pytest.raises(Refused) as refusal:
        compile_source(Source("language.sib", twice))
    codes = {finding.code for finding in refusal.value.found if finding.severity == "error"}
    assert codes & {"SIB0302", "SIB0443", "SIB0462"}, codes

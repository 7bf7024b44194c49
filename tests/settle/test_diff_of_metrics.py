"""What `sib diff` tells of metrics that are worked out from others, and of when what is stated falls due."""

from attrs import evolve

from sibdsl.compile import compile_source
from sibdsl.dates import Duration
from sibdsl.model.nodes import DueAfter
from sibdsl.settle.diff import clauses
from sibdsl.source import Source
from tests.docs.reading import ROOT

FILE = ROOT / "contracts" / "chicago" / "chicago.sib"


def test_a_metric_that_is_worked_out_otherwise_is_told() -> None:
    made = compile_source(Source(str(FILE), FILE.read_text(encoding="utf-8"))).contract
    first = made.derived[0]
    turned = evolve(made, derived=(evolve(first, kind="input"), *made.derived[1:]))
    (change,) = clauses(made, turned)
    assert (change.kind, change.name, change.change) == ("metric", first.name, "changed")
    due = evolve(made, due=DueAfter(Duration(27, "day")))
    assert [(change.kind, change.name) for change in clauses(made, due)] == [("contract", "due")]

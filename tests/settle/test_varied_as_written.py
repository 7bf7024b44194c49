"""What a variation adds from the first day on means what it would mean in the contract: the same findings, the same payments."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from attrs import evolve

from sibdsl.check.structure import findings
from sibdsl.compile import Compiled, compile_source
from sibdsl.dates import long
from sibdsl.diagnostics import Refused
from sibdsl.model.parameters.in_force import Settings, as_written
from sibdsl.model.variations import in_force
from sibdsl.settle.examples import run
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, Fence, blocks, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
#: What a variation may add.
ADDED = (
    "payment",
    "block advance",
    "cap",
    "rule",
    "records",
    "table",
    "cohort",
    "bands",
    "metric",
    "metrics",
    "scorecard",
)
VARIATION = """\
variation Written Apart [Variation 0]
  varies          {name}
  agreed          {day}
  effective       {day}
  stated periods  {stated}

{added}
end variation
"""


def kind_of(key: str) -> str:
    return re.split(r" (?=[A-Z])", key)[0]


def _names(every: dict[str, str], key: str, text: str) -> bool:
    """Whether a text names the block; of a table of metrics, any name in it."""
    names = [key.removeprefix(kind_of(key)).strip()]
    if key.startswith("metrics "):
        names += re.findall(r"^ *\| ([A-Z][\w ]*?) *\|", every[key], re.MULTILINE)
    return any(re.search(rf"\b{name}\b", text) for name in names)


def parted(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The blocks that stay in the contract, and those that a variation may add to it, by kind and name."""
    every = blocks(text)
    frame = blocks(FRAME)
    added = {key: one for key, one in every.items() if key not in frame and kind_of(key) in ADDED}
    rest = {key: one for key, one in every.items() if key not in added and kind_of(key) != "example"}
    while spoken := [key for key in added if any(_names(every, key, one) for one in rest.values())]:
        rest |= {key: added.pop(key) for key in spoken}  # what the contract itself speaks of stays in it
    return rest, added


def apart(text: str, stated: str) -> str:
    """The contract with what its piece adds to the frame in a variation that begins with it."""
    rest, added = parted(text)
    first = compile_source(Source("whole.sib", text)).contract
    inside = "\n".join("  add " + one.replace("\n", "\n  ").rstrip(" ") for one in added.values())
    varied = VARIATION.format(
        name=first.name, day=long(first.payment_period.start), stated=stated, added=inside
    )
    examples = [one for key, one in blocks(text).items() if kind_of(key) == "example"]
    return "\n".join([*rest.values(), varied, *examples])


def found(made: Compiled) -> list[tuple[str, str, str, str]]:
    values = as_written(made.contract)
    terms = evolve(in_force(made.contract, values), variations=made.contract.variations)
    every = [*made.findings, *findings(terms, values)]
    return sorted((one.code, one.severity, one.clause, one.message) for one in every)


def paid(made: Compiled, values: Settings) -> Iterator[object]:
    for example in made.contract.examples:
        outcome = run(made.contract, values, example, made.terms)
        assert outcome.failures == ()
        # What a variation adds stands after what the contract has, so only the order of the lines may differ.
        yield example.name, sorted(
            (one.line.kind, one.line.segment, one.line.payer, one.line.payee, one.line.payment, one.line.metric,
             one.line.band, str(one.line.tier), str(one.line.due), one.amount)
            for one in outcome.payments.priced.lines
        )  # fmt: skip


def adding() -> list[Fence]:
    every = [
        one
        for one in fences(LANGUAGE)
        if one.language == "sib" and one.notes.get("in") == "Job Support" and "refused" not in one.notes
    ]
    return [one for one in every if "variation " not in one.text and parted(spliced(FRAME, one.text))[1]]


@cache
def as_one_contract(text: str) -> tuple[Compiled, list[tuple[str, str, str, str]], list[object]]:
    """The contract with the piece written in it, what is found in it, and what its examples pay."""
    whole = compile_source(Source("job.sib", text))
    return whole, found(whole), list(paid(whole, as_written(whole.contract)))


def as_they_may_be_stated() -> Iterator[object]:
    """Each piece with each way of stating; a contract that reprices leaves nothing as stated, and no return is repriced."""
    for piece in adding():
        if "stated periods  repriced" not in piece.text:
            yield pytest.param(piece, "left as stated", id=f"line {piece.line}-left as stated")
        if "what gives" not in piece.text:
            yield pytest.param(piece, "repriced in the next statement", id=f"line {piece.line}-repriced")


@pytest.mark.parametrize(("piece", "stated"), list(as_they_may_be_stated()))
def test_what_is_added_means_what_it_means_in_the_contract(piece: Fence, stated: str) -> None:
    text = spliced(FRAME, piece.text)
    whole, found_whole, paid_whole = as_one_contract(text)
    try:
        varied = compile_source(Source("job.sib", apart(text, stated)))
    except Refused as refused:
        pytest.fail("\n".join(f"{one.code} {one.clause}: {one.message}" for one in refused.found))
    assert found(varied) == found_whole
    assert list(paid(varied, as_written(whole.contract))) == paid_whole


BROUGHT = """\
metric Start Growth [2]
  kind      outcome
  compares  Job Start with 100 as percentage rise
  measured  in each year
end metric

metric Kept Share [2]
  kind      outcome
  equals    Job Kept divided by Job Start
  measured  in each quarter
end metric

scorecard Total Score [2]
  kind      outcome
  measured  in each year
  | area    | weight | measured by                   |
  | Starts  | 40%    | Job Start divided by 240      |
  | Lasting | 60%    | Job Kept divided by Job Start |
end scorecard

payment Score Fee [5]
  payer  Council
  payee  Provider
  pays   £10,000 times Total Score
end payment

payment Growth Fee [5]
  payer         Council
  payee         Provider
  for each      Job Start
  pays          £2
  paid only if  Start Growth is at least 10%
end payment

payment Share Fee [5]
  payer  Council
  payee  Provider
  pays   £9,000 times Kept Share
end payment

example Grown
  given
  | metric    | band      | in 2026/27 quarter 1 | in 2026/27 quarter 4 |
  | Job Start | all       | 100                  | 20                   |
  | Job Kept  | Full Time | 50                   | 5                    |
  expect
  | payment    | in 2026/27 quarter 1 | in 2026/27 quarter 4 |
  | Growth Fee | nothing              | £40                  |
  | Share Fee  | £4,500               | £2,250               |
  | Score Fee  | nothing              | £4,750               |
end example
"""


@pytest.mark.parametrize("stated", ["left as stated", "repriced in the next statement"])
def test_a_comparison_that_a_variation_brings_is_one(stated: str) -> None:
    test_what_is_added_means_what_it_means_in_the_contract(Fence(LANGUAGE, 0, "sib", BROUGHT), stated)


def test_what_is_tried_covers_most_of_what_can_be_added() -> None:
    tried = {kind_of(key) for one in adding() for key in parted(spliced(FRAME, one.text))[1]}
    assert tried >= {"payment", "block advance", "cap", "metric", "records"}
    assert len(adding()) > 60

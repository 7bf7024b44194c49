"""Whether everything that a text says is in its model: so many rows and conditions in, so many out."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.model import nodes
from sibdsl.model.nodes import Contract
from sibdsl.syntax import Block, File, Node

PERIODS = (
    "contract_year",
    "quarter_of_year",
    "year_number",
    "quarter_of_year_number",
    "quarter_number",
    "days_between",
)


def missing(file: File, contract: Contract) -> list[str]:
    """Where the model holds fewer or more things than the text says."""
    found = []
    for what, said, held in _counts(list(file.blocks), contract):
        if said != held:
            found.append(f"{what}: {said} in the text, {held} in the model")
    return found


def _metrics(blocks: list[Block]) -> list[tuple[str, list[Node], int]]:
    """Each metric's block, its lines with those of its row of a table, and how many columns its row says something of."""
    found: list[tuple[str, list[Node], int]] = []
    for block in _of(blocks, "metric", "metrics"):
        if block.table is None:
            found.append((block.title, list(block.items), 0))
            continue
        heads = block.table.nodes("heading_row")[0].nodes("heading")
        named = [len(head.words("NAME")) for head in heads]
        for row in block.table.nodes("row"):
            cells = [next((one.said for one in cell.nodes("cell_word")), "") for cell in row.nodes()]
            tests = [name for name, cell in zip(named, cells, strict=True) if cell not in ("any", "all")]
            own = [line for cell in row.nodes("line_cell") for line in cell.nodes()]
            found.append((block.title, [*block.items, *own], sum(tests)))
    return found


def _rows(block: Block) -> int:
    if block.table is None or any(
        one.said == "share" for one in block.table.nodes("heading_row")[0].nodes("heading")
    ):
        return 1  # the shares of one rate
    heads = [one.said for one in block.table.nodes("heading_row")[0].nodes("heading")]
    across = sum(one.startswith(("pays in ", "pays at ")) for one in heads) if block.kind == "payment" else 0
    return len(block.table.nodes("row")) * (across or 1)


def _of(blocks: list[Block], *kinds: str) -> list[Block]:
    return [block for block in blocks if block.kind in kinds]


def _counts(blocks: list[Block], contract: Contract) -> Iterator[tuple[str, int, int]]:
    for kind, held in (("parties", contract.parties), ("particulars", contract.particulars)):
        yield kind, sum(map(_rows, _of(blocks, kind))), len(held)
    for kind, named in (
        ("assumption", contract.assumptions),
        ("table", contract.lookups),
        ("records", contract.records),
        ("cohort", contract.cohorts),
        ("bands", contract.bands),
        ("routes", contract.routes),
        ("payment", contract.payments),
        ("block advance", contract.advances),
        ("cap", contract.caps),
        ("example", contract.examples),
    ):
        yield kind, len(_of(blocks, kind)), len(named)
    yield "metric", len(_metrics(blocks)), len(contract.metrics)
    own = len(_of(blocks, "rule"))
    yield "rule", own, min(own, len(contract.rules))
    scenarios = len(_of(blocks, "scenario")) + sum(map(_rows, _of(blocks, "scenarios")))
    yield "scenarios", scenarios, len(contract.scenarios)
    for kind, pairs in _pairs(blocks, contract).items():
        for block, inside in pairs:
            yield f"{kind} {block.title}", _rows(block), inside
    for block, table in zip(_of(blocks, "records"), contract.records, strict=False):
        worked_out = len(table.columns) - len(table.filed)
        yield f"columns worked out in {block.title}", len(block.lines("define")), worked_out
    for block, cohort in zip(_of(blocks, "cohort"), contract.cohorts, strict=False):
        yield f"tracking of {block.title}", len(block.lines("tracked")), int(cohort.tracked is not None)
    for (title, lines, _), metric in zip(_metrics(blocks), contract.metrics, strict=False):
        weights = [line for line in lines if line.kind == "weighted_by"]
        yield f"weight of {title}", len(weights), int(metric.weight is not None)
    tests = [
        (block.title, list(block.items), 0, one.conditions)
        for block, one in zip(_of(blocks, "cohort"), contract.cohorts, strict=False)
    ]
    tests += [
        (title, lines, more, one.conditions)
        for (title, lines, more), one in zip(_metrics(blocks), contract.metrics, strict=False)
    ]
    for title, said, more, conditions in tests:
        lines = [line for line in said if line.kind in ("only_if", "not_if", "within")]
        apart = sum(
            line.kind == "within" and line.nodes("span")[0].said in ("tracking", "window") for line in lines
        )
        yield f"conditions of {title}", len(lines) - apart + more, len(conditions)
    for block, example in zip(_of(blocks, "example"), contract.examples, strict=False):
        yield from _example(block, example)


def _pairs(blocks: list[Block], contract: Contract) -> dict[str, list[tuple[Block, int]]]:
    def paired(kind: str, held: list[int]) -> list[tuple[Block, int]]:
        return list(zip(_of(blocks, kind), held, strict=False))

    return {
        "columns of": paired("records", [len(one.filed) for one in contract.records]),
        "rows in": paired("table", [len(one.rows) for one in contract.lookups]),
        "rows of": paired("bands", [len(one.bands) for one in contract.bands]),
        "rates of": paired("payment", [_rates(one) for one in contract.payments]),
        "blocks of": paired("block advance", [len(one.advances) for one in contract.advances]),
        "limits of": paired("cap", [len(one.rows) for one in contract.caps]),
    }


def _rates(payment: nodes.Payment) -> int:
    """The rows of a payment's table: of rates, or of what has a column for each of several times."""
    if len(payment.tiered) > 1:
        return len(payment.tiered[0].tiers)
    in_times = any(regular.days is not None for regular in payment.regular)
    return 1 if in_times or payment.formula is not None else len(payment.rates)


def _cells(table: Node | None, *keys: str) -> int:
    """Rows times the columns that hold a number: those headed so, or by a period."""
    if table is None:
        return 0
    heads = table.nodes("heading_row")[0].nodes("heading")
    columns = sum(head.said in keys or bool(head.nodes(*PERIODS)) for head in heads)
    return len(table.nodes("row")) * columns


def _example(block: Block, example: nodes.Example) -> Iterator[tuple[str, int, int]]:
    given = [line for line in block.lines("given") if line.node("given_what") is None]
    records = [line for line in block.lines("given") if line.node("given_what") is not None]
    said = sum(_cells(line.node("table"), "quantity") for line in given)
    yield f"quantities of {block.title}", said, len(example.quantities)
    tables = [line.node("table") for line in records]
    said = sum(len(table.nodes("row")) for table in tables if table)
    yield f"records of {block.title}", said, sum(len(one.rows) for one in example.records)
    said = sum(_cells(line.node("table"), "pays", "quantity") for line in block.lines("expect"))
    yield f"expectations of {block.title}", said, len(example.expected)
    settings = sum(len(line.nodes("binding")) for line in block.lines("with_set"))
    yield f"settings of {block.title}", settings, len(example.settings)

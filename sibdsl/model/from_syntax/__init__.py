"""Syntax trees to the contract model. Findings are gathered, so that one run reports all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from sibdsl.currencies import CURRENCIES
from sibdsl.dates import Period
from sibdsl.diagnostics import Label, Problems, Refused
from sibdsl.model.from_syntax import consequential_findings, currency, modules, printed_tables
from sibdsl.model.from_syntax import variations as varying
from sibdsl.model.from_syntax.heading import header as heading
from sibdsl.model.from_syntax.limits import block_advances
from sibdsl.model.from_syntax.limits import caps as capping
from sibdsl.model.from_syntax.metrics import bands, metrics_table, routes, times_measured, worked_out
from sibdsl.model.from_syntax.metrics import metrics as measuring
from sibdsl.model.from_syntax.payments import below_nought, investments
from sibdsl.model.from_syntax.payments import payments as tariffs
from sibdsl.model.from_syntax.people import records
from sibdsl.model.from_syntax.reader import EARLIEST, LATEST, Reader
from sibdsl.model.from_syntax.rules import examples as exampling
from sibdsl.model.from_syntax.rules import rules_and_scenarios
from sibdsl.model.from_syntax.table_cells import heading_key
from sibdsl.model.nodes import AnyMetric, Assumption, Bands, Contract, Example, Particular
from sibdsl.model.parameters.in_force import Keyed, Plain
from sibdsl.names import Program, Scope
from sibdsl.syntax import Block, File

#: Blocks that the grammar has and the model does not carry yet.
_LATER = ("programme",)
_NAMED = {
    "records": "records", "cohort": "cohort", "bands": "bands", "metric": "metric", "payment": "payment",
    "block advance": "block advance", "cap": "cap", "rule": "rule", "scenario": "scenario", "example": "example",
    "assumption": "assumption", "table": "table", "workings": "workings", "variation": "variation",
    "routes": "routes",
    "investment": "investment", "scale": "scale", "scorecard": "metric",
}  # fmt: skip

Node = TypeVar("Node")


def translate(
    program: Program, given: Mapping[str, Plain | Keyed] | None = None, *, example: str = ""
) -> tuple[Contract, Problems]:
    """The contract model of a program, with the warnings found and the errors of its examples.

    `given` goes before the contract's own values for what stands by name. With `example`, no other example is read.
    Raises Refused when there is any other error.
    """
    problems = Problems()
    reader = Reader(problems, Scope(), given=given or {})
    # In the order of their variations' names: the order in which files are given changes nothing.
    others = sorted(program.variations, key=_first_variation)
    blocks = metrics_table.expanded(
        reader, [*program.main.blocks, *(block for file in others for block in file.blocks)]
    )
    whole = _contract_block(reader, blocks, program)
    _out_of_place(reader, blocks)
    changes = sorted(varying.varied(reader, _of(blocks, "variation")), key=lambda one: one.name)
    _terms(reader, [*blocks, *(one for change in changes for one in change.added)])
    written = list(blocks)
    # At the end of the contract's own text: a variation given beside it does not move them.
    own_blocks = len(program.main.blocks)
    brought = modules.brought(reader, program.modules)
    blocks[own_blocks:own_blocks] = brought
    every = [*blocks, *(one for change in changes for one in change.inside)]
    particulars = heading.particulars(reader, _of(blocks, "particulars"))
    assumptions = heading.assumptions(reader, _of(blocks, "assumption"))
    named: tuple[Particular | Assumption, ...] = (*particulars, *assumptions)
    reader.values = {one.name: one for one in named}
    head = heading.header(reader, whole)
    currency.all_in_one(reader, whole, written, brought)
    if reader.payment_period:
        reader.payment_period = varying.longest(reader, changes, reader.payment_period)
    parties = heading.parties(reader, _of(blocks, "parties"))
    reader.roles = {}
    for party in parties:
        for role in party.roles:
            reader.roles.setdefault(role, []).append(party.name)
    reader.lookups = {one.name: one for one in printed_tables.lookups(reader, _of(every, "table"))}
    tables = {one.name: one for one in records.records(reader, _of(every, "records"))}
    reader.tables = tables
    printed_tables.keys_of_particulars(reader, particulars, tables.values())
    cohorts = {one.name: one for one in measuring.cohorts(reader, _of(every, "cohort"), tables)}
    sets = {one.name: one for one in bands.bands(reader, _of(every, "bands"), tables)}
    own_metrics = worked_out.not_made(_of(every, "metric"))
    metrics = {one.name: one for one in measuring.metrics(reader, own_metrics, tables, sets, cohorts)}
    ways = routes.routes(reader, _of(blocks, "routes"), metrics)
    reader.measures = {one.name: one.measures for one in metrics.values()}
    _boundaries(reader, sets)
    worked, derived = worked_out.figures(reader, every, metrics)
    every_metric: dict[str, AnyMetric] = {**metrics, **{one.name: one for one in derived}}
    payments = tariffs.payments(reader, _of(blocks, "payment"), every_metric, sets)
    advances = block_advances.advances(reader, _of(blocks, "block advance"))
    caps = capping.caps(reader, _of(blocks, "cap"))
    periods = (reader.payment_period or Period(date(EARLIEST, 1, 1), date(LATEST, 12, 31)),)
    scenarios = rules_and_scenarios.scenarios(
        reader, _of(blocks, "scenario", "scenarios"), every_metric, sets, periods
    )
    # An example that cannot be read is reported, and stops its own test; it does not stop payment.
    reader.problems = apart = Problems()
    examples = _examples(
        program,
        reader,
        _of(blocks, "example"),
        example,
        lambda block: exampling.examples(reader, [block], every_metric, sets, tables, periods),
        sound=not problems.errors,
    )
    reader.problems = problems
    rules = rules_and_scenarios.rules(reader, _of(blocks, "rule"))
    parts: dict[str, dict[str, object]] = {
        "records": {**tables},
        "table": {**reader.lookups},
        "cohort": {**cohorts},
        "bands": {**sets},
        "metric": {**metrics},
        "derived": {one.name: one for one in derived},
    }
    option, prevails = heading.extension(reader, whole), heading.precedence(reader, whole)
    invested = investments.investments(reader, _of(blocks, "investment"))
    variations = varying.variations(reader, blocks, changes, head.name, every_metric, sets, parts)
    if problems.errors:
        raise Refused(consequential_findings.own_faults([*problems.found, *apart.found], every))
    problems.found.extend(apart.found)
    if head.service is None or head.payment_period is None or head.new_entrants_last is None:
        raise Refused(problems.found)
    added = {block.name.text for change in changes for block in change.added if block.name}

    def own(defined: Mapping[str, Node]) -> tuple[Node, ...]:
        """What the contract itself defines, without what variations add."""
        return tuple(one for name, one in defined.items() if name not in added)

    contract = Contract(
        head.name,
        head.reference,
        head.gloss,
        head.currency,
        head.service,
        head.new_entrants_last,
        head.payment_period,
        head.years_begin,
        head.calendar,
        head.rounding,
        parties,
        particulars,
        assumptions,
        own(tables),
        own(cohorts),
        own(sets),
        own(metrics),
        payments,
        advances,
        caps,
        rules,
        scenarios,
        examples,
        head.part_of,
        own(reader.lookups),
        worked,
        own({one.name: one for one in derived}),
        option,
        variations,
        statements_on=head.statements_on,
        by_name=tuple(sorted(reader.named, key=lambda one: (one.of, one.name))),
        routes=ways,
        investments=invested,
        precedence=prevails,
        due=head.due,
        span=head.span,
    )
    return _answered(problems, times_measured.given_once(problems, contract)), problems


def _answered(problems: Problems, contract: Contract) -> Contract:
    """The contract, if every payment says what becomes of less than nought, without examples that give what cannot be."""
    contract = below_nought.quantities(problems, contract)
    unsaid = below_nought.unsaid(contract)
    problems.found.extend(one for one in unsaid if one not in problems.found)
    if any(one.severity == "error" for one in unsaid):
        raise Refused(problems.found)
    return contract


def translate_module(program: Program) -> tuple[Block, Contract, Problems]:
    """The heading of a module's file, and the model of a made-up contract that holds all of the module.

    Raises Refused when there is any error.
    """
    problems = Problems()
    head, whole = modules.alone(Reader(problems, Scope()), program)
    try:
        contract, found = translate(whole)
    except Refused as refused:
        raise Refused([*problems.found, *refused.found]) from None
    if problems.errors:
        raise Refused([*problems.found, *found.found])
    return head, contract, found


def _examples(
    program: Program,
    reader: Reader,
    blocks: list[Block],
    only: str,
    read: Callable[[Block], tuple[Example, ...]],
    *,
    sound: bool,
) -> tuple[Example, ...]:
    """The examples, or the `only` one. One that gives other dates than the text's is read with them, if all else is sound."""
    found: list[Example] = []
    for block in blocks:
        dated = exampling.dates_given(reader, block) if not only else {}
        if dated and not sound:
            continue  # with the dates of the text its periods would be other ones
        if dated:
            found += _with_dates(program, reader, block, {**reader.given, **dated})
        elif not only or (block.name and block.name.text == only):
            found += read(block)
    return tuple(found)


def _with_dates(
    program: Program, reader: Reader, block: Block, given: Mapping[str, Plain | Keyed]
) -> tuple[Example, ...]:
    """An example that gives dates which the text has by name: its periods are those of the contract read with them."""
    name = block.name.text if block.name else ""
    try:
        made, found = translate(program, given, example=name)
    except Refused as refused:
        why = next(one for one in refused.found if one.severity == "error")
        reader.problems.add(
            "SIB0496",
            f"With the dates that this example gives, the contract cannot be read: {why.message}",
            block.head,
            clause=reader.clause(block),
            mark="with other dates",
            help="Change the dates of the example.",
            labels=(Label(why.span, "here"),),
        )
        return ()
    inside = (block.span.file, block.span.start, block.span.end)
    reader.problems.found += [
        one
        for one in found.found
        if one.span.file == inside[0] and inside[1] <= one.span.start and one.span.end <= inside[2]
    ]
    return made.examples


def _out_of_place(reader: Reader, blocks: list[Block]) -> None:
    """Report blocks that are not carried out yet, and those of another kind of file."""
    for block in blocks:
        if block.kind in _LATER:
            reader.not_yet(block.head, f"a block of kind `{block.kind}`", clause=reader.clause(block))
        elif block.kind in ("module", "rule pack"):
            reader.problems.add(
                "SIB0445",
                f"A contract cannot be a {block.kind} as well.",
                block.head,
                clause=reader.clause(block),
                mark="of another kind of file",
                help="Keep each in a file of its own.",
            )


def _first_variation(file: File) -> tuple[str, str]:
    names = [block.name.text for block in file.blocks if block.kind == "variation" and block.name]
    return names[0] if names else "", file.source.name


def _of(blocks: list[Block], *kinds: str) -> list[Block]:
    return [block for block in blocks if block.kind in kinds]


def _contract_block(reader: Reader, blocks: list[Block], program: Program) -> Block:
    varying.hold_variations(program.variations)
    found = _of(blocks, "contract")
    if not found:
        kinds = sorted({block.kind for block in blocks})
        what = f" It holds {', '.join(kinds)}." if kinds else ""
        whole = program.main.source.span(0, min(1, len(program.main.source.text)))
        reader.problems.add(
            "SIB0446",
            f"{program.main.source.name} holds no contract.{what}",
            blocks[0].head if blocks else whole,
            mark="no contract here",
            help=_other_files(kinds),
        )
        raise Refused(reader.problems.found)
    for word in (each for line in found[0].lines("currency") for each in line.words("NAME")):
        reader.currency = word.text if word.text in CURRENCIES else reader.currency
    for extra in found[1:]:
        reader.problems.add(
            "SIB0445",
            "A file holds one contract; this is a second.",
            extra.head,
            clause=reader.clause(extra),
            mark="a second contract",
            help="Keep each contract in a file of its own.",
        )
    return found[0]


def _other_files(kinds: list[str]) -> str:
    """What to do with a file that holds no contract."""
    if "programme" in kinds:
        return "A programme is for `sib pay`, `sib price` and `sib check`. Give one of its contracts here."
    if "module" in kinds or "rule pack" in kinds:
        return "A module is taken up by a contract's `uses` line. `sib check` can read it by itself."
    if "variation" in kinds:
        return "This file varies a contract: name that contract, and give this file with `--with`."
    return "Begin with `contract` and its name; `sib init` writes one to start from."


def _terms(reader: Reader, blocks: list[Block]) -> None:
    for block in blocks:
        if block.kind in ("parties", "particulars", "scenarios"):
            key = {"parties": "party", "particulars": "particular", "scenarios": "scenario"}[block.kind]
            place = _named_in(block, key)
            for row in block.table.nodes("row") if block.table else []:
                cells = row.nodes()
                word = cells[place].node("path") if place < len(cells) else None
                if word is not None:
                    reader.scope.add(reader.problems, word.words()[0].text, key, word.span)
        elif block.kind in _NAMED and block.name is not None:
            reader.scope.add(reader.problems, block.name.text, _NAMED[block.kind], block.name.span)


def _named_in(block: Block, key: str) -> int:
    """The column of a table that names what its rows define."""
    heads = block.table.nodes("heading_row")[0].nodes("heading") if block.table else []
    return next((at for at, head in enumerate(heads) if heading_key(head) == key), 0)


def _boundaries(reader: Reader, sets: dict[str, Bands]) -> None:
    """An assumption about a boundary states what the bands say. Where they differ the bands count, and it is reported."""
    for choice in reader.values.values():
        point = getattr(choice, "point", None)
        if choice.kind != "band" or point is None:
            continue
        takes = str(getattr(choice, "takes", ""))
        ranged = [one for one in sets.values() if not one.worded]
        owners = [one for one in ranged if any(band.name == takes for band in one.bands)]
        if not owners:
            names = [band.name for one in ranged for band in one.bands]
            reader.problems.add(
                "SIB0434",
                f"{takes} is not a band of this contract.",
                choice.span,
                clause=f"assumption {choice.name}",
                mark="no such band",
                help="Bands: " + ", ".join(f"`{one}`" for one in names) + ".",
            )
            continue
        for one in owners:
            holder = next((band.name for band in one.bands if point in band.holds), "")
            if holder and holder != takes:
                reader.problems.add(
                    "SIB0447",
                    f"The assumption puts {point} in {takes}; the bands {one.name} put it in {holder}.",
                    choice.span,
                    clause=f"assumption {choice.name}",
                    mark=f"the bands say {holder}",
                    help="The bands count. Make the two agree: change the assumption, or the bands.",
                    severity="warning",
                )

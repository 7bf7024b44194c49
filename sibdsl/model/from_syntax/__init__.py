"""Syntax trees to the contract model. Findings are gathered, so that one run reports all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from sibdsl.diagnostics import Label, Problems, Refused
from sibdsl.model.from_syntax import (
    consequential_findings,
    modules,
    stages,
    stated_as_known,
    units_replaced,
)
from sibdsl.model.from_syntax.blocks import Blocks, sorted_blocks
from sibdsl.model.from_syntax.heading import whose_statements
from sibdsl.model.from_syntax.metrics import times_measured
from sibdsl.model.from_syntax.payments import below_nought
from sibdsl.model.from_syntax.people import columns_by_person
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rules import examples as exampling
from sibdsl.model.nodes import Contract, Example
from sibdsl.model.parameters.in_force import Keyed, Plain
from sibdsl.names import DefinedTerms, Program
from sibdsl.syntax import Block

Node = TypeVar("Node")


def translate(
    program: Program, given: Mapping[str, Plain | Keyed] | None = None, *, example: str = ""
) -> tuple[Contract, Problems]:
    """The contract model of a program, with the warnings found and the errors of its examples.

    `given` goes before the contract's own values for what stands by name. With `example`, no other example is read.
    Raises Refused when there is any other error. The order of the stages, and why, is said in `stages`.
    """
    problems = Problems()
    blocks, reader = sorted_blocks(Reader(problems, DefinedTerms(), given=given or {}), program)
    heading, reader = stages.heading(reader, blocks)
    people, reader = stages.people(reader, blocks, heading)
    measured, reader = stages.metrics(reader, blocks, people)
    payments = stages.payments(reader, blocks, measured)
    limits = stages.limits(reader, blocks)

    def examples(
        other: Reader, given_by: list[Block], read: Callable[[Reader, Block], tuple[Example, ...]]
    ) -> tuple[Example, ...]:
        return _examples(program, other, given_by, example, read, sound=not problems.errors)

    tried, apart = stages.rules(reader, blocks, heading, people, measured, examples)
    closing = stages.closing(reader, blocks, heading, measured)
    variations = stages.varied(reader, blocks, heading, people, measured)
    units_replaced.told_apart(reader, payments, variations, measured.every)
    whose_statements.forgiven_alone(
        reader, heading.head, closing.net_negative, (payments, limits.caps, tried.rules), variations
    )
    if problems.errors:
        raise Refused(consequential_findings.own_faults([*problems.found, *apart.found], list(blocks.every)))
    problems.found.extend(apart.found)
    found = stages.Found(heading, people, measured, payments, limits, tried, closing, variations)
    contract = _contract(reader, blocks, found)
    return _answered(problems, times_measured.given_once(problems, contract)), problems


def _contract(reader: Reader, blocks: Blocks, found: stages.Found) -> Contract:
    """The contract that the stages found. Raises Refused where the heading lacks what a contract must have."""
    head, added = found.heading.head, blocks.added
    if head.service is None or head.payment_period is None or head.new_entrants_last is None:
        raise Refused(reader.problems.found)

    def own(defined: Mapping[str, Node]) -> tuple[Node, ...]:
        """What the contract itself defines, without what variations add."""
        return tuple(node for name, node in defined.items() if name not in added)

    return Contract(
        name=head.name, reference=head.reference, gloss=head.gloss, part_of=head.part_of, currency=head.currency,
        service=head.service, new_entrants_last=head.new_entrants_last, payment_period=head.payment_period,
        years_begin=head.years_begin, calendar=head.calendar, statements_on=head.statements_on, due=head.due,
        rounding=head.rounding, edition=head.edition, module_files=tuple(sorted(reader.module_files)),
        parties=found.heading.parties, particulars=found.heading.particulars, assumptions=found.heading.assumptions,
        by_name=tuple(sorted(reader.named, key=lambda said: (said.of, said.name))),
        lookups=own(found.people.lookups), records=columns_by_person.added(reader, own(found.people.records)), cohorts=own(found.people.cohorts),
        bands=own(found.measured.bands), metrics=own(found.measured.counted), routes=found.measured.routes,
        workings=tuple(one for one in found.measured.workings if one.span not in blocks.added_at), derived=own(found.measured.derived),
        payments=found.payments, advances=found.limits.advances, caps=found.limits.caps, deductions=found.limits.deductions,
        scenarios=found.tried.scenarios, examples=found.tried.examples, rules=found.tried.rules,
        extension=found.closing.extension, precedence=found.closing.precedence, investments=found.closing.investments,
        variations=found.variations, leap_day=head.leap_day, business_days=found.closing.business_days,
        stated_as_known=head.stated_as_known,
        prepared=found.closing.prepared, accepted_by=found.closing.accepted_by, net_negative=found.closing.net_negative,
        accounts_close=found.closing.accounts_close, span=head.span,
    )  # fmt: skip


def _answered(problems: Problems, contract: Contract) -> Contract:
    """The contract, if every payment says what becomes of less than nought, without examples that give what cannot be."""
    contract = below_nought.quantities(problems, contract)
    unsaid = [*below_nought.unsaid(contract), *stated_as_known.findings(contract)]
    problems.found.extend(finding for finding in unsaid if finding not in problems.found)
    if any(finding.severity == "error" for finding in unsaid):
        raise Refused(problems.found)
    return contract


def translate_module(program: Program) -> tuple[Block, Contract, Problems]:
    """The heading of a module's file, and the model of a made-up contract that holds all of the module.

    Raises Refused when there is any error.
    """
    problems = Problems()
    head, whole = modules.alone(Reader(problems, DefinedTerms()), program)
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
    read: Callable[[Reader, Block], tuple[Example, ...]],
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
            found += read(reader, block)
    return tuple(found)


def _with_dates(
    program: Program, reader: Reader, block: Block, given: Mapping[str, Plain | Keyed]
) -> tuple[Example, ...]:
    """An example that gives dates which the text has by name: its periods are those of the contract read with them."""
    name = block.name.text if block.name else ""
    try:
        contract, found = translate(program, given, example=name)
    except Refused as refused:
        why = next(finding for finding in refused.found if finding.severity == "error")
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
        finding
        for finding in found.found
        if finding.span.file == inside[0]
        and inside[1] <= finding.span.start
        and finding.span.end <= inside[2]
    ]
    return contract.examples

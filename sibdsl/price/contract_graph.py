"""The payments, block advances and caps of contracts that are paid together, as one price graph.

A contract by itself is a programme of one. What is earned in each segment, what limits for each person take of it, and what
becomes of less than nought, is worked out first, contract by contract; then what becomes of it day by day. Sources of the
rules: language reference, 'Payments', 'A limit for each person', 'Amounts below nought', 'Caps' and 'Programmes'.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sibdsl import money
from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.periods import segments, selection_cuts
from sibdsl.price.builder import Builder, Due, begin
from sibdsl.price.cap_limits import shared_occasions
from sibdsl.price.earned import earned
from sibdsl.price.graph import Graph
from sibdsl.price.held_back import hold
from sibdsl.price.limit_order import limits_in_order
from sibdsl.price.limits_for_each_person import in_whole_grains, personal_limits, withhold
from sibdsl.price.reckoning_days import reckon
from sibdsl.price.taken_back import settle


def build(contract: Contract, settings: Settings, cuts: frozenset[date] = frozenset()) -> Graph:
    """The price graph of a contract by itself; periods are cut at `cuts` too, for questions that the contract does not ask.

    Raises NotGiven for a particular that a payment needs and that has no value, and Unpriceable for a clause that the
    settings make meaningless.
    """
    whole = Programme.of_one(contract)
    given = ProgrammeSettings.of_one(contract, settings)
    return build_all(whole, {contract.name: contract}, given, {contract.name: cuts})


def build_all(
    programme: Programme,
    terms: Mapping[str, Contract],
    settings: ProgrammeSettings,
    cuts: Mapping[str, frozenset[date]] | None = None,
) -> Graph:
    """The price graph of a programme. `terms` are its contracts, by name, as varied.

    Periods are cut where the programme's limits change, and those of a contract at its `cuts` too, for questions that no
    contract asks. Raises NotGiven and Unpriceable as `build` does.
    """
    shared, more = shared_cuts(programme, terms, settings.own), cuts or {}
    graph = Graph(grain=programme.rounding.grain or money.currency(programme.currency).minor_unit)
    members = [
        begin(
            terms[name],
            settings.of(name),
            graph,
            segments(terms[name], shared | more.get(name, frozenset())),
            programme.key(name),
        )
        for name in sorted(terms)
    ]
    graph.segments = tuple(sorted({segment for member in members for segment in member.segments}))
    limits = limits_in_order(members, programme, settings.own)
    reckon(graph, members, limits, {member.name: due_of(member) for member in members})
    return graph


def shared_cuts(programme: Programme, terms: Mapping[str, Contract], own: Settings) -> frozenset[date]:
    """Every day on which the terms of a cap change that contracts share; none of a contract by itself."""
    contracts = list(terms.values())
    days: set[date] = set()
    for cap in programme.caps:
        for row in cap.rows:
            days |= selection_cuts(row.covers, own)
            for chosen in row.leaves_out:
                days |= selection_cuts(chosen, own)
            for stretch in shared_occasions(programme, contracts, row.scope):
                days.update((stretch.start, stretch.end))
    return frozenset(days)


def due_of(member: Builder) -> list[Due]:
    """Everything that a contract earns, with what limits for each person leave of it, in the order of its segments.

    These limits come before everything else: a payment is netted over a whole statement period, so they have taken theirs in
    every segment before any is netted or held back.
    """
    personal = personal_limits(member)
    every = {segment: earned(member, segment) for segment in member.segments}
    whole = in_whole_grains(member, [due_line for due in every.values() for due_line in due])
    withheld = {
        segment: withhold(member, personal, segment, due, whole=whole) for segment, due in every.items()
    }
    lines = member.graph.lines
    due_lines: list[Due] = []
    for segment, due in every.items():
        first = len(lines)
        lines.extend(due_line.line for due_line in due)
        lines.extend(withheld[segment])
        due_lines += hold(member, segment, settle(member, segment, every, first), first)
    return due_lines

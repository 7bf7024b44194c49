"""Rules, scenarios and examples."""

from __future__ import annotations

from sibdsl.model import nodes
from sibdsl.model.invariants.amounts import condition_holds, in_band
from sibdsl.model.invariants.names import Names, acyclic, kind_holds, known, once, true
from sibdsl.model.nodes import Contract


def rule_holds(names: Names, rule: nodes.Rule) -> None:
    """A rule that speaks of what there is."""
    where = f"rule {rule.name}"
    condition_holds(names, rule.requires, where)
    true((rule.tested == "in one period") == (rule.days is not None), f"{where} is half tested in one period")
    for name in rule.scenarios:
        known(name, names.scenarios, where, "scenario")


def scenarios_hold(names: Names, contract: Contract) -> None:
    """Scenarios, none a share of itself."""
    for scenario in contract.scenarios:
        where = f"scenario {scenario.name}"
        ways = [bool(scenario.quantities), bool(scenario.plan), bool(scenario.of)]
        true(ways.count(True) == 1, f"{where} says {ways.count(True)} times what it tries")
        true(
            bool(scenario.of) == (scenario.share is not None) == (scenario.rounded is not None),
            f"{where} is half a share",
        )
        for quantity in scenario.quantities:
            in_band(names, quantity.metric, quantity.band, where, whole=False)
        if scenario.plan:
            plan = names.values.get(scenario.plan)
            true(plan and plan.kind == "plan", f"{where} takes {scenario.plan} for a plan")
        if scenario.of:
            known(scenario.of, names.scenarios, where, "scenario")
    acyclic({scenario.name: {scenario.of} - {""} for scenario in contract.scenarios}, "scenario")


def example_holds(names: Names, example: nodes.Example) -> None:
    """An example that gives and expects what there is."""
    where = f"example {example.name}"
    for name, value in example.settings:
        known(name, names.values, where, "particular or assumption")
        kind_holds(names.values[name].kind, value, f"{where}, {name}")
    for quantity in example.quantities:
        in_band(names, quantity.metric, quantity.band, where, whole=False)
    for given in example.records:
        known(given.records, names.records, where, "records")
        wanted = {column.heading for column in names.records[given.records].filed}
        once(given.headings, where)
        true(set(given.headings) == wanted, f"{where} gives columns of {given.records} that are not theirs")
        for row in given.rows:
            true(len(row) == len(given.headings), f"{where} gives a row of {given.records} of another length")
    paying = names.payments.keys() | names.blocks | names.caps | names.deductions
    for line in example.expected:
        true(not line.band or line.metric, f"{where} expects a band of no metric")
        if line.metric:
            in_band(names, line.metric, line.band, where, whole=True)
        if isinstance(line, nodes.Expected):
            for name in (line.payer, line.payee):
                known(name, names.parties | {""}, where, "party")
            known(line.payment, paying | {""}, where, "payment")

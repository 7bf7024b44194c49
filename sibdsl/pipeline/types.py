"""The types of what the pipeline gives back, for those who name them. Loads every stage: import it for checking of types only."""

from __future__ import annotations

from sibdsl.check.dimensions import Dimension
from sibdsl.check.flows import Flow, Flows
from sibdsl.check.formulas.asked import ContractFormulas
from sibdsl.check.head import AssumptionTold, ContractHead, VariationTold
from sibdsl.check.rules.asked import Considered, ContractFindings
from sibdsl.check.rules.inequality import Inequality
from sibdsl.check.rules.report import Finding, Sides
from sibdsl.check.rules.verdict import Occasion
from sibdsl.compile import Compiled, CompiledModule, CompiledProgramme
from sibdsl.measure import Volumes
from sibdsl.measure.draft_mapping import DraftTable
from sibdsl.measure.plan import Plan
from sibdsl.model.nodes import Amount, Contract, Drawdown, Example, Investment, Particular, Programme, Rule
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.model.parameters.values_told import ValueTold
from sibdsl.price import Graph, Key, PricedLine
from sibdsl.records import Account
from sibdsl.records.pseudonyms import Pseudonyms
from sibdsl.settle.diff import Changed, Compared, Moved
from sibdsl.settle.examples import ContractExamples, Failure, NotRun, Outcome
from sibdsl.settle.explain import LineFacts, ProgrammePersonFacts
from sibdsl.settle.explain.page import Grid, Item, Sheet
from sibdsl.settle.measured import MeasuredQuantity, NothingPaidOn
from sibdsl.settle.net_payments import BothWays
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import ProgrammePaid
from sibdsl.settle.statement import ByPeriod, PeriodRow, ProgrammeStatement, Statement, Sums
from sibdsl.syntax import File, FileKind

__all__ = [
    "Account",
    "Amount",
    "AssumptionTold",
    "BothWays",
    "ByPeriod",
    "Changed",
    "Compared",
    "Compiled",
    "CompiledModule",
    "CompiledProgramme",
    "Considered",
    "Contract",
    "ContractExamples",
    "ContractFindings",
    "ContractFormulas",
    "ContractHead",
    "Dimension",
    "DraftTable",
    "Drawdown",
    "Example",
    "Failure",
    "File",
    "FileKind",
    "Finding",
    "Flow",
    "Flows",
    "Graph",
    "Grid",
    "Inequality",
    "Investment",
    "Item",
    "Key",
    "LineFacts",
    "MeasuredQuantity",
    "Moved",
    "NotRun",
    "NothingPaidOn",
    "Occasion",
    "Outcome",
    "Particular",
    "PeriodRow",
    "Plan",
    "PricedLine",
    "Programme",
    "ProgrammePaid",
    "ProgrammePayments",
    "ProgrammePersonFacts",
    "ProgrammeSettings",
    "ProgrammeStatement",
    "Pseudonyms",
    "Rule",
    "Settings",
    "Sheet",
    "Sides",
    "Statement",
    "Sums",
    "ValueTold",
    "VariationTold",
    "Volumes",
]

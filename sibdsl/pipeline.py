"""Every step from the text of a contract to its payments, on one page.

    text --read, parse--> tree --load--> contract model --check--> findings
    records --measure--> volumes --price--> lines --state--> payments --explain--> why

The command line, editors, servers and notebooks call these functions and nothing beneath them. A contract by itself is a
programme of one, so every function takes both. Money is exact (`Fraction`, in units of the currency), days are `date`s, and
periods hold their first day and not the day after their last. What cannot be done is told by exceptions that say in the
words of the contract what is wrong and what to do: `Refused` with findings, `NotGiven` for a value that the call must
give, `Unpriceable` for a value that makes a clause meaningless. What takes long to load is loaded by the step that needs it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from sibdsl.compile import Compiled, CompiledModule, CompiledProgramme, Text
from sibdsl.diagnostics import Diagnostic, NotGiven, NotThere, Refused, Unpriceable, same
from sibdsl.model.nodes import Contract, Programme
from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
from sibdsl.settle.unexplained import Unexplained
from sibdsl.source import Source

if TYPE_CHECKING:
    from sibdsl.check.flows import Flow, Flows
    from sibdsl.check.formulas.asked import ContractFormulas
    from sibdsl.measure import Volumes
    from sibdsl.measure.engines import Made
    from sibdsl.measure.plan import Plan
    from sibdsl.model.parameters.set_option_and_file import ProjectValues
    from sibdsl.price import Graph, Key
    from sibdsl.settle.diff import Changed, Compared
    from sibdsl.settle.examples import ContractExamples
    from sibdsl.settle.explain import LineFacts, ProgrammePersonFacts
    from sibdsl.settle.explain.page import Sheet
    from sibdsl.settle.programme import ProgrammePayments
    from sibdsl.settle.run import ProgrammePaid
    from sibdsl.settle.statement import ProgrammeStatement
    from sibdsl.syntax import File, FileKind

__all__ = [
    "Compiled",
    "CompiledModule",
    "CompiledProgramme",
    "Contract",
    "ContractFormulas",
    "Diagnostic",
    "Explained",
    "Flow",
    "Flows",
    "Graph",
    "Key",
    "LineFacts",
    "Loaded",
    "NotGiven",
    "NotThere",
    "Parsed",
    "Plan",
    "Programme",
    "ProgrammePaid",
    "ProgrammePayments",
    "ProgrammePersonFacts",
    "ProgrammeSettings",
    "Refused",
    "Settings",
    "Sheet",
    "Source",
    "Text",
    "Unexplained",
    "Unpriceable",
    "Volumes",
]

#: Types of what the functions give back, which load when they are asked for.
_LATE = {
    "ContractFormulas": "sibdsl.check.formulas.asked",
    "Flow": "sibdsl.check.flows",
    "Flows": "sibdsl.check.flows",
    "Graph": "sibdsl.price",
    "Key": "sibdsl.price",
    "LineFacts": "sibdsl.settle.explain",
    "Plan": "sibdsl.measure.plan",
    "ProgrammePaid": "sibdsl.settle.run",
    "ProgrammePayments": "sibdsl.settle.programme",
    "ProgrammePersonFacts": "sibdsl.settle.explain",
    "Sheet": "sibdsl.settle.explain.page",
    "Volumes": "sibdsl.measure",
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"sibdsl.pipeline has no {name}")
    return getattr(importlib.import_module(_LATE[name]), name)


#: What `explain_line` and `explain_person` find.
Explained: TypeAlias = "LineFacts | ProgrammePersonFacts"
#: A name of a particular or assumption, with its value as text.
Values = Mapping[str, str]


# ------------------------------------------------------------------ text to model


def read(path: str | Path) -> Source:
    """The text of a file. Raises Refused when it is missing, no plain file or not text (SIB01xx)."""
    from sibdsl.names import read

    return read(path)


def kind(text: Text) -> FileKind:
    """What a text holds, from its tree: a contract, a programme, a module, a variation or nothing. Raises Refused as `parse`."""
    from sibdsl.syntax import kind_of, parse

    return kind_of(parse(_source(text)))


@frozen
class Parsed:
    """A text as it was written: its tree, what it holds, and what keeps it from being read.

    Of a broken text the tree has the blocks that can be read by themselves, each at its own place.
    """

    source: Source
    tree: File
    kind: FileKind
    findings: tuple[Diagnostic, ...]


def parse(text: Text) -> Parsed:
    """The tree of a text, whole or broken, with every finding of its syntax (SIB01xx, SIB02xx). For editors.

    Raises Refused for a file that cannot be opened.
    """
    from sibdsl.syntax import kind_of
    from sibdsl.syntax.broken import parse_all

    source = _source(text)
    tree, findings = parse_all(source)
    return Parsed(source, tree, kind_of(tree), findings)


@frozen
class Loaded:
    """A contract or a programme with the values of a call; a contract by itself is a programme of one.

    `read` is what the text was read into, with its sources by file name; `settings` what each particular and assumption is
    worth: the programme's own, and each contract's; `is_sound` says that `sound` found nothing wrong with it.
    """

    read: Compiled | CompiledProgramme
    settings: ProgrammeSettings
    is_sound: bool = False

    @property
    def programme(self) -> Programme:
        """The programme as it was signed, variations beside it."""
        return self.read.programme

    @property
    def contract(self) -> Contract:
        """The contract by itself, as it was signed. Raises ValueError for a programme of several."""
        if not self.programme.alone:
            raise ValueError(
                f"{self.programme.name} is a programme; its contracts are in `programme.members`"
            )
        return self.programme.members[0]

    @property
    def in_force(self) -> dict[str, Contract]:
        """Each contract, by name, as all its variations leave it. Raises NotGiven for a date of one without a value."""
        from sibdsl.model.variations import in_force

        return {
            member.name: in_force(member, self.settings.of(member.name)) for member in self.programme.members
        }


def load(
    main: Text,
    variations: Sequence[Text] = (),
    *,
    values: Values | Sequence[str] = (),
    parameters: Path | None = None,
    allow: Sequence[Path] = (),
    stated: ProjectValues | None = None,
    unsaved: Mapping[Path, str] | None = None,
) -> Loaded:
    """Read a contract or a programme, with what varies it, and the values given for its particulars and assumptions.

    `values` are names with their values as text, or `NAME=VALUE` as for `--set`; they go before those of the file
    `parameters`, and that before what a project file has `stated`. Files that the text names stay inside its folder and those in `allow`.
    `unsaved` are texts by path, as an editor holds them: each stands for that of its file, wherever the file is named, and
    lets nothing be named that could not be. Raises Refused with everything that
    keeps the text from being read (SIB01xx to SIB04xx), and for values that do not fit (SIB07xx).
    Source of the rules: language reference; commands reference, 'Values from outside'.
    """
    from sibdsl.compile import compile_either
    from sibdsl.model.parameters.set_option_and_file import programme_settings

    made = compile_either(main, variations, allow, unsaved)
    given = programme_settings(made.programme, _pairs(values), parameters, stated)
    return Loaded(made.read_again(given), given)


def load_module(main: Text) -> CompiledModule:
    """Read a module or rule pack by itself: what it leaves open and what it brings. Raises Refused as `load`."""
    from sibdsl.compile import compile_module

    return compile_module(main)


def load_two(
    old: Text,
    new: Text,
    variations: Sequence[Text] = (),
    *,
    values: Values | Sequence[str] = (),
    parameters: Path | None = None,
    allow: Sequence[Path] = (),
) -> tuple[Loaded, Loaded]:
    """Two contracts, or two programmes, that are to be compared; `variations` vary the new contract.

    A value goes to each that declares the name. Raises Refused as `load` does, and for a contract with a programme (SIB0701).
    """
    from sibdsl.compile import compile_either
    from sibdsl.model.parameters.set_option_and_file import compared_settings

    made = compile_either(old, (), allow), compile_either(new, variations, allow)
    _alike(made[0].programme, made[1].programme)
    given = compared_settings(made[0].programme, made[1].programme, _pairs(values), parameters)
    before, after = (Loaded(one.read_again(its), its) for one, its in zip(made, given, strict=True))
    return before, after


def _alike(old: Programme, new: Programme) -> None:
    if old.alone == new.alone:
        return
    contract, whole = (old, new) if old.alone else (new, old)
    namesake = any(same(member.name) == same(contract.name) for member in whole.members)
    raise Refused(
        Diagnostic(
            "SIB0701",
            f"{contract.name} is a contract and {whole.name} a programme: a contract is compared with a contract, and a "
            "programme with a programme.",
            help=f"Give the file of {contract.name} that the table of {whole.name} names."
            if namesake
            else f"Give two contracts, or two programmes. {whole.name} has no contract {contract.name}.",
        )
    )


# ------------------------------------------------------------------ checks


def check(loaded: Loaded | CompiledModule) -> tuple[Diagnostic, ...]:
    """Everything that the text alone shows to be wrong or open: errors, warnings and notes, contract by contract.

    Source of the checks: language reference, 'Checks'.
    """
    from sibdsl.check.structure import of_module
    from sibdsl.model.parameters.in_force import as_written

    if isinstance(loaded, CompiledModule):
        return (*loaded.findings, *of_module(loaded.contract, as_written(loaded.contract)))
    return (*loaded.read.findings, *_structural(loaded))


def sound(loaded: Loaded) -> Loaded:
    """The same, which has no structural error and every date that its text needs.

    What does not bear on payment, as an example that cannot be read, does not count. Raises Refused with every error, and
    NotGiven for a date of the text without a value.
    """
    from sibdsl.model.variations import readable

    if loaded.is_sound:
        return loaded
    for member in loaded.programme.members:
        readable(member, loaded.settings.of(member.name))
    _refuse(_structural(loaded))
    return evolve(loaded, is_sound=True)


def _structural(loaded: Loaded) -> list[Diagnostic]:
    from sibdsl.check import investments
    from sibdsl.check.structure import findings
    from sibdsl.model.variations import as_far_as_dated

    whole = loaded.programme
    found = [] if whole.alone else list(investments.of_programme(whole, loaded.settings.own))
    for member in whole.members:
        given = loaded.settings.of(member.name)
        found += findings(as_far_as_dated(member, given), given)
    return found


def _refuse(found: Sequence[Diagnostic]) -> None:
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise Refused(errors)


# ------------------------------------------------------------------ examples


def examples(loaded: Loaded) -> tuple[ContractExamples, ...]:
    """The examples of each contract, ready to run: an example says what its contract pays by itself, in a programme too.

    Raises Refused with every error, in examples too. Source: language reference, 'Examples'.
    """
    from sibdsl.settle.examples import ContractExamples

    _refuse([*loaded.read.findings, *_structural(loaded)])
    return tuple(
        ContractExamples(read.contract, loaded.settings.of(read.contract.name), read.terms)
        for read in loaded.read.each
    )


# ------------------------------------------------------------------ runs


def as_of(loaded: Loaded, today: date) -> tuple[date, str]:
    """The day as of which records are paid unless one is given, and which day it is, in words.

    It is the earlier of `today` and the last day of every contract. Raises NotGiven for a date of a variation.
    """
    from sibdsl.settle.default_as_of import default_as_of

    return default_as_of(loaded.programme, loaded.settings, today)


def last_day(loaded: Loaded) -> tuple[date, str]:
    """The day by which every period is stated and every variation agreed, and which day it is, in words. Raises NotGiven."""
    from sibdsl.settle.default_as_of import last_day

    return last_day(loaded.programme, loaded.settings)


def pay(loaded: Loaded, records: Path, day: date, *, engine: Made | None = None) -> ProgrammePaid:
    """Turn records into payments, as of a day: measure them, price what was counted, state what had ended by then.

    `records` is the folder with a file for each table; of a programme, with such a folder for each contract. `engine` makes
    the engine that measures, another than the usual one (`sibdsl.measure.engines`). Use the result in
    a `with`, or close it: it keeps the records at hand. Raises Refused for a contract with structural errors and for records
    that cannot be read (SIB06xx), NotGiven and Unpriceable. Source of the rules: records reference; language reference.
    """
    from sibdsl.records import folders
    from sibdsl.settle.run import pay_all

    sound(loaded)
    whole = loaded.programme
    return pay_all(whole, loaded.settings, folders(whole, records), day, engine=engine)


def price(
    loaded: Loaded,
    quantities: Mapping[str, Mapping[Key, Fraction]],
    day: date | None = None,
) -> ProgrammePayments:
    """Turn quantities into payments. `quantities` are by contract, as `quantities_of` and `scenario` give them.

    Without a day, every period is stated. Raises Refused for a contract with structural errors, NotGiven and Unpriceable.
    """
    from sibdsl.settle.run import price_all

    sound(loaded)
    return price_all(loaded.programme, loaded.settings, quantities, day or last_day(loaded)[0])


def quantities_of(loaded: Loaded, file: Path) -> dict[str, dict[Key, Fraction]]:
    """Quantities by contract from a CSV file: `period,metric,band,quantity`; of a programme, with a column `contract`.

    Raises Refused for what cannot be read or could not be counted (SIB0705). Source: records reference, 'Quantities'.
    """
    from sibdsl.price import shared_cuts
    from sibdsl.price.quantities_file import read_all

    whole, terms = loaded.programme, loaded.in_force
    return read_all(whole, terms, file, shared_cuts(whole, terms, loaded.settings.own))


def scenario(loaded: Loaded, name: str) -> dict[str, dict[Key, Fraction]]:
    """The quantities of the scenario of that name, by contract; only of the contracts that have one.

    Raises Refused where none has (SIB0702), and for a plan that cannot be read; NotGiven for a plan that is not given.
    """
    from sibdsl.price.scenarios import quantities_of_all

    return quantities_of_all(loaded.programme, loaded.in_force, loaded.settings, name)


def compare_clauses(old: Loaded, new: Loaded) -> tuple[Changed, ...]:
    """Every clause that differs in meaning between two contracts or two programmes, as their variations leave them.

    Raises NotGiven for a date of a variation without a value. Source: commands reference, `sib diff`.
    """
    from sibdsl.settle.diff import programme_clauses

    return programme_clauses(old.programme, new.programme, old.in_force, new.in_force)


def compare_payments(
    old: Loaded,
    new: Loaded,
    *,
    quantities: Path | None = None,
    records: Path | None = None,
    day: date | None = None,
) -> tuple[Compared, ...]:
    """What each payer pays each payee in each contract year under both: for every scenario that both have, and what is given.

    As of a day, or each to its end. Raises Refused for a file or records that cannot be read, NotGiven and Unpriceable.
    """
    from sibdsl.settle.diff import Side, of_quantities, of_records, of_scenarios

    before, after = (Side(loaded.programme, loaded.settings, loaded.in_force) for loaded in (old, new))
    found = list(of_scenarios(before, after, day))
    if quantities is not None:
        found.append(of_quantities(before, after, quantities, day))
    if records is not None:
        found.append(of_records(before, after, records, day))
    return tuple(found)


def statement(run: ProgrammePayments, *, every_line: bool = False) -> ProgrammeStatement:
    """What a run states, as tables: by period and pair of parties, by kind, the last period's lines or every line.

    Amounts are exact, in units of the currency. Source: commands reference, 'sib pay'.
    """
    from sibdsl.settle.statement import programme_statement

    return programme_statement(run, every_line=every_line)


def fingerprint(contract: Contract) -> str:
    """The fingerprint of a contract's meaning, in hexadecimal digits: layout, remarks and reasons make no difference."""
    from sibdsl.model.fingerprint import fingerprint

    return fingerprint(contract)


def to_json(run: ProgrammePayments) -> dict[str, object]:
    """A run as JSON values: `sibdsl.payments/1`; of a programme `sibdsl.programme-payments/1`.

    Amounts are signed decimal strings, periods their first and last day. Source: commands reference, 'JSON of price and pay'.
    """
    from sibdsl.settle.payments_to_json import to_json

    return to_json(run)


def explain_line(paid: ProgrammePaid, line: str, contract: str = "") -> LineFacts:
    """Why a line of a run is what it is, down to its clause and its records, while the run is open.

    Of a programme, name its contract too: `explain_line(paid, "L14", "Tower Hamlets")` or `explain_line(paid, "Tower Hamlets
    L14")`. Raises Refused for a line or a contract that is not there (SIB0701), and Unexplained where what is found does not
    come to the line's own amount, which is a fault of the program. Source: explain reference.
    """
    from sibdsl.settle.explain import explain_programme_line

    return explain_programme_line(paid, line, contract)


def explain_person(paid: ProgrammePaid, person: str, contract: str = "") -> ProgrammePersonFacts:
    """What became of one person's rows, in every contract that has rows of them or in the one named, while the run is open.

    Raises Refused for a person or a contract that is not there (SIB0701), and Unexplained as `explain_line` does.
    """
    from sibdsl.settle.explain import explain_programme_person

    return explain_programme_person(paid, person, contract)


def explanation_json(facts: Explained) -> dict[str, object]:
    """An explanation as JSON values: `sibdsl.explanation/1`; of a person in a programme `sibdsl.programme-explanation/1`."""
    from sibdsl.settle.explain.line_facts import LineFacts
    from sibdsl.settle.explain.to_json import line_json, programme_person_json

    return line_json(facts) if isinstance(facts, LineFacts) else programme_person_json(facts)


def explanation_pages(facts: Explained) -> tuple[Sheet, ...]:
    """An explanation for people: one page, or of a person in a programme one for each contract and what they come to."""
    from sibdsl.settle.explain.line_facts import LineFacts
    from sibdsl.settle.explain.line_page import line_sheet
    from sibdsl.settle.explain.person_page import programme_person_pages

    return (line_sheet(facts),) if isinstance(facts, LineFacts) else programme_person_pages(facts)


def graph(loaded: Loaded) -> Graph:
    """The price graph of the contracts in force, with quantities as unknowns. Raises NotGiven and Unpriceable.

    Each step uses only earlier ones; amounts are in units of the currency. Source: language reference, 'Payments'.
    """
    from sibdsl.price import build_all

    return build_all(loaded.programme, loaded.in_force, loaded.settings)


# ------------------------------------------------------------------ what each stage made


def measuring_plans(loaded: Loaded, day: date | None = None) -> dict[str, Plan]:
    """What measuring reads and looks for, by contract, as of a day; without one as of the last day. Nothing is read.

    Raises Refused for a contract that cannot be measured (SIB061x) and NotGiven. Source: records reference.
    """
    from sibdsl.measure.plan import plan
    from sibdsl.price import shared_cuts

    terms = loaded.in_force
    cuts = shared_cuts(loaded.programme, terms, loaded.settings.own)
    last = day or last_day(loaded)[0]
    return {name: plan(contract, loaded.settings.of(name), last, cuts) for name, contract in terms.items()}


def measure(loaded: Loaded, records: Path, day: date) -> dict[str, Volumes]:
    """The verified volumes of each contract in force on a day, from the folder of its records, with every row accounted for.

    Close each when done with it. Raises Refused as `pay` does, and NotGiven. Source: records reference.
    """
    from sibdsl.measure import measure
    from sibdsl.model.variations import in_force
    from sibdsl.price import shared_cuts
    from sibdsl.records import folders

    sound(loaded)
    whole = loaded.programme
    given = {member.name: loaded.settings.of(member.name) for member in whole.members}
    terms = {member.name: in_force(member, given[member.name], day) for member in whole.members}
    cuts = shared_cuts(whole, terms, loaded.settings.own)
    where = folders(whole, records)
    found: dict[str, Volumes] = {}
    try:
        for name, contract in terms.items():
            found[name] = measure(contract, given[name], where[name], day, cuts=cuts)
    except BaseException:
        for volumes in found.values():
            volumes.close()
        raise
    return found


def model_to_json(contract: Contract) -> dict[str, object]:
    """The model of a contract as JSON values, as the schema `contract.schema.json` has it."""
    from sibdsl.model.to_json import to_json

    return dict(to_json(contract))


# ------------------------------------------------------------------ what a contract comes to, without data


def formulas(
    loaded: Loaded, *, year: str | None = None, day: date | None = None, payer: str | None = None
) -> tuple[ContractFormulas, ...]:
    """What each payer pays each payee as closed formulas, contract by contract, in the contracts' own names.

    In each contract year; in one (`2016/17`); or in the statement period that holds a day. Of one payer where one is named.
    Raises NotThere for a year, day or party that no contract knows, NotGiven and Unpriceable.
    """
    from sibdsl.check.formulas.asked import of_programme

    def build() -> Graph:
        return graph(loaded)

    return of_programme(loaded.programme, loaded.in_force, build, year=year, day=day, payer=payer)


def formulas_to_json(loaded: Loaded, every: Sequence[ContractFormulas]) -> dict[str, object]:
    """Formulas as JSON values: `sibdsl.formulas/1`; of a programme `sibdsl.programme-formulas/1`."""
    from sibdsl.check.formulas.asked import to_json

    return to_json(loaded.programme, every)


def flows(loaded: Loaded, payer: str | None = None) -> tuple[tuple[Flows, tuple[Flow, ...]], ...]:
    """Who pays whom, for what, in which days, up to which limits: each contract's flows, and those of the payer that is named.

    `sibdsl.render.flows` draws them. Raises NotThere for a payer that is no party of any contract.
    """
    from sibdsl.check.flows import flows
    from sibdsl.model.asked_for import party

    found: list[tuple[Flows, tuple[Flow, ...]]] = []
    wanting: list[NotThere] = []
    for name, contract in loaded.in_force.items():
        try:
            who = party(contract, payer)
        except NotThere as missing:
            wanting.append(missing)
            continue
        every = flows(contract, loaded.settings.of(name))
        found.append((every, tuple(flow for flow in every.flows if who in ("", flow.payer))))
    if not found:
        raise wanting[0]
    return tuple(found)


# ------------------------------------------------------------------ what these functions share


def _source(text: Text) -> Source:
    return text if isinstance(text, Source) else read(text)


def _pairs(values: Values | Sequence[str]) -> Sequence[str]:
    return [f"{name}={value}" for name, value in values.items()] if isinstance(values, Mapping) else values

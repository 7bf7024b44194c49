"""Every step from the text of a contract to its payments, on one page.

    text --read, parse--> tree --load--> contract model --check--> findings
    records --measure--> volumes --price--> lines --state--> payments --explain--> why

The command line, editors, servers and notebooks call these functions and nothing beneath them. A contract by itself is a
programme of one, so every function takes both. Money is exact (`Fraction`, in units of the currency), days are `date`s, and
periods hold their first day and not the day after their last. What cannot be done is told by exceptions that say in the
words of the contract what is wrong and what to do: `Refused` with findings, `NotGiven` for a value that the call must
give, `Unpriceable` for a value that makes a clause meaningless. What takes long to load is loaded by the step that needs it.

Beside this page, and handed on by it: `loaded` (what is taken and given), `rules`, `examples`, `compared` (two contracts), `stages`
(what a step made), `without_data` (formulas, who pays whom), `values`; and `types`, for those who name what is given back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve

from sibdsl.diagnostics import Diagnostic, FormulaUnequal, NotGiven, NotThere, Refused, Unpriceable
from sibdsl.pipeline.compared import compare_clauses, compare_payments, load_editions, load_two
from sibdsl.pipeline.examples import example_lines, example_to_json, examples
from sibdsl.pipeline.heads import head_to_json, heads, programme_head_to_json
from sibdsl.pipeline.loaded import Loaded, Parsed, Values, pairs, refuse, structural
from sibdsl.pipeline.loaded import source as as_source
from sibdsl.pipeline.rejected import rejected_allowed, stop_if_rejected
from sibdsl.pipeline.rules import (
    considered,
    counterexample_file,
    decide,
    decided_with,
    rules_asked,
    undated,
    verdict_to_json,
)
from sibdsl.pipeline.stages import graph, measuring_plans, model_to_json
from sibdsl.pipeline.values import value_names, values_told
from sibdsl.pipeline.without_data import (
    flows,
    formulas,
    formulas_to_json,
    in_words,
    in_words_to_json,
    programme_in_words,
)
from sibdsl.settle.unexplained import Unexplained
from sibdsl.source import Source, Text

if TYPE_CHECKING:
    from sibdsl.compile import CompiledModule
    from sibdsl.measure import Volumes
    from sibdsl.measure.draft_mapping import DraftTable
    from sibdsl.measure.engines import Made
    from sibdsl.model.nodes import Contract
    from sibdsl.price import Key
    from sibdsl.project.addresses import DatabaseAddress
    from sibdsl.project.model import ProjectValues
    from sibdsl.records import RecordsGiven
    from sibdsl.records.pseudonyms import Pseudonyms
    from sibdsl.settle.explain import LineFacts, ProgrammePersonFacts
    from sibdsl.settle.explain.page import Sheet
    from sibdsl.settle.explained_run import ExplainedRun
    from sibdsl.settle.programme import ProgrammePayments
    from sibdsl.settle.run import ProgrammePaid
    from sibdsl.settle.statement import ProgrammeStatement
    from sibdsl.syntax import FileKind

__all__ = [
    "Diagnostic",
    "Explained",
    "FormulaUnequal",
    "Loaded",
    "NotGiven",
    "NotThere",
    "Parsed",
    "Refused",
    "Source",
    "Text",
    "Unexplained",
    "Unpriceable",
    "as_of",
    "check",
    "compare_clauses",
    "compare_payments",
    "considered",
    "counterexample_file",
    "decide",
    "decided_with",
    "engine_named",
    "example_lines",
    "example_to_json",
    "examples",
    "explain_line",
    "explain_person",
    "explanation_json",
    "explanation_pages",
    "fingerprint",
    "flows",
    "formulas",
    "formulas_to_json",
    "graph",
    "head_to_json",
    "heads",
    "in_words",
    "in_words_to_json",
    "kind",
    "laid_out",
    "last_day",
    "load",
    "load_editions",
    "load_module",
    "load_two",
    "measure",
    "measuring_plans",
    "model_to_json",
    "parse",
    "pay",
    "person_called",
    "price",
    "programme_head_to_json",
    "programme_in_words",
    "quantities_of",
    "read",
    "rejected_allowed",
    "rules_asked",
    "run_page",
    "scenario",
    "sound",
    "statement",
    "stop_if_rejected",
    "to_json",
    "undated",
    "value_names",
    "values_told",
    "verdict_to_json",
]

#: What `explain_line` and `explain_person` find.
Explained: TypeAlias = "LineFacts | ProgrammePersonFacts"


# ------------------------------------------------------------------ text to model


def read(path: str | Path) -> Source:
    """The text of a file. Raises Refused when it is missing, no plain file or not text (SIB01xx)."""
    from sibdsl.names import read

    return read(path)


def kind(text: Text) -> FileKind:
    """What a text holds, from its tree: a contract, a programme, a module, a variation or nothing. Raises Refused as `parse`."""
    from sibdsl.syntax import kind_of, parse

    return kind_of(parse(as_source(text)))


def parse(text: Text) -> Parsed:
    """The tree of a text, whole or broken, with every finding of its syntax (SIB01xx, SIB02xx). For editors.

    Raises Refused for a file that cannot be opened.
    """
    from sibdsl.syntax import kind_of
    from sibdsl.syntax.broken import parse_all

    source = as_source(text)
    tree, findings = parse_all(source)
    return Parsed(source, tree, kind_of(tree), findings)


def laid_out(text: Text) -> str:
    """The text in the standard layout, which never changes what it means. Raises Refused for one that cannot be read."""
    from sibdsl.syntax.standard_layout import format_text

    return format_text(as_source(text))


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
    `parameters`, and that before what a project file has `stated`. Files that the text names stay inside its folder and those
    in `allow`. `unsaved` are texts by path, as an editor holds them: each stands for that of its file, wherever the file is
    named, and lets nothing be named that could not be. Raises Refused with everything that keeps the text from being read
    (SIB01xx to SIB04xx), and for values that do not fit (SIB07xx).
    Source of the rules: language reference; commands reference, 'Values from outside'.
    """
    from sibdsl.compile import compile_either
    from sibdsl.model.parameters.set_option_and_file import programme_settings

    made = compile_either(main, variations, allow, unsaved)
    given = programme_settings(made.programme, pairs(values), parameters, stated)
    return Loaded(made.read_again(given), given, tables=stated.tables if stated is not None else {})


def load_module(main: Text, *, allow: Sequence[Path] = ()) -> CompiledModule:
    """Read a module, rule pack or rate card by itself: what it leaves open and what it brings. Raises Refused as `load`."""
    from sibdsl.compile import compile_module

    return compile_module(main, allow)


# ------------------------------------------------------------------ checks


def check(loaded: Loaded | CompiledModule) -> tuple[Diagnostic, ...]:
    """Everything that the text alone shows to be wrong or open: errors, warnings and notes, contract by contract.

    Source of the checks: language reference, 'Checks'.
    """
    from sibdsl.check.structure import of_module
    from sibdsl.model.parameters.in_force import as_written

    if isinstance(loaded, Loaded):
        return (*loaded.read.findings, *structural(loaded))
    return (*loaded.findings, *of_module(loaded.contract, as_written(loaded.contract)))


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
    refuse(structural(loaded))
    return evolve(loaded, is_sound=True)


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


def placed(loaded: Loaded, records: RecordsGiven) -> RecordsGiven:
    """The records, with what a project file says of their names, unless the call says it."""
    from sibdsl.records import MappedRecords

    if isinstance(records, MappedRecords) or not loaded.tables:
        return records
    return MappedRecords(records, loaded.tables)


def measure(loaded: Loaded, records: RecordsGiven, day: date) -> dict[str, Volumes]:
    """The verified volumes of each contract in force on a day, from the folder of its records, with every row accounted for.

    Close each when done with it. Raises Refused as `pay` does, and NotGiven. Source: records reference.
    """
    from sibdsl.measure import measure
    from sibdsl.model.variations import in_force
    from sibdsl.price import shared_cuts
    from sibdsl.records import folders, let_go

    sound(loaded)
    whole = loaded.programme
    given = {member.name: loaded.settings.of(member.name) for member in whole.members}
    terms = {member.name: in_force(member, given[member.name], day) for member in whole.members}
    cuts = shared_cuts(whole, terms, loaded.settings.own)
    where = folders(whole, placed(loaded, records))
    found: dict[str, Volumes] = {}
    try:
        for name, contract in terms.items():
            found[name] = measure(contract, given[name], where[name], day, cuts=cuts)
    except BaseException:
        for volumes in found.values():
            volumes.close()
        raise
    finally:
        for place in where.values():
            let_go(place)
    return found


def map_records(loaded: Loaded, records: Path | DatabaseAddress) -> dict[str, tuple[DraftTable, ...]]:
    """A first draft of how a folder, workbook or database calls the tables and columns of each contract, by their spelling alone.

    Nothing is measured by it: a person looks at it, and puts it into a project file. Of a programme, `records` holds a folder or
    workbook for each contract. Raises Refused where it cannot be read (SIB0601, SIB0607, SIB0610).
    """
    from sibdsl.measure.draft_mapping import draft
    from sibdsl.records import folders, let_go

    places = folders(loaded.programme, records)
    try:
        return {member.name: draft(member, places[member.name]) for member in loaded.programme.members}
    finally:
        for place in places.values():
            let_go(place)


def engine_named(name: str) -> Made:
    """The engine of a name (`duckdb`, `postgresql`), or at an address such as `postgresql://host/database`.

    No session is begun before it is used. Raises Refused for a name that no engine has and for an address that holds a
    password (SIB0647). Source of the rules: the page 'Engines' of the reference.
    """
    from sibdsl.measure.engines import engine_named

    return engine_named(name)


def pay(loaded: Loaded, records: RecordsGiven, day: date, *, engine: Made | None = None) -> ProgrammePaid:
    """Turn records into payments, as of a day: measure them, price what was counted, state what had ended by then.

    `records` is the folder with a file for each table, or the workbook with a sheet for each; of a programme, a folder with
    such a one for each contract. It may be a database, by its address. `MappedRecords` says besides how tables and columns are called there. `engine` makes
    the engine that measures, another than the usual one (`sibdsl.measure.engines`). Use the result in
    a `with`, or close it: it keeps the records at hand. Raises Refused for a contract with structural errors and for records
    that cannot be read (SIB06xx), NotGiven and Unpriceable. Source of the rules: records reference; language reference.
    """
    from sibdsl.records import folders
    from sibdsl.settle.run import pay_all

    sound(loaded)
    whole = loaded.programme
    return pay_all(whole, loaded.settings, folders(whole, placed(loaded, records)), day, engine=engine)


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


# ------------------------------------------------------------------ statements and explanations


def statement(run: ProgrammePayments, *, every_line: bool = False) -> ProgrammeStatement:
    """What a run states, as tables: by period and pair of parties, by kind, the last period's lines or every line.

    Amounts are exact, in units of the currency. Source: commands reference, 'sib pay'.
    """
    from sibdsl.settle.statement import programme_statement

    return programme_statement(run, every_line=every_line)


def run_page(paid: ProgrammePaid) -> str:
    """A run as one HTML page that is made to be sent round, while the run is open: payments and quantities by period, against caps.

    Nobody is named on it, and numbers of 1 to 4 people are held back. Source: commands reference, 'The page of a run'.
    """
    from sibdsl.render.run_page import run_page

    people = {name: dict(volumes.lineage().people()) for name, volumes in paid.volumes.items()}
    return run_page(paid.payments, people)


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


def day_of_line(
    loaded: Loaded, records: RecordsGiven, day: date, line: str, *, engine: Made | None = None
) -> date:
    """The day as of which the run is made that explains a line of the run as of `day`: that of its own statement where the contract reprices stated periods, else `day`.

    What a statement was made of is what was known on its last day. Raises as `pay` does.
    """
    if not (loaded.programme.alone and loaded.contract.stated_as_known):
        return day
    with pay(loaded, records, day, engine=engine) as paid:
        return paid.payments.runs[0].known_for(line)


def explain_line(paid: ExplainedRun, line: str, contract: str = "") -> LineFacts:
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


def explanation_json(facts: Explained, *, pseudonyms: Pseudonyms | None = None) -> dict[str, object]:
    """An explanation as JSON values: `sibdsl.explanation/1`; of a person in a programme `sibdsl.programme-explanation/1`.

    With `pseudonyms` people, and what identifies rows, go by those.
    """
    from sibdsl.settle.explain import without_names
    from sibdsl.settle.explain.line_facts import LineFacts
    from sibdsl.settle.explain.line_to_json import line_json
    from sibdsl.settle.explain.person_to_json import programme_person_json

    if pseudonyms is None:
        return line_json(facts) if isinstance(facts, LineFacts) else programme_person_json(facts)
    shown, met = without_names.hidden(facts, pseudonyms)
    found = explanation_json(shown)
    return {name: without_names.swept_json(value, met) for name, value in found.items()}


def explanation_pages(
    facts: Explained, *, names: bool = True, pseudonyms: Pseudonyms | None = None
) -> tuple[Sheet, ...]:
    """An explanation for people: one page, or of a person in a programme one for each contract and what they come to.

    Without `names` people are `Person 1` and so on, in the order in which they come, or pseudonyms, where those are given.
    """
    from sibdsl.settle.explain import without_names
    from sibdsl.settle.explain.line_facts import LineFacts
    from sibdsl.settle.explain.line_page import line_sheet
    from sibdsl.settle.explain.person_page import programme_person_pages

    if names and pseudonyms is None:
        return (line_sheet(facts),) if isinstance(facts, LineFacts) else programme_person_pages(facts)
    shown, met = without_names.hidden(facts, pseudonyms)
    called = "numbers" if pseudonyms is None else "pseudonyms"
    return tuple(without_names.swept(sheet, met, called) for sheet in explanation_pages(shown))


def person_called(paid: ProgrammePaid, pseudonym: str, pseudonyms: Pseudonyms) -> str:
    """Whose pseudonym it is, among the people of the records of a run that is open. Raises Refused where it is nobody's (SIB0701)."""
    from sibdsl.measure.rows_of_a_person import persons

    for volumes in paid.volumes.values():
        for person in persons(volumes):
            if pseudonyms.of(person) == pseudonym:
                return person
    raise Refused(
        Diagnostic(
            "SIB0701",
            f"`--person {pseudonym}` is nobody's pseudonym: nobody in the records has it under this key.",
            help="Look whether the key is that of the run, and the records those of the run.",
        )
    )

"""Two contracts, or two programmes: what differs in their clauses, and in what they pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from sibdsl.diagnostics import Diagnostic, Refused, same
from sibdsl.pipeline.loaded import Loaded, Values, pairs
from sibdsl.source import Text

if TYPE_CHECKING:
    from sibdsl.model.nodes import Programme
    from sibdsl.project.addresses import DatabaseAddress
    from sibdsl.settle.diff import Changed, Compared


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
    given = compared_settings(made[0].programme, made[1].programme, pairs(values), parameters)
    before, after = (Loaded(one.read_again(its), its) for one, its in zip(made, given, strict=True))
    return before, after


def load_editions(
    main: Text,
    edition: int,
    variations: Sequence[Text] = (),
    *,
    values: Values | Sequence[str] = (),
    parameters: Path | None = None,
    allow: Sequence[Path] = (),
) -> tuple[Loaded, Loaded]:
    """A contract or programme as it is read, and as it would be under another edition of the language.

    Raises Refused as `load` does, and for an edition that is not known (SIB0701).
    """
    from sibdsl.english import listed
    from sibdsl.model.editions import EDITIONS
    from sibdsl.pipeline import load

    if edition not in EDITIONS:
        raise Refused(
            Diagnostic(
                "SIB0701",
                f"There is no edition {edition} of the language that this program knows.",
                help=f"Give one of {listed(list(map(str, EDITIONS)), 'or')}; a newer one needs a newer version of the program.",
            )
        )
    loaded = load(main, variations, values=values, parameters=parameters, allow=allow)
    return loaded, evolve(loaded, read=loaded.read.under(edition))


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
    records: Path | DatabaseAddress | None = None,
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

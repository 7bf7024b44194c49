"""Values from the command line or a parameters file, for particulars and assumptions.

A particular with a value for each of something takes a JSON object of keys and values, or `11: 17%, 12: 21%` after `--set`.
A name matches without regard to case, spaces, hyphens and underscores. Numbers are read exactly; a JSON number with a
point is read from its own digits, never as a binary float.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from attrs import evolve, field, frozen

from sibdsl import dates, files, marks, money
from sibdsl.diagnostics import Problems, nearest, same
from sibdsl.files import Reach
from sibdsl.model.admissible_quantities.below_nought import lowest
from sibdsl.model.bands_in_force import ranges_with
from sibdsl.model.nodes import Assumption, Contract, Particular, Programme
from sibdsl.model.parameters.by_key import keyed, read_number
from sibdsl.model.parameters.handed_down import hand_down
from sibdsl.model.parameters.in_force import Keyed, Plain, ProgrammeSettings, Settings, adjustable, as_written
from sibdsl.model.types import NUMERIC
from sibdsl.project.model import ProjectValues
from sibdsl.source import Span

_FORM = {
    "money": "an amount such as 1350.00", "money per day": "an amount for a day such as 111.03", "date": "a date from 1900 to 2199, such as 2018-03-31", "duration": "a length of time such as `30 months`", "percentage": "a share such as 12% or 0.12",
    "yes or no": "yes or no", "set off basis": "`in money` or `in units`", "plan": "the name of a quantities file", "text": "text",
}  # fmt: skip


@frozen
class _Layer:
    """Values that one place gives. `within` is set where what it names has to stay inside a folder."""

    pairs: list[tuple[str, object]]
    origin: str
    folder: Path = field(factory=Path)
    within: Reach | None = None
    places: Mapping[str, str] = field(factory=dict)

    def said(self, name: str) -> str:
        """Where the name is written, as messages begin with it."""
        return self.places.get(name, self.origin)


def _layers(
    problems: Problems, pairs: Sequence[str], file: Path | None, stated: ProjectValues | None
) -> list[_Layer]:
    """The places that give values, each of which goes before those above it."""
    found: list[_Layer] = []
    if stated is not None:
        inside = Reach((stated.folder,))
        found.append(_Layer(list(stated.values), stated.origin, stated.folder, inside, stated.places))
        theirs = stated.parameters if file is None else None
        if theirs is not None:
            found.append(_Layer(_from_file(problems, theirs), str(theirs), theirs.parent, inside))
    if file is not None:
        found.append(_Layer(_from_file(problems, file), str(file), file.parent))
    found.append(_Layer(_from_pairs(problems, pairs), "--set"))
    return found


def settings(
    contract: Contract,
    pairs: Sequence[str] = (),
    file: Path | None = None,
    stated: ProjectValues | None = None,
) -> Settings:
    """The contract's own values, then those of the project file, of the parameters file, and of `NAME=VALUE` pairs.

    Raises Refused for an unreadable file, an unknown name, a name given twice in one place, and a value of the wrong form.
    """
    problems = Problems()
    given: dict[str, Plain | Keyed] = dict(as_written(contract).values)
    for layer in _layers(problems, pairs, file, stated):
        given |= _take(contract, problems, layer, layer.pairs)
    problems.stop_on_errors()
    return Settings(given)


def compared_settings(
    old: Programme, new: Programme, pairs: Sequence[str] = (), file: Path | None = None
) -> tuple[ProgrammeSettings, ProgrammeSettings]:
    """The values of two programmes, or of two contracts, that are compared: each takes the names that it declares.

    Raises Refused as `programme_settings` does, for a name that neither declares too.
    """
    if old.alone and new.alone:
        (was,), (now,) = old.members, new.members
        before, after = _settings_of((was, now), pairs, file)
        return ProgrammeSettings.of_one(was, before), ProgrammeSettings.of_one(now, after)
    problems = Problems()
    both = (_parts(old), _parts(new))
    found = [{name: dict(as_written(part).values) for name, part in parts.items()} for parts in both]
    names = {same(name) for parts in both for name in parts if name}
    for layer in _layers(problems, pairs, file, None):
        given = list(_by_contract(names, layer.pairs))
        for at, parts in enumerate(both):
            mine = [
                pair
                for pair in given
                if _declares(parts, pair[0]) or (at == 1 and not _declares(both[0], pair[0]))
            ]
            shared_out = _shared_out(problems, parts, mine, layer)
            for name, part in parts.items():
                found[at][name] |= _take(part, problems, layer, shared_out[name])
    for whole, values in zip((old, new), found, strict=True):
        if not whole.alone:
            hand_down(whole, values)
    problems.found[:] = dict.fromkeys(problems.found)
    problems.stop_on_errors()
    made = [{name: Settings(values) for name, values in each.items()} for each in found]
    before_all, after_all = (ProgrammeSettings(each.pop(""), each) for each in made)
    return before_all, after_all


def _by_contract(
    names: AbstractSet[str], pairs: Sequence[tuple[str, object]]
) -> Iterator[tuple[str, object]]:
    """The same values, those under one of the contracts' names in a file one by one: `Contract.Name`."""
    for said, raw in pairs:
        if isinstance(raw, list) and same(said) in names:
            yield from ((f"{said}.{name}", value) for name, value in raw)
        else:
            yield said, raw


def _declares(parts: Mapping[str, Contract], said: str) -> bool:
    """Whether a programme, or one of its contracts, declares a name; or the contract in `Contract.Name`."""
    whose, dot, rest = said.partition(".")
    owner = next((part for name, part in parts.items() if name and same(name) == same(whose.strip())), None)
    holders, wanted = ([owner], rest) if owner is not None and dot else (list(parts.values()), said)
    return any(same(named.name) == same(wanted) for part in holders for named in adjustable(part))


def _settings_of(
    contracts: tuple[Contract, Contract], pairs: Sequence[str] = (), file: Path | None = None
) -> tuple[Settings, Settings]:
    """The values of two contracts that are compared: each takes the names that it declares.

    Raises Refused as `settings` does, for a name that neither declares too.
    """
    problems = Problems()
    found = [dict(as_written(contract).values) for contract in contracts]
    declared = [{same(setting.name) for setting in adjustable(contract)} for contract in contracts]
    for layer in _layers(problems, pairs, file, None):
        for at, contract in enumerate(contracts):
            unknown = declared[0] | declared[1] if at else {same(name) for name, _ in layer.pairs}
            mine = [
                pair for pair in layer.pairs if same(pair[0]) in declared[at] or same(pair[0]) not in unknown
            ]
            found[at] |= _take(contract, problems, layer, mine)
    problems.found[:] = dict.fromkeys(problems.found)
    problems.stop_on_errors()
    return Settings(found[0]), Settings(found[1])


def programme_settings(
    programme: Programme,
    pairs: Sequence[str] = (),
    file: Path | None = None,
    stated: ProjectValues | None = None,
) -> ProgrammeSettings:
    """The programme's own values and those of each of its contracts.

    Of a contract by itself they are its `settings`. Of several, a name goes to everything that declares it, and what a contract
    leaves open takes the programme's value of that name.
    `Contract.Name=value`, or an object under the contract's name in the file, goes to that contract alone. Raises Refused as `settings` does.
    """
    if programme.alone:
        (contract,) = programme.members
        return ProgrammeSettings.of_one(contract, settings(contract, pairs, file, stated))
    problems = Problems()
    parts = _parts(programme)
    found: dict[str, dict[str, Plain | Keyed]] = {
        name: dict(as_written(part).values) for name, part in parts.items()
    }
    for name, _, values in _taken(problems, parts, _layers(problems, pairs, file, stated)):
        found[name] |= values
    hand_down(programme, found)
    problems.stop_on_errors()
    made = {name: Settings(values) for name, values in found.items()}
    return ProgrammeSettings(made.pop(""), made)


def _parts(programme: Programme) -> dict[str, Contract]:
    """The programme's own particulars and assumptions, as a contract without a name, and its contracts."""
    alone = evolve(
        programme.members[0],
        name=programme.name,
        particulars=programme.particulars,
        assumptions=programme.assumptions,
        bands=(),
    )
    return {"": alone, **{member.name: member for member in programme.members}}


def _taken(
    problems: Problems, parts: Mapping[str, Contract], layers: Sequence[_Layer]
) -> Iterator[tuple[str, _Layer, dict[str, Plain | Keyed]]]:
    """What each part takes from each place, in the order in which one goes before the other."""
    for layer in layers:
        mine = _shared_out(problems, parts, layer.pairs, layer)
        for name, part in parts.items():
            yield name, layer, _take(part, problems, layer, mine[name])


def origins(
    programme: Programme,
    pairs: Sequence[str] = (),
    file: Path | None = None,
    stated: ProjectValues | None = None,
) -> dict[str, dict[str, str]]:
    """Where each value that is not the text's own comes from: contract ('' for the programme's own) -> name -> place.

    Raises Refused as `programme_settings` does.
    """
    problems = Problems()
    layers = _layers(problems, pairs, file, stated)
    if programme.alone:
        (contract,) = programme.members
        taken = [(contract.name, layer, _take(contract, problems, layer, layer.pairs)) for layer in layers]
    else:
        taken = list(_taken(problems, _parts(programme), layers))
    found: dict[str, dict[str, str]] = {
        name: {} for name in ("", *(member.name for member in programme.members))
    }
    for name, layer, values in taken:
        written = {same(said): said for said, _ in layer.pairs}
        found[name] |= {value: layer.said(written.get(same(value), value)) for value in values}
    problems.stop_on_errors()
    return found


def _shared_out(
    problems: Problems, parts: Mapping[str, Contract], given: list[tuple[str, object]], layer: _Layer
) -> dict[str, list[tuple[str, object]]]:
    """Which value goes to which contract ('' is the programme itself)."""
    declared = {name: {same(setting.name) for setting in adjustable(part)} for name, part in parts.items()}
    found: dict[str, list[tuple[str, object]]] = {name: [] for name in parts}
    for said, raw in given:
        whose, dot, rest = said.partition(".")
        owner = next((name for name in parts if name and same(name) == same(whose.strip())), None)
        if owner is not None and dot:
            found[owner].append((rest.strip(), raw))
        elif owner is not None and isinstance(raw, list):
            found[owner] += raw
        else:
            takers = [name for name in parts if same(said) in declared[name]]
            for name in takers:
                found[name].append((said, raw))
            if not takers:
                problems.add(
                    "SIB0702",
                    f"{layer.said(said)} gives {said}, which neither the programme nor any of its contracts declares.",
                    help="Declared: "
                    + "; ".join(
                        f"{name or 'the programme'}: {', '.join(setting.name for setting in adjustable(part)) or 'nothing'}"
                        for name, part in parts.items()
                    )
                    + ".",
                )
    return found


def _from_file(problems: Problems, file: Path) -> list[tuple[str, object]]:
    place = Span(str(file), 0, 0, 0, 0)
    try:
        text = files.given(file).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        problems.add(
            "SIB0703",
            f"The parameters file {file} cannot be read: {why}.",
            place,
            help="Give the name of a JSON file saved as UTF-8.",
        )
        return []
    try:
        pairs = json.loads(text, parse_float=Decimal, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        problems.add(
            "SIB0703",
            f"Line {line} of {file} is not JSON.",
            Span(str(file), line, 1, line, 1),
            help='Write such as {"job_start_rate": "1350.00"}.',
        )
        return []
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        problems.add(
            "SIB0703",
            f"{file} does not hold names with values.",
            place,
            help='Write such as {"job_start_rate": "1350.00"}.',
        )
        return []
    return pairs


def _from_pairs(problems: Problems, pairs: Sequence[str]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            problems.add(
                "SIB0701",
                f"`--set {pair}` does not give a name and a value.",
                help='Write `--set "Name=value"`.',
            )
            continue
        found.append((name.strip(), value.strip()))
    return found


def _take(
    contract: Contract, problems: Problems, layer: _Layer, pairs: list[tuple[str, object]]
) -> dict[str, Plain | Keyed]:
    known = {same(setting.name): setting for setting in adjustable(contract)}
    found: dict[str, Plain | Keyed] = {}
    for name, raw in pairs:
        origin = layer.said(name)
        setting = known.get(same(name))
        if setting is None:
            near = nearest(name, [setting.name for setting in known.values()])
            listed = ", ".join(setting.name for setting in known.values())
            problems.add(
                "SIB0702",
                f"{origin} gives {name}, which {contract.name} does not declare.",
                help=f"Did you mean {near}?"
                if near
                else (f"It declares: {listed}." if listed else "It declares nothing that can be set."),
            )
            continue
        if setting.name in found:
            problems.add("SIB0701", f"{origin} gives {setting.name} twice.", help="Give it once.")
            continue
        value: Plain | Keyed | None
        if isinstance(setting, Particular) and setting.per:
            value = keyed(contract, problems, setting, raw, origin)
        else:
            value = _value(contract, problems, setting, raw, origin, layer.folder)
        if setting.kind == "plan" and layer.within is not None and not layer.within.holds(Path(str(value))):
            problems.add(
                "SIB0744",
                f"{origin} gives {setting.name} as a file outside the folder of the project file. It was not looked at.",
                help=f"Copy it into that folder, or give it on the command: `--set {marks.word(f'{setting.name}={raw}')}`.",
            )
        elif value is not None:
            found[setting.name] = value
    return found


def _value(
    contract: Contract,
    problems: Problems,
    one: Particular | Assumption,
    raw: object,
    origin: str,
    folder: Path,
) -> Plain | None:
    value = _read(contract, one, raw, folder)
    if value is None:
        shown = json.dumps(raw, default=str) if not isinstance(raw, str) else f"`{raw}`"
        form = _FORM.get(one.kind, "a number such as 16 or 15.5")
        if one.kind == "band":
            form = "one of " + ", ".join(_band_names(contract, one))
        problems.add(
            "SIB0703", f"{origin} gives {one.name} as {shown}; {form} is expected.", help=f"Write {form}."
        )
        return None
    if isinstance(one, Particular) and isinstance(value, Fraction) and value not in one.allowed:
        problems.add(
            "SIB0703",
            f"{origin} gives {one.name} as `{raw}`, which the contract does not allow.",
            one.span,
            mark="allowed values are declared here",
            help="Give a value that the contract allows.",
        )
        return None
    least = lowest(one)
    if isinstance(value, Fraction) and least is not None and value < least:
        problems.add(
            "SIB0703",
            f"{origin} gives {one.name} as `{raw}`, and it is never below nought.",
            one.span,
            mark="declared here, without `must be any`" if isinstance(one, Particular) else "declared here",
            help="Give a number from 0."
            + (
                f" If {one.name} may be below nought, the contract says so: `any` under `must be` in its row."
                if isinstance(one, Particular)
                else ""
            ),
        )
        return None
    return value


def _band_names(contract: Contract, one: Particular | Assumption) -> list[str]:
    """The bands that a boundary could fall in: those of its set that have it as an end."""
    if not isinstance(one, Assumption) or one.point is None:
        return []
    for bands in ranges_with(contract, str(one.takes)):
        return [band.name for band in bands.bands if one.point in (band.holds.low, band.holds.high)]
    return []


def _read(contract: Contract, one: Particular | Assumption, raw: object, folder: Path) -> Plain | None:
    if isinstance(raw, bool) or raw is None or isinstance(raw, (list, dict)):
        return None
    text = str(raw).strip()
    if one.kind == "date":
        try:
            day = dates.parse(text)
        except ValueError:
            return None
        return day if dates.speakable(day) else None
    if one.kind == "duration":
        try:
            return str(dates.parse_duration(text))
        except ValueError:
            return None
    if one.kind == "yes or no":
        return text.casefold() if text.casefold() in ("yes", "no") else None
    if one.kind == "set off basis":
        return next(
            (basis for basis in ("in money", "in units") if same(text) in (same(basis), same(basis[3:]))),
            None,
        )
    if one.kind == "band":
        return next((name for name in _band_names(contract, one) if same(name) == same(text)), None)
    if one.kind == "plan":
        return str(folder / text) if text else None
    if one.kind == "percentage" and not text.strip().endswith("%"):
        # 30 without its sign would be 3,000%: a share is at most 1, or has its sign.
        found = read_number(text, one.kind, money.currency(contract.currency))
        return found if found is not None and abs(found) <= 1 else None
    if one.kind in NUMERIC:
        return read_number(text, one.kind, money.currency(contract.currency))
    return text


def shown(value: Plain) -> str:
    """A value as JSON holds it: exact digits, an ISO date, or the words."""
    if isinstance(value, Fraction):
        return money.number(value)
    return value.isoformat() if isinstance(value, date) else value


def in_json(value: Plain | Keyed) -> str | dict[str, str]:
    """A value as JSON holds it; one for each key as an object."""
    return {key: shown(number) for key, number in value} if isinstance(value, tuple) else shown(value)

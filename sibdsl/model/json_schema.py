"""The published JSON Schema of the contract model, generated from its classes.

python -m sibdsl.model.json_schema --write     write docs/reference/contract.schema.json again
python -m sibdsl.model.json_schema --check     fail when that file is not what this version writes
"""

from __future__ import annotations

import json
import sys
from datetime import date
from fractions import Fraction
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from sibdsl.dates import Period
from sibdsl.model import nodes
from sibdsl.model.counted_to_json import FlatCounted
from sibdsl.model.nodes import Contract
from sibdsl.model.to_json import BY_KIND, DAY, FORMAT, NUMBER, PLACE, SORTS, TAGS, Json, Plain, plain, slots
from sibdsl.model.types import NUMERIC, Kind
from sibdsl.source import NOWHERE, Span

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "contract.schema.json"

Schema = dict[str, Json]


def schema() -> Schema:
    """The whole schema (JSON Schema 2020-12) of what `to_json` writes."""
    found: dict[str, Json] = {
        "Number": _text("An exact number, such as 1350 or 1/3.", NUMBER.pattern),
        "Day": {**_text("A day, such as 2016-04-01.", DAY.pattern), "format": "date"},
        "Days": _object("First to last day, both included.", {"from": _ref("Day"), "to": _ref("Day")}),
        "Place": _object(
            "Where the text says it: from a line and column, counted from 1, up to the character at the end ones.",
            {
                key: {"type": "string"} if key == "file" else {"type": "integer", "minimum": 1}
                for key in PLACE
            },
        ),
    }
    _define(Contract, found)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A contract, as sibdsl understands it",
        "description": cleandoc(
            """Everything that a contract's text says, with nothing of how it was laid out. A field that is left out
            holds its default. Where one of several things may stand, `is` says which."""
        ).replace("\n", " "),
        **_object("", {"format": {"const": FORMAT}, "contract": _ref("Contract")}),
        "$defs": dict(sorted(found.items())),
    }


#: Types that stand in many places.
_NAMED: dict[object, str] = {
    nodes.Amount: "Amount",
    nodes.Condition: "Condition",
    nodes.WrittenForm: "WrittenForm",
    Kind: "Kind",
}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str, pattern: str) -> Schema:
    return {"description": description, "type": "string", "pattern": f"^({pattern})$"}


def _object(description: str, properties: dict[str, Json], optional: frozenset[str] = frozenset()) -> Schema:
    return {
        **({"description": description} if description else {}),
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
        "additionalProperties": False,
    }


def _define(node: type, found: dict[str, Json]) -> None:
    """Add the schema of a node, and of all that it can hold."""
    if node.__name__ in found:
        return
    found[node.__name__] = {}
    hints = get_type_hints(node) | (get_type_hints(FlatCounted) if node is nodes.Metric else {})
    properties: dict[str, Json] = {"is": {"const": TAGS[node]}} if node in TAGS else {}
    optional: set[str] = set()
    for slot in slots(node):
        held: Schema = _BESIDE.get((node, slot.name)) or _of(hints[slot.name], found)
        if slot.default is not attrs.NOTHING:
            optional.add(slot.key)
            default = slot.default
            held = {**held, **({} if default is NOWHERE else {"default": plain(default)})}
        properties[slot.key] = held
    said = cleandoc(_DESCRIBED.get(node) or node.__doc__ or "").replace("\n", " ").replace("None ", "null ")
    made = _object(said, properties, frozenset(optional))
    found[node.__name__] = {**made, **_told_by_kind(node)}


def _of(sort: Any, found: dict[str, Json]) -> Schema:  # noqa: ANN401 - a type as an annotation gives it
    leaves: dict[object, Schema] = {
        str: {"type": "string"},
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        NoneType: {"type": "null"},
        Fraction: _ref("Number"),
        date: _ref("Day"),
        Period: _ref("Days"),
        Span: _ref("Place"),
        Plain: {"type": "string"},
        Plain | None: {"type": ["string", "null"]},
    }
    if sort in leaves:
        return leaves[sort]
    if sort in _NAMED:
        name = _NAMED[sort]
        if name not in found:
            found[name] = {}
            found[name] = _inside(sort, found)
        return _ref(name)
    return _inside(sort, found)


def _inside(sort: Any, found: dict[str, Json]) -> Schema:  # noqa: ANN401 - a type as an annotation gives it
    if get_origin(sort) is Literal:
        return {"enum": list(get_args(sort))}
    if get_origin(sort) in (UnionType, Union):
        parts = get_args(sort)
        if len(parts) > 2 and parts[-1] is NoneType and sort == nodes.Amount | None:
            return {"anyOf": [_of(nodes.Amount, found), {"type": "null"}]}
        return {"anyOf": [_of(part, found) for part in parts]}
    if get_origin(sort) is tuple:
        return {"type": "array", "items": _of(get_args(sort)[0], found)}
    _define(sort, found)
    return _ref(sort.__name__)


def _told_by_kind(node: type) -> Schema:
    """A value is a number or a day where its kind is one of theirs."""
    held = BY_KIND.get(node)
    if held is None:
        return {}
    kinds: list[Json] = [*sorted(NUMERIC)]
    numbers: Json = {"properties": {"kind": {"enum": kinds}}}
    return {
        "if": numbers,
        "then": {"properties": {held: _or_null(node, held, "Number")}},
        "else": {
            "if": {"properties": {"kind": {"const": "date"}}},
            "then": {"properties": {held: _or_null(node, held, "Day")}},
        },
    }


def _or_null(node: type, held: str, name: str) -> Schema:
    optional = NoneType in get_args(get_type_hints(node)[held])
    return {"anyOf": [_ref(name), {"type": "null"}]} if optional else _ref(name)


def _setting(sort: str) -> Schema:
    value = {"number": _ref("Number"), "date": _ref("Day")}.get(sort, {"type": "string"})
    return _object("", {"name": {"type": "string"}, "is": {"const": sort}, "value": value})


#: Fields that hold pairs, written with a word for each half.
_BESIDE: dict[tuple[type, str], Schema] = {
    (nodes.Contract, "years_begin"): _object(
        "The day on which each contract year begins.",
        {
            "month": {"type": "integer", "minimum": 1, "maximum": 12},
            "day": {"type": "integer", "minimum": 1, "maximum": 31},
        },
    ),
    (nodes.Example, "settings"): {"type": "array", "items": {"anyOf": [_setting(sort) for sort in SORTS]}},
}


#: What is said of nodes whose JSON has other fields than they have.
_DESCRIBED: dict[type, str] = {
    nodes.Metric: """What is counted, added up or measured among a cohort, in bands where `bands` names them.

    `counts` says what: rows; people, each by the row that made them a member; the days that rows last, a day once for each
    person; the days of tracking; or of the `column`: its sum, its average, how many different values it has, or what it
    holds in the one row that `picks` takes (a determination); or, on average over the members, the share of the days of
    their window on which a row of theirs in `days_of` lasts. The last four do not add up: `measured` says over which days
    each quantity is. Fewer days are how many fewer days of their window such a row lasts on than of as long a time before it,
    earlier days those of that time before; both for members whose window is over, dated by its last day. `weight` multiplies each day, result or row. `measures` is the unit of the quantity. `within` tracking leaves out days
    and dated rows outside the person's tracking. For people, days of tracking and
    shares of days, `records` are the cohort's. `cohort` is '' where the table speaks of nobody: every row of it counts. Of
    people reaching an amount, each counts once, dated on the day by which what their rows add to the `column` first comes
    to what `reaches` says.
    """,
}


def written() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file or check it; 0 when all is well, 1 when the file is out of date, 2 for another call."""
    if arguments == ["--write"]:
        FILE.write_text(written(), encoding="utf-8")
        return 0
    if arguments == ["--check"]:
        current = FILE.is_file() and FILE.read_text(encoding="utf-8") == written()
        if not current:
            sys.stderr.write(f"{FILE} is out of date: python -m sibdsl.model.json_schema --write\n")
        return 0 if current else 1
    sys.stderr.write("Say --check or --write.\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

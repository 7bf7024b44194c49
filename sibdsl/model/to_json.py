"""The contract model as JSON, and back.

The form, published as docs/reference/contract.schema.json:

- every node is an object whose keys are its fields; a field left out holds what the schema gives as its default;
- where one of several nodes may stand, `is` says which;
- numbers are exact and written as text (`"1350"`, `"1/3"`), days as `2016-04-01`;
- stretches of days are `from` their first day `to` their last, both included;
- `at` is where the text says it: file, line and column, then line and column of the character after the last (of a point of
  a line, whose `at` is the point, `written_at`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs

from sibdsl import dates
from sibdsl.dates import Period
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.model import nodes
from sibdsl.model.counted_to_json import AFTER, COUNTED, FlatCounted, counted, flat
from sibdsl.model.invariants import Broken, check
from sibdsl.model.nodes import Contract
from sibdsl.model.types import NUMERIC
from sibdsl.source import Span

if TYPE_CHECKING:
    from cattrs import Converter

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
Plain = Fraction | date | str

FORMAT = "sibdsl.contract/1"

#: What `is` says of a node that stands where others may stand too.
TAGS: dict[type, str] = {
    nodes.Value: "value",
    nodes.Given: "given",
    nodes.Arithmetic: "arithmetic",
    nodes.Column: "column",
    nodes.MetricColumn: "metric column",
    nodes.JoinedColumn: "column at joining",
    nodes.PersonColumn: "column by person",
    nodes.ResultDate: "date of result",
    nodes.JoiningDate: "joining date",
    nodes.WindowEnd: "end of window",
    nodes.WholeYears: "whole years",
    nodes.TimeBetween: "time between",
    nodes.DateMoved: "date moved",
    nodes.Looked: "looked up",
    nodes.GivenFor: "given for",
    nodes.Working: "working",
    nodes.Stepped: "stepped",
    nodes.Interpolated: "interpolated",
    nodes.Extreme: "extreme",
    nodes.FirstGiven: "first given",
    nodes.RoundedAmount: "rounded",
    nodes.Paid: "paid",
    nodes.MetricTotal: "metric total",
    nodes.DayWritten: "day written",
    nodes.DayNumber: "day number",
    nodes.MonthWritten: "month written",
    nodes.NumberWritten: "number written",
    nodes.PercentageWritten: "percentage written",
    nodes.YesNoWritten: "yes or no written",
    nodes.Compare: "compare",
    nodes.Blank: "blank",
    nodes.InPeriod: "in period",
    nodes.AnyDay: "any day",
    nodes.AnyResult: "any result",
    nodes.Both: "both",
    nodes.Either: "either",
    nodes.Not: "not",
    nodes.Expected: "amount",
    nodes.ExpectedQuantity: "quantity",
}

#: Nodes with a value whose sort their `kind` tells, and the field that holds it.
BY_KIND: dict[type, str] = {
    nodes.Value: "value",
    nodes.Particular: "default",
    nodes.Assumption: "takes",
}

#: What `is` says of a value that an example sets.
SORTS: dict[str, type] = {"number": Fraction, "date": date, "words": str}

PLACE = ("file", "line", "column", "end_line", "end_column")
NUMBER = re.compile(r"(0|-?[1-9][0-9]*)(/[1-9][0-9]*)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

SHOWN = 5  # faults told of one file; more are counted


def to_json(contract: Contract) -> dict[str, Json]:
    """The whole contract as plain JSON values, ready for `json.dumps`."""
    return {"format": FORMAT, "contract": plain(contract)}


def from_json(data: object) -> Contract:
    """The contract that `to_json` wrote, equal to the original. Raises Refused (SIB0103) for anything else."""
    if not isinstance(data, Mapping) or "format" not in data:
        raise _refused("This is not a contract in JSON: it does not begin with `format`.", _AGAIN)
    if data["format"] != FORMAT:
        raise _refused(
            f"This contract is in the form {data['format']!r}; this version of sibdsl reads {FORMAT!r}.",
            _AGAIN,
        )
    extra = sorted(str(key) for key in data if key not in ("format", "contract"))
    if extra or "contract" not in data:
        what = f"`{extra[0]}` does not belong beside `contract`" if extra else "`contract` is missing"
        raise _refused(f"This is not a contract in JSON: {what}.", _AGAIN)
    contract = _read(data["contract"])
    try:
        check(contract)
    except Broken as error:
        raise _refused(f"The contract in this JSON does not hold together: {error}.", _AGAIN) from None
    return contract


_AGAIN = "Write the JSON again from the contract's text."


def _refused(message: str, help_: str) -> Refused:
    return Refused(Diagnostic("SIB0103", message, help=help_))


# ------------------------------------------------------------------ writing


@attrs.frozen
class Slot:
    """One field of a node: its names in JSON and in Python, and what it holds when it is left out."""

    key: str
    name: str
    default: object
    means: bool
    #: Whether it is one of the fields of `FlatCounted`, which stand among those of the metric.
    of_counted: bool = False


@cache
def slots(node: type) -> tuple[Slot, ...]:
    """The fields of a node in the order of its JSON. Those that change no meaning take no part in equality."""
    counted = {field.name: field for field in attrs.fields(FlatCounted)}
    names = {field.name for field in attrs.fields(node)}
    #: A point of a line has an `at` of its own, which its place must not take away.
    place = "at" if "at" not in names else "written_at"
    found: list[Slot] = []
    for field in attrs.fields(node):
        here = (node, field.name)
        if here != (nodes.Metric, "counts") and "outside" not in field.metadata:
            key = place if field.name == "span" else field.name
            found.append(Slot(key, field.name, field.default, bool(field.eq)))
        found += [
            Slot(name, name, counted[name].default, means=True, of_counted=True)
            for name in AFTER.get(here, ())
        ]
    return tuple(found)


def plain(value: Any, *, meaning: bool = False) -> Json:  # noqa: ANN401 - any node
    """A node, or a value in one, as JSON. With `meaning`: without places and without words that change nothing."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (Fraction, date)):
        return str(value)
    if isinstance(value, tuple):
        return [plain(one, meaning=meaning) for one in value]
    if isinstance(value, Period):
        return {"from": str(value.start), "to": str(value.last)}
    if isinstance(value, Span):
        return {key: getattr(value, key) for key in PLACE}
    sort: type = type(value)
    found: dict[str, Json] = {"is": TAGS[sort]} if sort in TAGS else {}
    for slot in slots(sort):
        held = getattr(flat(value.counts) if slot.of_counted else value, slot.name)
        if held == slot.default or (meaning and not slot.means):
            continue
        write = _BESIDE.get((sort, slot.name))
        found[slot.key] = write(held) if write else plain(held, meaning=meaning)
    return found


def _month_and_day(pair: tuple[int, int]) -> Json:
    return {"month": pair[0], "day": pair[1]}


def _settings(pairs: tuple[tuple[str, Plain], ...]) -> Json:
    return [
        {
            "name": name,
            "is": next(key for key, sort in SORTS.items() if isinstance(value, sort)),
            "value": str(value),
        }
        for name, value in pairs
    ]


#: Fields that hold pairs, written with a word for each half.
_BESIDE: dict[tuple[type, str], Callable[[Any], Json]] = {
    (nodes.Contract, "years_begin"): _month_and_day,
    (nodes.Example, "settings"): _settings,
}


# ------------------------------------------------------------------ reading


def _read(data: object) -> Contract:
    from cattrs import transform_error
    from cattrs.errors import BaseValidationError

    read = _converter().structure
    try:
        return read(data, Contract)
    except BaseValidationError as error:
        faults = transform_error(error, path="contract", format_exception=_said)
    except (TypeError, ValueError) as error:
        faults = [f"{error} @ contract"]
    more = f" There are {len(faults) - SHOWN} more." if len(faults) > SHOWN else ""
    raise Refused(
        [
            Diagnostic(
                "SIB0103", f"The JSON does not hold a contract: at `{where}`, {what}.{rest}", help=_AGAIN
            )
            for number, fault in enumerate(faults[:SHOWN])
            for what, _, where in [fault.rpartition(" @ ")]
            for rest in [more if number == SHOWN - 1 else ""]
        ]
    )


def _said(error: BaseException, _type: object) -> str:
    """One fault in words; cattrs adds the place."""
    from cattrs.errors import ForbiddenExtraKeysError

    if isinstance(error, KeyError):
        return "what belongs there is missing"
    if isinstance(error, ForbiddenExtraKeysError):
        return f"`{min(error.extra_fields)}` does not belong"
    return str(error)


@cache
def _converter() -> Converter:
    from typing import get_args

    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)

    def hook(sort: Any, read: Callable[[object, Any], Any]) -> None:  # noqa: ANN401 - a type as annotations give it
        if isinstance(sort, type) and not get_args(sort):
            converter.register_structure_hook(sort, read)
        else:
            converter.register_structure_hook_func(lambda one: one == sort, read)

    hook(str, lambda value, _: _is(value, str, "text"))
    hook(int, lambda value, _: _is(value, int, "a whole number"))
    hook(bool, lambda value, _: _is(value, bool, "true or false"))
    hook(Fraction, lambda value, _: _number(value))
    hook(date, lambda value, _: _day(value))
    hook(Period, lambda value, _: _period(value))
    hook(Span, lambda value, _: _span(value))
    hook(tuple[int, int], lambda value, _: _pair(value))
    hook(tuple[str, Plain], lambda value, _: _setting(value))
    for union in (Plain, Plain | None):
        hook(union, lambda value, _: value if value is None else _is(value, str, "text"))
    unions: tuple[Any, ...] = (
        nodes.Amount,
        nodes.Condition,
        nodes.WrittenForm,
        nodes.Expected | nodes.ExpectedQuantity,
    )
    for union in unions:
        choices = {TAGS[node]: node for node in union.__args__}
        hook(union, _chosen(converter, choices))
        hook(union | None, _chosen(converter, choices, blank=True))
    _literals(converter)
    _lists(converter)
    for node in _node_types():
        hook(node, _node(converter, node))
    hook(FlatCounted, _node(converter, FlatCounted))
    hook(nodes.Metric, _metric(converter))
    return converter


def _literals(converter: Converter) -> None:
    from typing import Literal, get_args, get_origin

    def literal(sort: Any) -> bool:  # noqa: ANN401 - a type as the annotation gives it
        origin: object = get_origin(sort)
        return origin is Literal

    def read(value: object, sort: Any) -> object:  # noqa: ANN401 - a type as the annotation gives it
        if value not in get_args(sort):
            raise ValueError(
                f"{value!r} is not one of: " + ", ".join(repr(get_arg) for get_arg in get_args(sort))
            )
        return value

    converter.register_structure_hook_func(literal, read)


def _lists(converter: Converter) -> None:
    from types import GenericAlias
    from typing import get_args

    def listed(sort: Any) -> bool:  # noqa: ANN401 - a type as the annotation gives it
        return get_args(sort)[-1:] == (...,)

    def read(value: object, sort: Any) -> object:  # noqa: ANN401 - a type as the annotation gives it
        inner: Any = GenericAlias(list, get_args(sort)[:1])
        return tuple(converter.structure(_is(value, list, "a list"), inner))

    converter.register_structure_hook_func(listed, read)


def _node_types() -> list[type]:
    from sibdsl.dates import Duration
    from sibdsl.model.types import Interval

    own = [var for var in vars(nodes).values() if isinstance(var, type) and attrs.has(var)]
    own = [one for one in own if one not in COUNTED and one is not nodes.Metric]
    return [Interval, Duration, *(one for one in own if one.__module__.startswith(nodes.__name__))]


def _node(converter: Converter, node: type) -> Callable[[object, object], Any]:
    from cattrs.gen import make_dict_structure_fn, override

    renamed: dict[str, Any] = {
        slot.name: override(rename=slot.key) for slot in slots(node) if slot.key != slot.name
    }
    left_out = {field.name for field in attrs.fields(node)} - {
        slot.name for slot in slots(node) if not slot.of_counted
    }
    renamed |= {name: override(omit=True) for name in left_out}
    held, tag = BY_KIND.get(node), TAGS.get(node)

    @cache
    def fill() -> Any:  # noqa: ANN401 - made when every node is known to the converter
        return make_dict_structure_fn(node, converter, _cattrs_forbid_extra_keys=True, **renamed)

    def read(value: object, _: object) -> Any:  # noqa: ANN401 - whichever node it is
        given = _is(value, dict, "an object")
        if tag:
            given = {key: one for key, one in given.items() if key != "is"}
        made = fill()(given, node)
        return attrs.evolve(made, **{held: _by_kind(made, held)}) if held else made

    return read


def _metric(converter: Converter) -> Callable[[object, object], nodes.Metric]:
    """A metric, with what it counts put together from the fields that say it."""
    keys = [slot.key for slot in slots(nodes.Metric) if slot.of_counted]
    rest = _node(converter, nodes.Metric)

    def read(value: object, sort: object) -> nodes.Metric:
        given = _is(value, dict, "an object")
        metric: nodes.Metric = rest({key: one for key, one in given.items() if key not in keys}, sort)
        said = converter.structure({key: given[key] for key in keys if key in given}, FlatCounted)
        return attrs.evolve(metric, counts=counted(said))

    return read


def _by_kind(node: Any, held: str) -> Plain | None:  # noqa: ANN401 - one of three nodes
    value: str | None = getattr(node, held)
    if value is None:
        return None
    if node.kind in NUMERIC:
        return _number(value)
    return _day(value) if node.kind == "date" else value


def _chosen(
    converter: Converter, choices: dict[str, type], *, blank: bool = False
) -> Callable[[object, object], Any]:
    def read(value: object, _: object) -> Any:  # noqa: ANN401 - whichever node it is
        if value is None and blank:
            return None
        given = _is(value, dict, "an object")
        if given.get("is") not in choices:
            said = f"`is` says {given['is']!r}" if "is" in given else "`is` is missing"
            raise ValueError(f"{said}; it may be: " + ", ".join(repr(choice) for choice in choices))
        return converter.structure(given, choices[given["is"]])

    return read


def _is(value: object, sort: type, said: str) -> Any:  # noqa: ANN401 - checked here
    if type(value) is not sort:
        raise TypeError(f"{_shown(value)} stands where {said} is needed")
    return value


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "an object"
    return "nothing" if value is None else repr(value)


def _number(value: object) -> Fraction:
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        raise ValueError(
            f'{_shown(value)} stands where an exact number in quotes is needed, such as "1350" or "1/3"'
        )
    return Fraction(value)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) and DAY.fullmatch(value) else "")
    except ValueError:
        raise ValueError(f'{_shown(value)} stands where a day is needed, such as "2016-04-01"') from None


def _keys(value: object, *keys: str) -> list[Any]:
    given = _is(value, dict, "an object")
    if set(given) != set(keys):
        raise ValueError("an object with " + ", ".join(f"`{key}`" for key in keys) + " is needed")
    return [given[key] for key in keys]


def _period(value: object) -> Period:
    first, last = (_day(key) for key in _keys(value, "from", "to"))
    return dates.period(first, last)


def _span(value: object) -> Span:
    file, *places = _keys(value, *PLACE)
    return Span(_is(file, str, "text"), *(_is(place, int, "a whole number") for place in places))


def _pair(value: object) -> tuple[int, int]:
    month, day = (_is(key, int, "a whole number") for key in _keys(value, "month", "day"))
    return cast("tuple[int, int]", (month, day))


def _setting(value: object) -> tuple[str, Plain]:
    name, sort, text = _keys(value, "name", "is", "value")
    read: dict[str, Callable[[object], Plain]] = {
        "number": _number,
        "date": _day,
        "words": lambda one: cast("str", _is(one, str, "text")),
    }
    if sort not in read:
        raise ValueError("`is` says how a value is read: " + ", ".join(repr(one) for one in read))
    return _is(name, str, "text"), read[sort](text)

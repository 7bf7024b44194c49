"""Values from outside for particulars that have one for each of something, such as a share for each age."""

from __future__ import annotations

import re
from fractions import Fraction

from sibdsl import dates, money, size_limits
from sibdsl.currencies import Currency, parted
from sibdsl.diagnostics import Problems
from sibdsl.model.admissible_quantities.below_nought import lowest
from sibdsl.model.nodes import Contract, Particular
from sibdsl.model.parameters.in_force import Keyed
from sibdsl.model.types import NUMERIC
from sibdsl.plainform import plain

_SHOWN = 60  # characters of a value that a message repeats


def keyed(
    contract: Contract, problems: Problems, particular: Particular, raw: object, origin: str
) -> Keyed | None:
    """The values by key, in the order given; None after a complaint.

    `raw` is what a JSON object became, pairs of key and value, or text such as `11: 17%, 12: 21%`.
    """
    pairs = _pairs(raw)
    form = _form(contract, particular)
    if not pairs:
        said = str(raw)[:_SHOWN]
        problems.add(
            "SIB0703",
            f"{origin} gives {particular.name} as `{said}`; a value for each {particular.per} is expected.",
            help=form,
        )
        return None
    found: dict[str, Fraction] = {}
    for name, value in pairs:
        key, number = _key(contract, particular, name), _number(contract, particular, value)
        if key is None or number is None:
            what = "which is not a value of it" if key is None else f"as `{str(value)[:_SHOWN]}`"
            problems.add(
                "SIB0703",
                f"{origin} gives {particular.name} for {particular.per} {name or '(blank)'}, {what}.",
                help=form,
            )
            return None
        if key in found:
            problems.add(
                "SIB0701",
                f"{origin} gives {particular.name} for {particular.per} {key} twice.",
                help="Give it once.",
            )
            return None
        if number not in particular.allowed:
            problems.add(
                "SIB0703",
                f"{origin} gives {particular.name} for {particular.per} {key} as `{str(value)[:_SHOWN]}`, which the contract does not allow.",
                particular.span,
                mark="allowed values are declared here",
                help="Give a value that the contract allows.",
            )
            return None
        least = lowest(particular)
        if least is not None and number < least:
            problems.add(
                "SIB0703",
                f"{origin} gives {particular.name} for {particular.per} {key} as `{str(value)[:_SHOWN]}`, and it is never below nought.",
                particular.span,
                mark="declared here, without `must be any`",
                help=f"Give a number from 0. If {particular.name} may be below nought, the contract says so: `any` under `must be` in its row.",
            )
            return None
        found[key] = number
    return tuple(found.items())


def _form(contract: Contract, particular: Particular) -> str:
    value = {"percentage": "17%", "money": money.show_short(Fraction(181, 2), contract.currency)}.get(
        particular.kind, "15.5"
    )
    key = {"date": "2018-03-31"}.get(
        _kind(contract, particular), "11" if _kind(contract, particular) in NUMERIC else "Q1"
    )
    return f'Write such as {{"{key}": "{value}"}} in a parameters file, or `--set "{particular.name}={key}: {value}"`.'


def _pairs(raw: object) -> list[tuple[str, object]]:
    """Keys with values; none where the form is another."""
    if isinstance(raw, str):
        parts = [part.rpartition(":") for part in raw.split(",") if part.strip()]
        return [(key.strip(), value.strip()) for key, _, value in parts] if all(p[1] for p in parts) else []
    if isinstance(raw, list) and all(isinstance(pair, tuple) for pair in raw):
        return [(str(key).strip(), value) for key, value in raw]
    return []


def _kind(contract: Contract, particular: Particular) -> str:
    """The kind of the column, of records or of a printed table, that the values are for each of."""
    printed = {column.name: column.kind for table in contract.lookups for column in table.columns}
    held = (
        column.kind for table in contract.records for column in table.columns if column.name == particular.per
    )
    return next(held, printed.get(particular.per, "text"))


def _key(contract: Contract, particular: Particular, text: str) -> str | None:
    """The key in the form that all keys of its kind have; None where it is not one."""
    kind = _kind(contract, particular)
    if kind in NUMERIC:
        number = read_number(text, kind, money.currency(contract.currency))
        return None if number is None else money.number(number)
    if kind == "date":
        try:
            return dates.parse(text).isoformat()
        except ValueError:
            return None
    return plain(text) or None


def _number(contract: Contract, particular: Particular, raw: object) -> Fraction | None:
    if isinstance(raw, bool) or raw is None or isinstance(raw, (list, dict)):
        return None
    return read_number(str(raw).strip(), particular.kind, money.currency(contract.currency))


#: A fraction as people write it: whole numbers, none of them longer than any real one.
_FRACTION = re.compile(r"([0-9]{1,18})/([0-9]{1,18})")


def _exact(text: str, kind: str) -> Fraction:
    """The number in plain digits, or a fraction of two. Raises ValueError for others, ZeroDivisionError for n/0."""
    over = _FRACTION.fullmatch(text) if kind in ("number", "percentage") else None
    return Fraction(int(over[1]), int(over[2])) if over else money.parse(text)


def read_number(text: str, kind: str, currency: Currency) -> Fraction | None:
    """The exact number in a text, with the sign or code of its currency or per cent where its kind has one; None for others.

    A number and a share may be a fraction, such as `1/7`; one of more digits than are read is none. Source: language
    reference, 'Particulars'.
    """
    if sum(map(str.isdigit, text)) > size_limits.DIGITS:
        return None
    share = text.endswith("%") and kind == "percentage"
    signless = text.removesuffix("%") if share else text
    negative = signless.startswith("-")
    written_in, digits = parted(signless.removeprefix("-"))
    if written_in is not None and (kind not in ("money", "money per day") or written_in != currency):
        return None
    try:
        found = _exact(digits, kind)
    except (ValueError, ArithmeticError):
        return None
    found = -found if negative else found
    return found / 100 if share else found

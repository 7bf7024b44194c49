"""A percentage carries its sign: what is said of a bare number that stands where one is meant."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sibdsl import money
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.value_kinds import SAID, written
from sibdsl.model.nodes import Amount, Given, Value


def sign_wanted(reader: Reader, bare: Amount, clause: str) -> None:
    """Report a number that stands beside a percentage without the sign."""
    if isinstance(bare, Given):
        reader.problems.add(
            "SIB0413",
            f"A percentage is needed here; {bare.name} holds a number, so that 38 would be 3800%.",
            bare.span,
            clause=clause,
            mark="a number, not a percentage",
            help=f"Let {bare.name} hold a percentage, and its values carry the sign.",
        )
        return
    number = bare.value if isinstance(bare, Value) and isinstance(bare.value, Fraction) else Fraction(0)
    reader.problems.add(
        "SIB0413",
        f"A percentage is needed here; the number {money.number(number)} is {money.number(number * 100)}%.",
        bare.span,
        clause=clause,
        mark="without a sign",
        help=signed(number),
    )


def signed(number: Fraction) -> str:
    """Both ways to write a number with the sign of a percentage, the likelier first: 38 as 38%, 0.38 as 38%."""
    said, times = (f"`{money.number(one)}%`" for one in (number, number * 100))
    bare = money.number(number)
    if abs(number) > 1:
        return f"Write {said}; or {times}, if {bare} times the whole is meant."
    return f"Write {times}, if {bare} of the whole is meant; or {said}, if {bare} of a hundredth is."


def bare_ends(reader: Reader, ends: Iterable[Amount | None], kind: str, clause: str) -> bool:
    """Whether the ends of `11 to 14` may stand for the kind of value; reports those that lack its sign."""
    written_ends = [end for end in ends if isinstance(end, Value) and isinstance(end.value, Fraction)]
    for written_end in written_ends:
        if kind == "percentage" and written_end.value != 0:
            sign_wanted(reader, written_end, clause)
            return False
        if kind in ("money", "money per day"):
            reader.problems.add(
                "SIB0413",
                f"{SAID[written_end.kind].capitalize()} cannot limit {SAID[kind]}.",
                written_end.span,
                clause=clause,
                mark=f"{SAID[written_end.kind]}, not {SAID[kind]}",
                help=f"Write both ends as {SAID[kind]}, as in `at least £5 but less than £10`.".replace(
                    "£", money.currency(reader.currency).prefix
                ),
            )
            return False
    return True


def changed_by_share(op: str, left: Amount, right: Amount, currency: str) -> str:
    """The way out for `£333.33 minus 10%`: 90% of it; '' for other sums."""
    if not isinstance(left, Value) or not isinstance(right, Value) or right.kind != "percentage":
        return ""
    if not isinstance(left.value, Fraction) or not isinstance(right.value, Fraction):
        return ""
    whole = written(left.value, left.kind, currency)
    rest = written(1 - right.value if op == "minus" else 1 + right.value, "percentage", currency)
    return f"Write `{rest} of {whole}`; or `{whole} times {rest}`, which is the same."

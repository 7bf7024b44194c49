"""`payments from ... to ...`: which payments a cap or a rule speaks of."""

from __future__ import annotations

from typing import Literal, cast

from attrs import evolve

from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Amount, Given, Selection, Value
from sibdsl.syntax import Node, Word

#: What `from commissioners` and the like stand for: the parties of these roles.
ROLES = {
    "commissioners": ("commissioner",),
    "co-commissioners": ("co-commissioner",),
    "all commissioners": ("commissioner", "co-commissioner"),
    "special purpose vehicles": ("special purpose vehicle",),
    "providers": ("provider",),
    "investors": ("investor",),
}

_KINDS = {
    "payments": "all",
    "block payments": "block",
    "unearned block payments": "unearned block",
    "advance payments": "advance",
}


def selection(reader: Reader, node: Node, clause: str) -> Selection | None:
    """The payments chosen, with roles put as names of parties; None after a complaint."""
    kind = next((one.said for one in node.nodes("pay_kind")), "payments")
    chosen = Selection(cast("Literal['all']", _KINDS[kind]), span=node.span)
    sound = True
    for part in node.nodes():
        match part.kind:
            case "pay_from" | "pay_to":
                who = _parties(reader, part, clause)
                sound = sound and who is not None
                names = who or ()
                chosen = (
                    evolve(chosen, payers=names) if part.kind == "pay_from" else evolve(chosen, payees=names)
                )
            case "pay_on":
                said = next(part.nodes("metric_kinds").__iter__()).said
                kinds = {"inputs": ("input",), "outputs": ("output",), "outcomes": ("outcome",)}
                chosen = evolve(chosen, metric_kinds=kinds.get(said, ("output", "outcome")))
            case "pay_for":
                names = tuple(reader.name(word, "metric", clause=clause) for word in part.words("NAME"))
                sound = sound and all(names)
                chosen = evolve(chosen, metrics=names)
            case "pay_under":
                names = tuple(
                    reader.name(word, "payment", "block advance", "contract", clause=clause)
                    for word in part.words("NAME")
                )
                sound = sound and all(names)
                whole = tuple(name for name in names if reader.scope.find(name, ("contract",)))
                chosen = evolve(
                    chosen, contracts=whole, payments=tuple(name for name in names if name not in whole)
                )
            case "pay_by_results":
                chosen = evolve(chosen, by_results=True)
            case "pay_events":
                test = part.nodes()[0]
                day = _moment(reader, test.words()[0], clause)
                sound = sound and day is not None
                chosen = (
                    evolve(chosen, earned_to=day)
                    if test.kind == "events_on_or_before"
                    else evolve(chosen, earned_from=day)
                )
    return chosen if sound else None


def _parties(reader: Reader, node: Node, clause: str) -> tuple[str, ...] | None:
    found: list[str] = []
    who = node.nodes("payers_who")[0]
    for part in who.children:
        if isinstance(part, Word):
            if reader.scope.find(part.text, ("payment",)):
                reader.problems.add(
                    "SIB0305",
                    f"{part.text} is a payment; a party is needed here.",
                    part.span,
                    clause=clause,
                    mark="a payment, not a party",
                    help=f"A cap of one payment covers `payments under {part.text}`.",
                )
                return None
            name = reader.name(part, "party", clause=clause)
            if not name:
                return None
            found.append(name)
        elif isinstance(part, Node):
            held = [name for role in ROLES[part.said] for name in reader.roles.get(role, ())]
            if not held:
                reader.problems.add(
                    "SIB0416",
                    f"No party of this contract is one of its {part.said}.",
                    part.span,
                    clause=clause,
                    mark="nobody",
                    help="Give a party that role under `parties`, or name the party.",
                )
                return None
            found.extend(held)
    return tuple(dict.fromkeys(found))


def _moment(reader: Reader, word: Word, clause: str) -> Amount | None:
    if word.kind == "NAME":
        given = reader.values.get(word.text)
        if given is not None and given.kind == "date":
            return Given(given.name, "date", span=word.span)
        if not reader.name(word, "particular", "assumption", clause=clause):
            return None
    elif word.kind == "DATE":
        day = reader.day(word, clause)
        return Value(day, "date", span=word.span) if day else None
    reader.problems.add(
        "SIB0413",
        f"{word.text} is not a date.",
        word.span,
        clause=clause,
        mark="not a date",
        help="Write a date such as 31 March 2018, or name a particular or assumption that holds one.",
    )
    return None

"""Programmes: contracts in files of their own, and the caps that they share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import evolve

from sibdsl.dates import Period
from sibdsl.diagnostics import Problems, Refused
from sibdsl.model.from_syntax.currency import all_in_one
from sibdsl.model.from_syntax.heading import header as heading
from sibdsl.model.from_syntax.heading import particulars_and_assumptions as by_name
from sibdsl.model.from_syntax.heading import parties as parties_of
from sibdsl.model.from_syntax.limits import shared_caps
from sibdsl.model.from_syntax.payments import investments as investing
from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.from_syntax.rules import rules as must_hold
from sibdsl.model.nodes import Assumption, Contract, Particular, Programme
from sibdsl.names import DefinedTerms, Program
from sibdsl.source import Span
from sibdsl.syntax import Block, Word

#: Reads a contract and what varies it, each with the place that names it: the first path is the contract's.
Open = Callable[[tuple[tuple[Path, Span], ...]], Contract]
_KINDS = ("programme", "parties", "particulars", "assumption", "cap", "rule", "investment")


def programme(program: Program, open_contract: Open) -> tuple[Programme, Problems]:
    """The programme of a file, with its contracts opened. Raises Refused for what is wrong in any of them."""
    problems = Problems()
    reader = Reader(problems, DefinedTerms())
    blocks = list(program.main.blocks)
    whole = next(block for block in blocks if block.kind == "programme")
    for block in blocks:
        if block.kind not in _KINDS:
            problems.add(
                "SIB0233",
                f"A programme holds what its contracts share, and no {block.kind}.",
                block.head,
                clause=reader.clause(block),
                mark="belongs to one contract",
                help="Write it in the file of the contract that it belongs to. Several contracts can take it from one module.",
            )
    reader.only(whole, "reference", "currency", "years", "rounding", "source", "says", "note", "table")
    head, reader = heading.shared(reader, whole)
    all_in_one(reader, whole, blocks)
    members = _members(reader, whole, Path(program.main.source.name).parent, open_contract)
    for member in members:
        if member.currency != head.currency:
            problems.add(
                "SIB0485",
                f"{member.name} is in {member.currency} and the programme in {head.currency}.",
                whole.head,
                clause=reader.clause(whole),
                mark="two currencies",
                help="Contracts of one programme share a currency.",
            )
    if members:
        days = Period(
            min(contract.payment_period.start for contract in members),
            max(contract.payment_period.end for contract in members),
        )
        reader = evolve(reader, service=days, payment_period=days)
    parties = parties_of.parties(reader, [block for block in blocks if block.kind == "parties"])
    for party in parties:
        reader.scope.add(problems, party.name, "party", party.span)
        for role in party.roles:
            reader.roles.setdefault(role, []).append(party.name)
    particulars = by_name.particulars(reader, [block for block in blocks if block.kind == "particulars"])
    assumptions = by_name.assumptions(reader, [block for block in blocks if block.kind == "assumption"])
    named: tuple[Particular | Assumption, ...] = (*particulars, *assumptions)
    for setting in named:
        reader.scope.add(
            problems,
            setting.name,
            "particular" if isinstance(setting, Particular) else "assumption",
            setting.span,
        )
    reader = evolve(reader, values={setting.name: setting for setting in named})
    caps = tuple(shared_caps.cap(reader, block, members) for block in blocks if block.kind == "cap")
    invested = [block for block in blocks if block.kind == "investment"]
    for block in blocks:
        if block.kind in ("cap", "rule", "investment") and block.name is not None:
            reader.scope.add(problems, block.name.text, block.kind, block.name.span)
    _novated_beside_shared_limits(reader, members, blocks)
    investments = investing.investments(reader, invested)
    rules = must_hold.rules(
        reader,
        [block for block in blocks if block.kind == "rule"],
        list(dict.fromkeys(scenario.name for member in members for scenario in member.scenarios)),
    )
    if problems.errors:
        raise Refused(problems.found)
    return (
        Programme(
            head.name, head.reference, head.gloss, head.currency, head.years_begin, head.rounding, parties,
            particulars, assumptions, members, caps, investments, rules, span=head.span,
        ),
        problems,
    )  # fmt: skip


def _novated_beside_shared_limits(reader: Reader, members: tuple[Contract, ...], blocks: list[Block]) -> None:
    """Report a party that takes another's place in a contract, where a shared limit or rule speaks of it itself."""
    taken = {
        novation.new: (member, novation)
        for member in members
        for variation in member.variations
        for novation in variation.novates
    }
    for block in blocks if taken else ():
        for word in block.walk() if block.kind in ("cap", "rule") else ():
            if isinstance(word, Word) and word.kind == "NAME" and word.text in taken:
                member, novation = taken[word.text]
                reader.problems.add(
                    "SIB0231",
                    f"{novation.new} takes the place of {novation.old} in {member.name}, and {block.title} speaks of {novation.new} itself: what was "
                    f"{novation.old}'s before could not be told from it.",
                    word.span,
                    clause=reader.clause(block),
                    mark="a party that takes another's place",
                    help=f"Name {novation.old} here: payments of whoever stands in its place are among its own.",
                )


def _members(reader: Reader, block: Block, folder: Path, open_contract: Open) -> tuple[Contract, ...]:
    """The contracts of the programme's table, in the order of their names, so that the order of rows changes nothing."""
    table = reader.table(
        block, block.table, ("contract", "file", "note"), ("contract", "file"), takes={"file": ("list",)}
    )
    found: dict[str, Contract] = {}
    for row in table.rows:
        name, files = row.get("contract"), row.get("file")
        if name is None or files is None:
            continue
        contract = open_contract(
            tuple((folder / word.text[1:-1], word.span) for word in files.node.words("TEXT"))
        )
        if contract.stated_as_known:
            reader.problems.add(
                "SIB0235",
                "What one contract of a programme comes to know later would change what shared limits left the others in statements already made.",
                files.span,
                mark="states periods anew",
                help="Take `stated periods repriced in the next statement` out of the contract, or the contract out of the programme.",
            )
        if contract.name != name.name:
            reader.problems.add(
                "SIB0486",
                f"This row speaks of {name.name}; the file holds {contract.name}.",
                name.span,
                clause=reader.clause(block),
                mark="another contract",
                help=f"Write {contract.name}, or name the file of {name.name}.",
            )
        elif contract.name in found:
            reader.problems.add(
                "SIB0486",
                f"{contract.name} is in the programme twice.",
                name.span,
                clause=reader.clause(block),
                mark="again",
                help="Keep one of the rows; a contract's variations stand in its own row, after a comma.",
            )
        else:
            found[contract.name] = contract
            reader.scope.add(reader.problems, contract.name, "contract", name.span)
    return tuple(found[one] for one in sorted(found))

"""What caps cut of a line, where they stand, and what becomes of what they cut."""

from __future__ import annotations

from fractions import Fraction

from sibdsl import dates, money, wording
from sibdsl.english import listed, many
from sibdsl.model.nodes import (
    CapRow,
    SharedRow,
)
from sibdsl.price import PricedLine
from sibdsl.price.step_words import share_said
from sibdsl.settle.explain.limit_facts import BlockState, CapState, LineShare, PersonalState
from sibdsl.settle.explain.line_facts import LineFacts
from sibdsl.settle.explain.line_words import gloss, in_money, subject
from sibdsl.settle.explain.page import Grid, Item
from sibdsl.settle.explain.regular_sums import shared


def touch(facts: LineFacts, priced: PricedLine) -> Item:
    """What a block, a cap or an amount below nought takes of a line."""
    did = {"set_off": "met by", "taken_back": "taken back under", "deducted": "deducted by"}.get(
        priced.line.kind, "cut by"
    )
    return Item(
        f"{did} {priced.line.rule} ({priced.id})",
        in_money(facts, priced.amount),
        wording.cite(priced.line.clause, priced.line.span),
        tone="unpaid",
    )


def where_caps_stand(facts: LineFacts) -> list[Item]:
    """Where each cap that covers the line stands by the end of the period."""
    own = [_for_each(facts, state) for state in facts.personal]
    return own if own and not facts.caps else [*own, *_shared_caps(facts)]


def _for_each(facts: LineFacts, state: PersonalState) -> Item:
    """What a limit for each person took of a payment line."""
    people = len({result.person for result in state.results})
    said = f"at most {in_money(facts, state.limit)} for each person {wording.over(state.row.scope, state.occasion)}"
    cut = (
        f"cut {in_money(facts, state.taken)} for {many(people, 'person')}"
        if state.taken
        else "cuts nothing here"
    )
    return Item(f"{said}: {cut}", state.cap.name, wording.cite(state.cap.clause, state.row.span))


def _shared_caps(facts: LineFacts) -> list[Item]:
    if not facts.caps:
        return [Item("no cap covers this line", "caps")]
    bites = any(state.shares[state.index].taken for state in facts.caps)
    said = "where each stands by the end of the period" if bites else "not cut by any cap"
    if len(facts.caps) == 1 and not bites:
        state = facts.caps[0]
        cited = wording.cite(state.cap.clause, state.row.span)
        return [Item(f"{said} ({_stands(facts, state)})", "caps", cited)]
    items = tuple(
        Item(_stands(facts, state), state.cap.name, wording.cite(state.cap.clause, state.row.span))
        for state in facts.caps
    )
    return [Item(said, "caps", items=items)]


def _stands(facts: LineFacts, state: CapState) -> str:
    """`CBO to date £17,900.00 of £336,111.00 over the contract`."""
    if isinstance(state.row, SharedRow):
        who = f"{wording.selection(state.row.covers, state.settings)}{_across(state)},"
    else:
        who = wording.who(state.row, state.settings)
    time = _time(state)
    if name := _return_on(state):
        left = f"{in_money(facts, state.limit)} that are owed on {name} by this day"
        return f"{who} on this day {in_money(facts, state.to_date)} of {left}"
    return f"{who} to date {in_money(facts, state.to_date)} of {in_money(facts, state.limit)} {time}"


def cut(facts: LineFacts) -> list[Item]:
    """What a limit cuts of a line, and why."""
    if facts.personal:
        return _cut_for_each(facts, facts.personal[0])
    state = facts.cut
    assert state is not None  # noqa: S101 - every cut has one
    line, settings = facts.priced.line, state.settings
    fees = [f"{fee.id}, {in_money(facts, fee.amount)}" for fee in facts.fees]
    covers = wording.limited(state.row, settings)
    return [
        Item(
            f"{line.rule}{_across(state)}: {covers}, at most {in_money(facts, state.limit)} "
            f"{_time(state)}; what exceeds it is {_becomes(state)}",
            "clause",
            wording.cite(line.clause, facts.row),
            items=gloss(facts.clause.gloss),
        ),
        Item(f"{subject(line)} under {line.payment}: {listed(fees)}", "fee"),
        *(
            [Item(wording.share(state.row, state.part, settings), in_money(facts, state.whole))]
            if state.part is not None and state.whole is not None
            else []
        ),
        Item(
            _the_cap(state),
            in_money(facts, state.limit),
        ),
        Item(
            "paid of that on this day already, what comes first among it"
            if _return_on(state)
            else "paid under it so far, what comes first on this day among it",
            in_money(facts, state.earlier),
            items=tuple(
                Item(f"under {contract}", in_money(facts, amount))
                for contract, amount in state.earlier_by
                if amount
            ),
        ),
        Item("room left on this day", in_money(facts, state.room)),
        Item("due on this day before the cap", in_money(facts, state.now)),
        Item("cut, because it is more than the room", in_money(facts, state.cut)),
        *borne_by(facts, state.shares, state.index, state, "cut"),
    ]


def _cut_for_each(facts: LineFacts, state: PersonalState) -> list[Item]:
    line = facts.priced.line
    fees = [f"{fee.id}, {in_money(facts, fee.amount)}" for fee in facts.fees]
    rows = [
        [
            result.person,
            dates.short(result.day),
            in_money(facts, result.due),
            in_money(facts, result.taken),
            f"{result.source} row {result.row}",
        ]
        for result in state.results
    ]
    heads = ("Person", "Result", "Earns", "Cut", "File and row")
    return [
        Item(
            f"{line.rule}: {wording.limited(state.row, facts.run.settings)}, at most {in_money(facts, state.limit)} "
            f"for each person {wording.over(state.row.scope, state.occasion)}; what exceeds it is lost",
            "clause",
            wording.cite(line.clause, facts.row),
            items=gloss(facts.clause.gloss),
        ),
        Item(f"{subject(line)} under {line.payment}: {listed(fees)}", "fee"),
        Item("results by which a person passed the limit, or had passed it", in_money(facts, state.of_whole),
             grid=Grid(heads, rows, frozenset({2, 3}))),
        *_part_of_payer(facts, state),
    ]  # fmt: skip


def _part_of_payer(facts: LineFacts, state: PersonalState) -> list[Item]:
    """Of a line that several share, the part of what is cut that is taken off this payer's."""
    line = facts.priced.line
    if line.share is None:
        return []
    share = share_said(line.share, facts.run.contract.currency)
    said = f"what is left of the line is shared again, {share} from {line.payer}: cut of its part"
    return [Item(said, in_money(facts, state.taken))]


def _time(state: CapState) -> str:
    """Over what time the limit runs: `over the contract`, `over the programme`, `in 2018/19`."""
    if name := _return_on(state):
        return f"by this day, what is owed on {name}"
    if _is_pot(state):
        return "over the contract, as far as it had been topped up"
    whole = state.together is not None and state.row.scope.over == "contract"
    return "over the programme" if whole else wording.over(state.row.scope, state.occasion)


def _across(state: CapState) -> str:
    """Of a limit that contracts share: which of them."""
    return f", across {listed(state.row.across)}" if isinstance(state.row, SharedRow) else ""


def _return_on(state: CapState) -> str:
    """The investment on which the cap allows a return; '' of all other caps."""
    return state.row.return_on if isinstance(state.row, CapRow) else ""


def _the_cap(state: CapState) -> str:
    """What the limit is on this day."""
    if name := _return_on(state):
        rate = money.percent(state.settings.number(state.row.amount))
        return f"owed on {name} by this day, with {rate} a year, less what was paid on earlier days"
    return "the cap, with what was added by this day" if _is_pot(state) else "the cap"


def _is_pot(state: CapState) -> bool:
    return bool(state.row.topped_up)


def _becomes(state: CapState) -> str:
    excess = state.excess
    return f"paid by {listed(excess.payers)}" if excess.way == "paid" else excess.way


def carried(facts: LineFacts) -> list[Item]:
    """What a cap cut that is due again, or owed by another, with the cuts that it is made of."""
    line = facts.priced.line
    cuts = [
        Item(f"cut {wording.when(fee.line.segment.days)} ({fee.id})", in_money(facts, -fee.amount))
        for fee in facts.fees
    ]
    return [
        Item(
            f"what {line.rule} cut is due again, first, when its next time begins"
            if line.kind == "carried"
            else f"what {line.rule} cut is owed by {line.payer}",
            "clause",
            wording.cite(line.clause, facts.row),
            items=gloss(facts.clause.gloss),
        ),
        Item(
            f"{subject(line)} under {line.payment}, cut {'in the time before' if line.kind == 'carried' else 'now'}",
            "carried" if line.kind == "carried" else "owed",
            items=tuple(cuts),
        ),
        *shared(facts),
        *(touch(facts, priced) for priced in facts.touches),
    ]


def borne_by(
    facts: LineFacts, shares: tuple[LineShare, ...], index: int, state: CapState | BlockState, did: str
) -> list[Item]:
    """How what is taken at once is borne by several lines, this one among them."""
    if len(shares) == 1:
        return []
    total = state.cut if isinstance(state, CapState) else state.now
    across = isinstance(state, CapState) and state.together is not None
    due = sum((share.due for share in shares), Fraction(0))
    mine = shares[index]
    exact = total * mine.due / due if due else Fraction(0)
    said = f"{in_money(facts, total)} x {in_money(facts, mine.due)} of {in_money(facts, due)}"
    in_turn = isinstance(state, CapState) and state.in_turn
    if in_turn:
        text = "is this line's part: the earlier clause is paid first, the last is cut first"
        if mine.line.kind == "cap_cut" and mine.line.origin:
            text = "is this line's part: the earlier clause is paid first, and of one clause the older sums"
    else:
        text = "is this line's part, pro rata to what is due: " + said
    grain = wording.to_the_grain(facts.contract)
    remainder = "" if exact == mine.taken or in_turn else f", {grain} by the largest remainder"
    rows = [
        [
            f"{'this line: ' if at == index else ''}{share.line.payment}, {subject(share.line)}",
            *([share.line.contract] if across else []),
            in_money(facts, share.due),
            in_money(facts, share.taken),
        ]
        for at, share in enumerate(shares)
        if share.due or at == index or not across
    ]
    rows.append(["in all", *([""] if across else []), in_money(facts, due), in_money(facts, total)])
    heads = ("Line", *(["Contract"] if across else []), "Due", did.capitalize())
    return [
        Item(
            f"{text}{remainder}",
            in_money(facts, mine.taken),
            grid=Grid(heads, rows, frozenset({len(heads) - 2, len(heads) - 1})),
        )
    ]

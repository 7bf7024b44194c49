"""The explanation of a line as JSON values. Described in the explain reference."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import assert_never

from sibdsl import money, wording
from sibdsl.model.nodes import SharedRow
from sibdsl.price.graph import (
    Choose,
    Constant,
    Greatest,
    Known,
    Least,
    Round,
    Scale,
    SplitPart,
    Step,
    Sum,
    VerifiedQuantity,
    Withheld,
    meaning_of,
)
from sibdsl.price.step_words import meaning_said
from sibdsl.settle.explain.assumptions_read import Rest
from sibdsl.settle.explain.json_head import amount_json, head
from sibdsl.settle.explain.limit_facts import BlockState, CapState, LineShare, PersonalState
from sibdsl.settle.explain.line_facts import Counted, LineFacts
from sibdsl.settle.explain.line_words import title
from sibdsl.settle.payments import Payments
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.payments_to_json import json_days, json_number


def line_json(facts: LineFacts) -> dict[str, object]:
    """The explanation of a line: amounts as decimal text, dates as YYYY-MM-DD, every record."""
    priced = facts.priced
    return {
        **head(facts.run, "line"),
        "line": {
            **_paid_line(facts.run, priced.id),
            "says": title(facts),
            "rule": {
                "name": facts.clause.name,
                "clause": facts.clause.clause,
                "wording": facts.clause.gloss,
                "place": facts.clause.span.in_json(),
                "row_place": facts.row.in_json(),
            },
            "due": priced.line.due.isoformat() if priced.line.due else None,
            "rests_on": [_rest(rest) for rest in facts.rests],
            "counted": None if facts.counted is None else _counted(facts, facts.counted),
            "behind": [_counted(facts, counted) for counted in facts.behind],
            "taken": [
                {
                    "id": touch.id,
                    "kind": touch.line.kind,
                    "rule": touch.line.rule,
                    "clause": touch.line.clause,
                    "amount": amount_json(facts.run, touch.amount),
                    "place": touch.line.span.in_json(),
                }
                for touch in facts.touches
            ],
            "left": amount_json(facts.run, facts.left),
            "fees": [fee.id for fee in facts.fees],
            "caps": [_cap(facts.run, cap) for cap in facts.caps],
            "cut": None if facts.cut is None else _cap(facts.run, facts.cut),
            **(
                {
                    "for_each_person": [
                        _personal(facts.run, personal_state) for personal_state in facts.personal
                    ]
                }
                if facts.personal
                else {}
            ),
            "set_off": None if facts.block is None else _block(facts.run, facts.block),
            "steps": [
                _step(number, step, value) for number, step, value in facts.version.priced.trace(priced)
            ]
            if priced.line.kind not in ("adjustment", "interest")
            else [],
        },
    }


def _paid_line(run: Payments, name: str) -> dict[str, object]:
    """The line as `sib pay` prints it."""
    lines = to_json(run)["lines"]
    assert isinstance(lines, list)  # noqa: S101 - the form of payments
    found: dict[str, object] = next(line for line in lines if line["id"] == name)
    return found


def _rest(rest: Rest) -> dict[str, object]:
    return {
        "kind": rest.kind,
        "name": rest.name,
        "clause": rest.clause,
        "takes": rest.takes,
        "changed": rest.changed,
        "reason": rest.reason,
        "source": rest.source,
        "place": rest.span.in_json(),
    }


def _counted(facts: LineFacts, counted: Counted) -> dict[str, object]:
    contract, settings, line = facts.contract, facts.run.settings, facts.priced.line
    metric = counted.metric
    return {
        "says": wording.counted(contract, settings, metric, line.band, line.segment.days),
        "metric": metric.name,
        "clause": metric.clause,
        "place": metric.span.in_json(),
        "definition": [
            {"label": label, "says": said}
            for label, said, _ in wording.definition(contract, settings, metric, line.band)
        ],
        "quantities": [
            {"band": band or None, "quantity": json_number(number)} for band, number in counted.numbers
        ],
        "records": [
            {
                "person": record.claim.person,
                "date": record.claim.day.isoformat(),
                "band": record.claim.band or None,
                "quantity": json_number(record.claim.quantity),
                "records": record.claim.records,
                "source": record.claim.source,
                "row": record.claim.row,
                "values": record.cells,
            }
            for record in counted.records
        ],
    }


def _cap(run: Payments, state: CapState) -> dict[str, object]:
    return {
        "cap": state.cap.name,
        "clause": state.cap.clause,
        **({"across": list(state.row.across)} if isinstance(state.row, SharedRow) else {}),
        "covers": wording.limited(state.row, state.settings),
        **json_days(state.occasion),
        "limit": amount_json(run, state.limit),
        "paid_before": amount_json(run, state.earlier),
        **(
            {
                "paid_before_by": [
                    {"contract": contract, "amount": amount_json(run, amount)}
                    for contract, amount in state.earlier_by
                ]
            }
            if state.earlier_by
            else {}
        ),
        "room": amount_json(run, state.room),
        "due_now": amount_json(run, state.now),
        "cut_now": amount_json(run, state.cut),
        "paid_to_date": amount_json(run, state.to_date),
        "place": state.row.span.in_json(),
        "shares": _shares(run, state.shares, state.index),
    }


def _personal(run: Payments, state: PersonalState) -> dict[str, object]:
    return {
        "cap": state.cap.name,
        "clause": state.cap.clause,
        "covers": wording.limited(state.row, run.settings),
        **json_days(state.occasion),
        "limit": amount_json(run, state.limit),
        "cut": amount_json(run, state.taken),
        "place": state.row.span.in_json(),
        "results": [
            {
                "person": result.person,
                "date": result.day.isoformat(),
                "records": result.records,
                "source": result.source,
                "row": result.row,
                "earns": amount_json(run, result.due),
                "cut": amount_json(run, result.taken),
            }
            for result in state.results
        ],
    }


def _block(run: Payments, state: BlockState) -> dict[str, object]:
    return {
        "block": state.block.name,
        "clause": state.block.clause,
        "against": list(state.advance.against),
        "amount": amount_json(run, state.amount),
        "usable": amount_json(run, state.usable),
        "fees_to_date": amount_json(run, state.fees),
        "met_before": amount_json(run, state.before),
        "met_now": amount_json(run, state.now),
        "left": amount_json(run, state.left),
        "place": state.advance.span.in_json(),
        "shares": _shares(run, state.shares, state.index),
    }


def _shares(run: Payments, shares: Iterable[LineShare], index: int) -> list[dict[str, object]]:
    return [
        {
            **({"contract": share.line.contract} if share.line.contract else {}),
            "payment": share.line.payment,
            "metric": share.line.metric or None,
            "band": share.line.band or None,
            "payer": share.line.payer,
            "payee": share.line.payee,
            "due": amount_json(run, share.due),
            "taken": amount_json(run, share.taken),
            "this_line": at == index,
        }
        for at, share in enumerate(shares)
    ]


def _does(step: Step) -> str:
    """The word for what a step does."""
    match step:
        case VerifiedQuantity():
            return "quantity"
        case Constant():
            return "constant"
        case Sum():
            return "sum"
        case Scale():
            return "scale"
        case Least():
            return "least"
        case Greatest():
            return "greatest"
        case Round():
            return "round"
        case SplitPart():
            return "part"
        case Withheld():
            return "withheld"
        case Choose():
            return "choose"
        case Known():
            return "known"
        case _:
            assert_never(step)


def _step(number: int, step: Step, value: Fraction) -> dict[str, object]:
    found: dict[str, object] = {
        "step": number,
        "does": _does(step),
        "value": money.number(value),
    }
    if step.inputs:
        found["of"] = list(step.inputs)
    match step:
        case VerifiedQuantity(key=key) | Withheld(key=key):
            found |= {**json_days(key.segment.days), "metric": key.metric, "band": key.band or None}
            found |= {"contract": key.contract} if key.contract else {}
        case Sum(signs=signs):
            found["signs"] = list(signs)
        case Scale(factor=factor):
            found["factor"] = money.number(factor)
        case Round(grain=grain, way=way):
            found |= {"to": money.number(grain), "way": way}
        case SplitPart(index=index, grain=grain):
            found |= {"part": index, "to": money.number(grain)}
        case Choose(ranges=ranges):
            found["ranges"] = [
                {
                    "from": _end(interval.low),
                    "from_in": interval.low_in,
                    "to": _end(interval.high),
                    "to_in": interval.high_in,
                }
                for interval in ranges
            ]
        case Known(keys=keys):
            found["measured"] = [key.metric for key in keys]
        case Constant() | Least() | Greatest():
            pass
    said = meaning_said(meaning_of(step))
    if said:
        found["note"] = said
    return found


def _end(value: Fraction | None) -> str | None:
    return None if value is None else money.number(value)

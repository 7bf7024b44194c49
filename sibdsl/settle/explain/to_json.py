"""Explanations as JSON values, `sibdsl.explanation/1`. Described in the explain reference."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import assert_never

from sibdsl import money, wording
from sibdsl.measure import Claim
from sibdsl.measure.rows_of_a_person import PersonRow
from sibdsl.model.nodes import Cohort, Programme, SharedRow
from sibdsl.model.parameters.in_force import Settings
from sibdsl.model.parameters.set_option_and_file import in_json
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
from sibdsl.settle.explain.in_programme import ProgrammePersonFacts
from sibdsl.settle.explain.limit_facts import BlockState, CapState, LineShare, PersonalState
from sibdsl.settle.explain.line_facts import Counted, LineFacts
from sibdsl.settle.explain.line_words import plain_amount, title
from sibdsl.settle.explain.person_facts import Entry, PersonFacts, RowTold
from sibdsl.settle.explain.what_if_words import would_words
from sibdsl.settle.explain.why_not_counted import left_out, reason
from sibdsl.settle.payments import Payments
from sibdsl.settle.payments_to_json import contract_to_json as to_json
from sibdsl.settle.payments_to_json import json_days, json_number

FORMAT = "sibdsl.explanation/1"
PROGRAMME_FORMAT = "sibdsl.programme-explanation/1"


def line_json(facts: LineFacts) -> dict[str, object]:
    """The explanation of a line: amounts as decimal text, dates as YYYY-MM-DD, every record."""
    priced = facts.one
    return {
        **_head(facts.run, "line"),
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
                    "amount": _amount(facts.run, touch.amount),
                    "place": touch.line.span.in_json(),
                }
                for touch in facts.touches
            ],
            "left": _amount(facts.run, facts.left),
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
            if priced.line.kind != "adjustment"
            else [],
        },
    }


def person_json(facts: PersonFacts) -> dict[str, object]:
    """The explanation of a person: their rows in the order of dates, and what each clause made of them."""
    return {
        **_head(facts.run, "person"),
        "person": {
            "id": facts.person,
            "not_in": [
                {"cohort": cohort.name, "clause": cohort.clause, "place": cohort.span.in_json()}
                for cohort in facts.absent
            ],
            "rows": [_entry(facts, entry) for entry in facts.entries],
            "left_out": [
                {
                    **_row(person_row),
                    "status": person_row.status,
                    "reason": left_out(person_row),
                    "of_row": person_row.of_row or None,
                }
                for person_row in facts.left_out
            ],
            "earned": [
                {"payer": payer, "payee": payee, "amount": _amount(facts.run, amount)}
                for payer, payee, amount in facts.totals()
            ],
        },
    }


def programme_person_json(facts: ProgrammePersonFacts) -> dict[str, object]:
    """The explanation of a person in a programme: one of each contract that has rows of them, and what they earned in all.

    Of a contract by itself, its own.
    """
    if facts.run.programme.alone:
        return person_json(facts.contracts[0])
    return {
        "format": PROGRAMME_FORMAT,
        "about": "person",
        "programme": _programme(facts.run.programme, facts.run.settings.own),
        "as_of": facts.run.as_of.isoformat(),
        "currency": facts.run.programme.currency,
        "person": facts.person,
        "contracts": [person_json(contract) for contract in facts.contracts],
        "earned": [
            {"payer": payer, "payee": payee, "amount": plain_amount(facts.run.programme, amount)}
            for payer, payee, amount in facts.totals()
        ],
    }


def _programme(programme: Programme, settings: Settings) -> dict[str, object]:
    return {
        "name": programme.name,
        "reference": programme.reference,
        "settings": {name: in_json(value) for name, value in sorted(settings.values.items())},
    }


def _head(run: Payments, about: str) -> dict[str, object]:
    contract, together = run.contract, run.versions[-1].together
    return {
        "format": FORMAT,
        "about": about,
        **({"programme": _programme(together.programme, together.settings)} if together else {}),
        "contract": {
            "name": contract.name,
            "reference": contract.reference,
            "fingerprint": run.fingerprint,
        },
        "as_of": run.as_of.isoformat(),
        "currency": contract.currency,
        "settings": {name: in_json(value) for name, value in sorted(run.settings.values.items())},
    }


def _paid_line(run: Payments, name: str) -> dict[str, object]:
    """The line as `sib pay` prints it."""
    lines = to_json(run)["lines"]
    assert isinstance(lines, list)  # noqa: S101 - the form of payments
    found: dict[str, object] = next(line for line in lines if line["id"] == name)
    return found


def _amount(run: Payments, amount: Fraction) -> str:
    return plain_amount(run.contract, amount)


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


# ------------------------------------------------------------------ lines


def _counted(facts: LineFacts, counted: Counted) -> dict[str, object]:
    contract, settings, line = facts.contract, facts.run.settings, facts.one.line
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
        "limit": _amount(run, state.limit),
        "paid_before": _amount(run, state.earlier),
        **(
            {
                "paid_before_by": [
                    {"contract": contract, "amount": _amount(run, amount)}
                    for contract, amount in state.earlier_by
                ]
            }
            if state.earlier_by
            else {}
        ),
        "room": _amount(run, state.room),
        "due_now": _amount(run, state.now),
        "cut_now": _amount(run, state.cut),
        "paid_to_date": _amount(run, state.to_date),
        "place": state.row.span.in_json(),
        "shares": _shares(run, state.shares, state.index),
    }


def _personal(run: Payments, state: PersonalState) -> dict[str, object]:
    return {
        "cap": state.cap.name,
        "clause": state.cap.clause,
        "covers": wording.limited(state.row, run.settings),
        **json_days(state.occasion),
        "limit": _amount(run, state.limit),
        "cut": _amount(run, state.taken),
        "place": state.row.span.in_json(),
        "results": [
            {
                "person": result.person,
                "date": result.day.isoformat(),
                "records": result.records,
                "source": result.source,
                "row": result.row,
                "earns": _amount(run, result.due),
                "cut": _amount(run, result.taken),
            }
            for result in state.results
        ],
    }


def _block(run: Payments, state: BlockState) -> dict[str, object]:
    return {
        "block": state.block.name,
        "clause": state.block.clause,
        "against": list(state.advance.against),
        "amount": _amount(run, state.amount),
        "usable": _amount(run, state.usable),
        "fees_to_date": _amount(run, state.fees),
        "met_before": _amount(run, state.before),
        "met_now": _amount(run, state.now),
        "left": _amount(run, state.left),
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
            "due": _amount(run, share.due),
            "taken": _amount(run, share.taken),
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


# ------------------------------------------------------------------ persons


def _row(row: PersonRow) -> dict[str, object]:
    return {
        "records": row.place.records,
        "source": row.place.source,
        "row": row.place.row,
        "values": row.cells,
    }


def _entry(facts: PersonFacts, entry: Entry) -> dict[str, object]:
    return {
        **_row(entry.row),
        "status": entry.row.status,
        "date": entry.day.isoformat() if entry.day else None,
        "looked_at": [_told(facts, entry.row, row_told) for row_told in entry.told],
    }


def _told(facts: PersonFacts, row: PersonRow, told: RowTold) -> dict[str, object]:
    looked, claim, check = told.looked, told.claim, told.looked.check
    condition = check.condition if check else None
    counts = told.outcome in ("joined", "earned", "not stated")
    return {
        "by": "cohort" if isinstance(told.clause, Cohort) else "metric",
        "name": told.clause.name,
        "clause": told.clause.clause,
        "place": told.clause.span.in_json(),
        "outcome": told.outcome,
        "reason": "" if counts else reason(facts, row, told),
        "condition": wording.condition(condition, facts.contract.currency) if condition else None,
        "date": looked.day.isoformat() if looked.day else None,
        "complete_on": looked.reached.isoformat() if looked.reached else None,
        "counted": None if claim is None else _part(claim),
        "parts": [_part(one) for one in told.claims],
        "paid": [
            {
                "line": part.one.id,
                "payer": part.one.line.payer,
                "payee": part.one.line.payee,
                "payment": part.one.line.payment,
                "clause": part.one.line.clause,
                "amount": _amount(facts.run, part.each),
                **(
                    {
                        "cut_for_person": [
                            {"cap": name, "amount": _amount(facts.run, amount)}
                            for name, amount in part.withheld
                        ]
                    }
                    if part.withheld
                    else {}
                ),
                "taken_from_line": [touch.id for touch in part.touches],
            }
            for part in told.paid
        ],
        "instead": None if told.other is None else _row(told.other),
        "would_have": None if told.would is None else _would(facts, told),
    }


def _part(claim: Claim) -> dict[str, object]:
    return {
        **json_days(claim.segment.days),
        "band": claim.band or None,
        "quantity": json_number(claim.quantity),
    }


def _would(facts: PersonFacts, told: RowTold) -> dict[str, object]:
    would = told.would
    assert would is not None  # noqa: S101 - asked only where there is one
    stated = set(facts.run.priced_segments)
    return {
        "says": would_words(facts, told, would),
        "changes": [
            {"column": change.column, "before": change.before, "after": change.after}
            for change in would.changes
        ],
        "gained": [_claim(claim, stated=claim.segment in stated) for claim in would.gained],
        "lost": [_claim(claim, stated=claim.segment in stated) for claim in would.lost],
        "lines": [
            {
                "kind": line.kind,
                **({"contract": line.contract} if line.contract else {}),
                **json_days(line.segment.days),
                "payer": line.payer,
                "payee": line.payee,
                "payment": line.payment,
                "rule": line.rule,
                "metric": line.metric or None,
                "band": line.band or None,
                "amount": _amount(facts.run, amount),
            }
            for line, amount in would.lines
        ],
    }


def _claim(claim: Claim, *, stated: bool) -> dict[str, object]:
    return {
        "metric": claim.metric,
        "band": claim.band or None,
        "date": claim.day.isoformat(),
        **json_days(claim.segment.days),
        "quantity": json_number(claim.quantity),
        "stated": stated,
    }

"""The explanation of a person as JSON values. Described in the explain reference."""

from __future__ import annotations

from sibdsl import wording
from sibdsl.measure import Claim
from sibdsl.measure.rows_in_time import InTime
from sibdsl.measure.rows_of_a_person import PersonRow
from sibdsl.model.nodes import AnyResult, Cohort
from sibdsl.settle.explain.in_programme import ProgrammePersonFacts
from sibdsl.settle.explain.json_head import PROGRAMME_FORMAT, amount_json, head, programme_head
from sibdsl.settle.explain.line_words import plain_amount
from sibdsl.settle.explain.person_facts import Entry, PersonFacts, RowTold
from sibdsl.settle.explain.what_if_words import would_words
from sibdsl.settle.explain.why_not_counted import left_out, reason
from sibdsl.settle.payments_to_json import json_days, json_number


def person_json(facts: PersonFacts) -> dict[str, object]:
    """The explanation of a person: their rows in the order of dates, and what each clause made of them."""
    return {
        **head(facts.run, "person"),
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
                {"payer": payer, "payee": payee, "amount": amount_json(facts.run, amount)}
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
        "programme": programme_head(facts.run.programme, facts.run.settings.own),
        "as_of": facts.run.as_of.isoformat(),
        "currency": facts.run.programme.currency,
        "person": facts.person,
        "contracts": [person_json(contract) for contract in facts.contracts],
        "earned": [
            {"payer": payer, "payee": payee, "amount": plain_amount(facts.run.programme, amount)}
            for payer, payee, amount in facts.totals()
        ],
    }


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
        "parts": [_part(told_claim) for told_claim in told.claims],
        "paid": [
            {
                "line": part.priced.id,
                "payer": part.priced.line.payer,
                "payee": part.priced.line.payee,
                "payment": part.priced.line.payment,
                "clause": part.priced.line.clause,
                "amount": amount_json(facts.run, part.amount),
                **(
                    {
                        "cut_for_person": [
                            {"cap": name, "amount": amount_json(facts.run, amount)}
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
        **({"in_time": [_in_time(facts, found) for found in told.in_time]} if told.in_time else {}),
        "would_have": None if told.would is None else _would(facts, told),
    }


def _in_time(facts: PersonFacts, in_time: InTime) -> dict[str, object]:
    return {
        "time": wording.time_asked(in_time.asked, facts.contract.currency),
        "metric": in_time.asked.metric if isinstance(in_time.asked, AnyResult) else None,
        "records": in_time.place.records,
        "source": in_time.place.source,
        "row": in_time.place.row,
        "date": in_time.day.isoformat(),
        "more": in_time.more,
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
                "amount": amount_json(facts.run, amount),
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

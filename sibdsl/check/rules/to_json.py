"""A verdict as JSON values; the form is in the commands reference, `sib check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from sibdsl import money
from sibdsl.check.rules.inequality import Inequality
from sibdsl.check.rules.verdict import Occasion, Verdict
from sibdsl.check.rules.within import Terms
from sibdsl.price import Key, Priced


def to_json(verdict: Verdict, headroom: Mapping[str, Fraction | None]) -> dict[str, object]:
    """One verdict as JSON values; the form is in the commands reference."""
    shown = verdict.failing
    conditions = [condition for occasion in verdict.occasions for condition in _conditions(occasion)]
    return {
        "rule": verdict.rule.name,
        "source": verdict.rule.source,
        "horizon": verdict.rule.tested,
        "verdict": verdict.says,
        "condition": conditions[0] if len(conditions) == 1 else conditions,
        "headroom": {name: None if room is None else money.number(room) for name, room in headroom.items()},
        "counterexample": None
        if shown is None or shown.counterexample is None
        else _quantities(shown.counterexample),
        "counterexample_is_smallest": None if shown is None else shown.smallest,
        "payments": [] if verdict.priced is None else _payments(verdict.priced, verdict.contracts),
        "reason": "; ".join(
            dict.fromkeys(
                reason
                for reason in (verdict.reason, *(occasion.reason for occasion in verdict.occasions))
                if reason
            )
        ),
        "admissible": [said for terms in verdict.contracts for said in terms.said],
    }


def _conditions(occasion: Occasion) -> list[dict[str, object]]:
    """One inequality, a list of which all are needed, or `any_of` such lists."""
    where = occasion.horizon.said
    enough = [_condition(inequality) for inequality in occasion.enough]
    if len(occasion.alternatives) == 1:
        return [{**_condition(alternative), "horizon": where} for alternative in occasion.alternatives[0]]
    if not occasion.alternatives:
        lacking = [_condition(inequality) for inequality in occasion.needed]
        return [{"horizon": where, "enough": enough, "needed": lacking}] if enough or lacking else []
    ways = [[_condition(inequality) for inequality in way] for way in occasion.alternatives]
    return [{"any_of": ways, "horizon": where, "enough": enough}]


def _condition(inequality: Inequality) -> dict[str, object]:
    return {
        "terms": [
            {
                **_contract(term.contract),
                "metric": term.metric,
                "band": term.band or None,
                "period": [term.period.start.isoformat(), term.period.last.isoformat()],
                "coefficient": term.coefficient,
            }
            for term in inequality.terms
        ],
        "op": ">=",
        "bound": inequality.bound,
    }


def _quantities(found: Mapping[Key, Fraction]) -> list[dict[str, object]]:
    return [
        {
            **_contract(key.contract),
            "period": key.segment.days.start.isoformat(),
            "metric": key.metric,
            "band": key.band or None,
            "quantity": int(number) if number.denominator == 1 else money.number(number),
        }
        for key, number in sorted(found.items())
    ]


def _payments(priced: Priced, contracts: Sequence[Terms]) -> list[dict[str, str]]:
    """What each payer pays each payee, in decimals of the currency's minor unit."""
    places = {terms.key: money.currency(terms.contract.currency).places for terms in contracts}
    sums: dict[tuple[str, str, str], Fraction] = {}
    for line in priced.lines:
        pair = (line.line.contract, line.line.payer, line.line.payee)
        sums[pair] = sums.get(pair, Fraction(0)) + line.amount
    return [
        {
            **_contract(contract),
            "payer": payer,
            "payee": payee,
            "amount": money.plain(amount, places[contract]),
        }
        for (contract, payer, payee), amount in sums.items()
    ]


def _contract(name: str) -> dict[str, str]:
    """Of which contract of a programme something is; nothing of a contract by itself."""
    return {"contract": name} if name else {}

"""A return on an investment: what is owed by each day, reckoned day after day; never a penny more, and what cannot be told is."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.compile import compile_source
from sibdsl.diagnostics import NotGiven, Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from sibdsl.wording.in_sentences import in_sentences
from tests.limits.test_pots import BLOCK, TEXT

BANK = TEXT.replace(
    "  | Trust   | provider     |\n", "  | Trust   | provider     |\n  | Bank    | investor     |\n"
)
LOAN = """investment Loan
  into  Trust
  form  loan
  | investor | pays | paid on |
{rows}
end investment

cap Most Return
  covers   payments to Trust
  at most  what gives {rate} a year on Loan over the contract
  excess   lost
  shared   by date, then by clause
end cap
"""
TABLE = "  | investor | pays | paid on |\n  | Bank | £500 | 1 April 2026 |\n"
FEES = ("Job Fee", "Saving Share")


def loan(rate: int, drawn: list[tuple[date, int]]) -> str:
    rows = "\n".join(f"  | Bank | £{amount} | {day.day} {day:%B %Y} |" for day, amount in drawn)
    return LOAN.format(rate=f"{rate}%", rows=rows)


def paid(text: str, jobs: list[int], saved: list[int]) -> dict[date, Counter[str]]:
    """What each payment pays on the last day of each statement, less what it owes back, in pence."""
    contract = compile_source(Source("works.sib", text)).contract
    graph = build(contract, as_written(contract))
    ends = sorted({segment.statement.last for segment in graph.segments})
    counts = {}
    for segment in graph.segments:
        first = segment.days.start == segment.statement.start
        at = ends.index(segment.statement.last)
        counts[Key(segment, "Job", "")] = Fraction(jobs[at] if first else 0)
        counts[Key(segment, "Saved", "")] = Fraction(saved[at] if first else 0)
    found = {day: Counter[str]() for day in ends}
    for one in price(graph, counts).lines:
        sign = -1 if one.line.kind == "repaid" else 1
        if one.line.payment in FEES:
            found[one.line.segment.statement.last][one.line.payment] += sign * int(one.amount * 100)
    return found


def owed(
    day: date, drawn: list[tuple[date, int]], back: dict[date, int], rate: int, begin: tuple[int, int]
) -> Fraction:
    """What is owed in the morning of a day, in pence: day after day, by hand. `back` are pence."""
    bears = interest = Fraction(0)
    now = min([day, *back, *(each for each, _ in drawn)])
    while True:
        if (now.month, now.day) == begin:
            bears, interest = bears + interest, Fraction(0)
        bears += sum(100 * amount for each, amount in drawn if each == now)
        if now >= day:
            return bears + interest
        meets = max(Fraction(0), min(interest, Fraction(back.get(now, 0))))
        interest -= meets
        bears -= back.get(now, 0) - meets
        interest += max(Fraction(0), bears) * rate / 100 / 365
        now += timedelta(days=1)


@settings(max_examples=settings().max_examples // 4)
@given(
    rate=st.integers(0, 40),
    drawn=st.lists(
        st.tuples(st.dates(date(2026, 2, 1), date(2027, 3, 31)), st.integers(1, 900)),
        min_size=1,
        max_size=3,
    ),
    jobs=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    saved=st.lists(st.integers(-400, 900), min_size=4, max_size=4),
    block=st.sampled_from((0, 0, 700)),
)
def test_a_return_by_hand(
    rate: int, drawn: list[tuple[date, int]], jobs: list[int], saved: list[int], block: int
) -> None:
    """Statement by statement: losses are netted first, then the fees by clause, down to what is owed."""
    text = BANK + loan(rate, drawn) + (BLOCK.format(amount=block) if block else "")
    back = {date(2026, 7, 1): 100 * block} if block else {}
    for at, (day, found) in enumerate(paid(text, jobs, saved).items()):
        room = max(0, floor(owed(day, drawn, back, rate, (4, 1))))
        expected = Counter({"Saving Share": min(0, 100 * saved[at])})
        room -= min(0, 100 * saved[at])
        for name, due in (("Job Fee", 30_000 * jobs[at]), ("Saving Share", max(0, 100 * saved[at]))):
            expected[name] += min(due, max(0, room))
            room -= min(due, max(0, room))
        assert {name: found[name] for name in FEES} == {name: expected[name] for name in FEES}
        back[day] = found.total()


def yearly(first: int, last: int) -> str:
    return (
        BANK.replace("1 April 2026 to 31 March 2027", f"1 April {first} to 31 March {last}")
        .replace("statements      quarterly", "statements      yearly")
        .replace("£300", "£1,000,000")
    )


def test_unpaid_interest_bears_interest_from_the_next_contract_year() -> None:
    """£100,000 at 10%: £10,000 by the end of year one, and 10% of £110,000 by that of year two, less its last day: £30.14."""
    found = paid(yearly(2029, 2031) + loan(10, [(date(2029, 4, 1), 100_000)]), [0, 1], [0, 0])
    assert [each["Job Fee"] for each in found.values()] == [0, 12_096_986]


def test_a_leap_year_bears_a_day_more() -> None:
    """£36,500 at 10% bear £10 a day: 365 of them by 31 March 2028, with 29 February, and 364 by 31 March 2027."""
    for first, interest in ((2027, 3_650), (2026, 3_640)):
        found = paid(yearly(first, first + 1) + loan(10, [(date(first, 4, 1), 36_500)]), [1], [0])
        assert [each["Job Fee"] for each in found.values()] == [100 * (36_500 + interest)]


def test_the_return_of_educate_girls_is_one_of_15_per_cent() -> None:
    """$270,000 put in for three years and a return of 15%: about 1.15 times itself each year, as an internal rate has it.

    Published: a return of $144,085, on dates that are not. Source: ImpactAlpha, 17 July 2018.
    """
    drawn = [(date(2015, 4, 1), 200_000), (date(2016, 4, 1), 70_000)]
    found = paid(yearly(2015, 2018) + loan(15, drawn), [0, 0, 1], [0, 0, 0])
    got = sum(each["Job Fee"] for each in found.values()) / 100
    by_powers = sum(amount * 1.15 ** ((date(2018, 3, 31) - day).days / 365) for day, amount in drawn)
    assert got == pytest.approx(by_powers, rel=1e-4)
    once = paid(yearly(2015, 2018) + loan(15, [(date(2015, 4, 1), 270_000)]), [0, 0, 1], [0, 0, 0])
    assert sum(each["Job Fee"] for each in once.values()) / 100 == pytest.approx(270_000 + 144_085, rel=0.01)


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("over the contract", "in each year"), "SIB0567", "begins again"),
        (("Loan over the contract", "Loan per person over the contract"), "SIB0567", "for each person"),
        (("over the contract", "over the contract, after this limit"), "SIB0567", "no share of payments"),
        (("15% a year", "£15 a year"), "SIB0413", "percentage"),
        (("on Loan", "on Trust"), "SIB0305", "Trust"),
        (("excess   lost", "excess   carried forward"), "SIB0572", "no later time"),
        (("  excess ", "  topped up  £5 on 1 July 2026\n  excess "), "SIB0565", "a return on an investment"),
    ],
)
def test_what_is_no_such_limit_is_told(change: tuple[str, str], code: str, said: str) -> None:
    text = BANK + loan(15, [(date(2026, 4, 1), 500)]).replace(*change)
    with pytest.raises(Refused) as refused:
        compile_source(Source("works.sib", text))
    (finding,) = refused.value.found
    assert finding.code == code
    assert said in finding.message


def test_a_line_of_a_payment_is_no_return() -> None:
    own = "  at most   what gives 15% a year on Loan over the contract\n  excess    lost\nend payment"
    text = BANK.replace("end payment", own, 1) + loan(15, [(date(2026, 4, 1), 500)])
    with pytest.raises(Refused) as refused:
        compile_source(Source("works.sib", text))
    assert [finding.code for finding in refused.value.found] == ["SIB0567"]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("form  loan", "form  grant"), "SIB0567", "not paid back"),
        ((TABLE, "  investor  Bank\n  pays      £500\n"), "SIB0567", "does not say when"),
        (("15% a year", "(5% minus 15%) a year"), "SIB0706", "A return comes to"),
    ],
)
def test_what_has_no_return_is_told_by_check(change: tuple[str, str], code: str, said: str) -> None:
    text = BANK + loan(15, [(date(2026, 4, 1), 500)]).replace(*change)
    errors = [
        one for one in pipeline.check(pipeline.load(Source("works.sib", text))) if one.severity == "error"
    ]
    assert [(one.code, said in one.message) for one in errors] == [(code, True)]


def test_its_sentence_says_what_is_owed() -> None:
    loaded = pipeline.load(Source("works.sib", BANK + loan(15, [(date(2026, 4, 1), 500)])))
    (said,) = [
        one.text for one in in_sentences(loaded.contract, as_written(loaded.contract)) if one.kind == "cap"
    ]
    assert said.startswith(
        "On each day payments to Trust come to at most what is then owed on Loan: what is put in, with 15% a year"
    )


def test_a_drawdown_that_is_not_given_is_asked_for() -> None:
    """Nothing is paid by a guess at what was put in."""
    asked = "particulars\n  | particular | holds | default |\n  | First Call | money | required |\nend particulars\n\n"
    text = BANK + asked + loan(15, [(date(2026, 4, 1), 500)]).replace("£500", "First Call")
    contract = compile_source(Source("works.sib", text)).contract
    with pytest.raises(NotGiven, match="First Call"):
        build(contract, as_written(contract))


@pytest.mark.parametrize(("most", "says"), [(1_150, True), (1_149, False)])
def test_a_rule_is_proved_from_what_is_owed(most: int, says: bool) -> None:
    """£1,000 put in for a year come to at most £1,149.58, whatever is earned."""
    rule = (
        f"\nrule Most\n  requires  payments from Council are at most £{most}\n  tested    over the contract\n"
        "  against   every quantity\nend rule\n"
    )
    text = yearly(2026, 2027).replace("by repayment", "never") + loan(15, [(date(2026, 4, 1), 1_000)]) + rule
    ((found,),) = [
        each.findings for each in pipeline.decide(pipeline.load(Source("works.sib", text)), ("own",))
    ]
    assert (found.says == "holds") == says

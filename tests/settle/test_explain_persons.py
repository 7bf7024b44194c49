"""Stories of people in the published quarter, checked by hand against their rows and the contract."""

from collections.abc import Iterator
from datetime import date

import pytest

from sibdsl.cli.show_explain import WIDTH, text
from sibdsl.diagnostics import Refused
from sibdsl.settle.explain import PersonFacts, Unexplained, explain_person
from sibdsl.settle.explain.person_facts import RowTold
from sibdsl.settle.explain.person_page import person_sheet
from sibdsl.settle.run import ContractPaid
from tests.settle.tower_hamlets import paid


@pytest.fixture(scope="module")
def run() -> Iterator[ContractPaid]:
    found = paid()
    with found.volumes:
        yield found


def said(facts: PersonFacts) -> str:
    shown = text(person_sheet(facts))
    assert all(len(line) <= WIDTH for line in shown.splitlines())
    return " ".join(shown.split())


def told(facts: PersonFacts, clause: str) -> list[RowTold]:
    return [one for entry in facts.entries for one in entry.told if one.clause.name == clause]


def lines(one: RowTold) -> list[tuple[str, str, str, int]]:
    """What a change would have brought: kind, payer, metric, pounds."""
    assert one.would is not None
    return sorted((line.kind, line.payer, line.metric, int(amount)) for line, amount in one.would.lines)


def test_a_job_that_ended_one_day_short(run: ContractPaid) -> None:
    facts = explain_person(run, "P00051")
    (entry,) = told(facts, "Job Entry")
    assert entry.outcome == "not earned"
    assert entry.would is not None
    assert [(one.column, one.before, one.after) for one in entry.would.changes] == [
        ("Ended On", "2018-04-11", "2018-04-12")
    ]
    assert lines(entry) == [("payment", "CBO", "Job Entry", 1350)]
    shown = said(facts)
    for words in (
        "Started On 1 March 2018 to Ended On 11 April 2018 is 41 days, one day short of 6 weeks",
        "one more day (Ended On 12 April 2018) would have earned £1,350.00 from CBO, for Job Entry, From 16 in April-June 2018",
        # Six months from 1 March 2018.
        "143 days short of 6 months, complete on 1 September 2018, after 31 July 2018",
        "Engagement: earned on 10 January 2018, counted in January-March 2018",
    ):
        assert words in shown
    assert {(payer, payee): int(amount) for payer, payee, amount in facts.totals()} == {
        ("CCG", "Working Well"): 700, ("MHEP", "Working Well"): 300, ("SOF", "MHEP"): 90,
    }  # fmt: skip


def test_another_job_that_ended_short(run: ContractPaid) -> None:
    """P00055 has no job in these records: paid for the engagement and nothing else."""
    facts = explain_person(run, "P00055")
    assert [one.outcome for one in told(facts, "Engagement")] == ["earned"]
    assert told(facts, "Job Entry") == []


def test_a_person_whose_condition_is_not_severe(run: ContractPaid) -> None:
    facts = explain_person(run, "P00060")
    (joining,) = told(facts, "Service Users")
    assert joining.outcome == "not joined"
    assert lines(joining) == [
        ("payment", "CBO", "Engagement", 90),
        ("payment", "CCG", "Engagement", 700),
        ("payment", "MHEP", "Engagement", 300),
    ]
    shown = said(facts)
    assert "Severe Condition is no; not met: Severe Condition is yes" in shown
    assert "Severe Condition yes in place of no would have earned £700.00 from CCG, £300.00 from MHEP and £90.00 from CBO" in shown  # fmt: skip
    assert "Engagement: not earned: P00060 is not in Service Users" in shown
    assert "nothing was earned for P00060 by 31 July 2018" in shown


def test_a_person_without_a_referral(run: ContractPaid) -> None:
    facts = explain_person(run, "NOBODY")
    assert [one.name for one in facts.absent] == ["Service Users"]
    assert "not in Service Users: no row of Referrals can be read that names NOBODY" in said(facts)
    assert not facts.totals()


def test_a_job_that_began_before_the_engagement(run: ContractPaid) -> None:
    facts = explain_person(run, "P00052")
    (entry,) = told(facts, "Job Entry")
    assert entry.would is not None
    assert [(one.column, one.after, one.moved) for one in entry.would.changes] == [
        ("Started On", "2018-01-10", 40)
    ]
    # From 10 January 2018: six weeks on 21 February (SOF), six months on 10 July, in a quarter that had not ended.
    assert lines(entry) == [("payment", "SOF", "Job Entry", 1350)]
    assert [(one.metric, one.segment in run.payments.segments) for one in entry.would.gained] == [
        ("Job Entry", True),
        ("Job Sustainment", False),
    ]
    shown = said(facts)
    assert "Started On is 1 December 2017, Engaged On of Engagement is 10 January 2018" in shown
    assert "which had not ended by 31 July 2018" in shown


def test_rows_left_out_and_why(run: ContractPaid) -> None:
    facts = explain_person(run, "P00043")
    (row,) = facts.left_out
    assert (row.status, row.place.source, row.place.row) == ("rejected", "jobs.csv", 10)
    assert "invalid record: Hours Per Week is -4: it must be more than 0" in said(facts)
    facts = explain_person(run, "P00042")
    assert sorted(row.status for row in facts.left_out) == ["duplicate", "rejected"]
    assert "duplicate: every cell is equal to row 7" in said(facts)


def test_what_has_not_come_yet(run: ContractPaid) -> None:
    """P00043's job of 12 March 2018 lasts; six months are complete on 12 September."""
    (entry,) = told(explain_person(run, "P00043"), "Job Sustainment")
    assert (entry.outcome, entry.cause) == ("not yet", "not reached")
    assert "6 months are complete on 12 September 2018, after 31 July 2018" in said(
        explain_person(run, "P00043")
    )


def test_a_result_on_the_last_day_of_a_period(run: ContractPaid) -> None:
    """Six months after 30 December 2017 is 30 June 2018, the last day of the quarter."""
    facts = explain_person(run, "P00059")
    (entry,) = told(facts, "Job Sustainment")
    assert [(part.priced.line.payer, int(part.amount)) for part in entry.paid] == [("CBO", 1650)]
    assert "Job Sustainment, From 16: earned on 30 June 2018, counted in April-June 2018" in said(facts)


def test_a_result_of_a_period_that_has_not_ended() -> None:
    """P00048 reached Job Entry on 18 April 2018; on 15 May that quarter had not ended."""
    early = paid(as_of=date(2018, 5, 15))
    with early.volumes:
        facts = explain_person(early, "P00048")
    assert [(one.outcome, one.paid) for one in told(facts, "Job Entry")] == [("not stated", ())]
    assert "its period ends on 30 June 2018, after 15 May 2018, so nothing is stated yet" in said(facts)


def test_another_row_counts_instead(run: ContractPaid) -> None:
    facts = explain_person(run, "P00001")
    outcomes = {one.looked.place.row: one for one in told(facts, "Engagement")}
    assert outcomes[7].outcome == "earned"
    assert outcomes[17].other is not None
    assert outcomes[17].other.place.row == 7
    assert "engagement meeting, engagements.csv row 7, counts instead" in said(facts)


def test_the_story_is_told_in_the_order_of_dates(run: ContractPaid) -> None:
    days = [one.day for one in explain_person(run, "P00052").entries]
    assert None not in days
    assert days == sorted(one for one in days if one is not None)


@pytest.mark.parametrize(
    ("person", "like"), [("P0051", "P00051"), ("p00051", "P00051"), ("Nobody", "NOBODY")]
)
def test_an_unknown_person_is_asked_back(run: ContractPaid, person: str, like: str) -> None:
    with pytest.raises(Refused) as refused:
        explain_person(run, person)
    assert f"Did you mean {like}?" in refused.value.found[0].help


@pytest.mark.parametrize("person", ["", " ", "zzz", "P00051'; DROP TABLE claims; --", "\udcff", "%"])
def test_what_names_nobody(run: ContractPaid, person: str) -> None:
    with pytest.raises(Refused):
        explain_person(run, person)
    assert explain_person(run, "P00051").person == "P00051"


def test_rows_that_measure_otherwise_by_themselves_are_a_fault(
    run: ContractPaid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sibdsl.settle.explain.what_if._changed", lambda row, _: {**row.cells, "Referred On": "2030-01-01"}
    )
    with pytest.raises(Unexplained, match="P00051 do not measure by themselves"):
        explain_person(run, "P00051")

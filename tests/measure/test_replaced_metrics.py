"""A metric or a cohort that a variation replaces: one name, whose results count by the text in force on their own date.

Source of the rule: language reference, 'Metrics, cohorts and bands replaced'. Figures are worked out by hand beside each case.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.compile import compile_source
from sibdsl.diagnostics import Refused
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import Contract, ExampleRecords
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.variations import in_force
from sibdsl.settle.default_as_of import whole_term
from sibdsl.source import Source
from sibdsl.wording.in_sentences import in_sentences
from tests.docs.reading import LANGUAGE, blocks, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
START = """metric Job Start [2]
  kind        output
  counts      rows of Jobs
  among       Participants
  dated       Started On
  per person  first only
end metric
"""
FULL = START.replace("  dated", "  only if     Hours Per Week is at least 16\n  dated")


def varied(*texts: tuple[str, str], own: str = START, more: str = "") -> Contract:
    """Job Support with a metric or cohort replaced by each text from a day on, agreed on that day."""
    text = spliced(FRAME, own + more)
    for at, (day, new) in enumerate(texts):
        inside = "\n".join(f"  {line}" if line else "" for line in f"replace {new}".splitlines())
        text += f"""
variation Change {at} [Variation {at}]
  varies          Job Support
  agreed          {day}
  effective       {day}
  stated periods  repriced in the next statement

{inside}
end variation
"""
    return compile_source(Source("job.sib", text)).contract


def counted(
    contract: Contract, jobs: str, referrals: str = "", as_of: date | None = None, *, banded: bool = False
) -> dict[tuple[str, str], Fraction]:
    """What the metrics come to in each statement period, of rows `person started [ended] hours`; each person was referred on 1 April."""
    settings = as_written(contract)
    rows = [line.split() for line in jobs.strip().splitlines()]
    people = dict.fromkeys(row[0] for row in rows)
    referred = [line.split() for line in referrals.strip().splitlines()] or [
        [who, "2026-04-01", "yes"] for who in people
    ]
    tables = (
        ExampleRecords("Referrals", ("Person ID", "Referred On", "Eligible"), tuple(map(tuple, referred))),
        ExampleRecords(
            "Jobs",
            ("Job ID", "Person ID", "Started On", "Ended On", "Hours Per Week"),
            tuple(
                (f"J{at}", who, start, "" if end == "-" else end, "" if hours == "-" else hours)
                for at, (who, start, end, hours) in enumerate(rows)
            ),
        ),
    )
    terms = in_force(contract, settings, as_of)
    with measure_rows(terms, settings, tables, as_of or whole_term(contract, settings)) as volumes:
        return {
            (
                f"{quantity.metric} {quantity.band}".strip(),
                quantity.segment.days.start.isoformat(),
            ): quantity.number
            for quantity in volumes.quantities
            if quantity.number and bool(quantity.band) == banded
        }


def test_a_result_counts_by_the_text_of_its_own_day() -> None:
    jobs = """
    P1 2026-05-01 - 10
    P2 2026-06-30 - 10
    P3 2026-07-01 - 10
    P4 2026-08-01 - 20
    P5 2026-07-01 - 16
    """
    found = counted(varied(("1 July 2026", FULL)), jobs)
    # P1 and P2 by the old text; of those from July P4 and P5, who work 16 hours.
    assert found == {("Job Start", "2026-04-01"): 2, ("Job Start", "2026-07-01"): 2}


def test_who_counted_under_the_old_text_does_not_count_again() -> None:
    jobs = """
    P1 2026-05-01 2026-05-20 10
    P1 2026-08-01 - 20
    P2 2026-08-01 2026-08-20 20
    P2 2026-09-01 - 20
    """
    assert counted(varied(("1 July 2026", FULL)), jobs) == {
        ("Job Start", "2026-04-01"): 1,
        ("Job Start", "2026-07-01"): 1,
    }


def test_a_row_of_the_old_time_that_meets_the_new_text_alone_counts_by_neither() -> None:
    # Full time was asked for to the end of June: the start of May is no result, and the new text begins in July.
    jobs = """
    P1 2026-05-01 2026-05-20 10
    P2 2026-05-01 2026-05-20 10
    P2 2026-08-01 - 10
    """
    found = counted(varied(("1 July 2026", START), own=FULL), jobs)
    assert found == {("Job Start", "2026-07-01"): 1}


def test_what_is_blank_is_told_by_the_text_of_its_day() -> None:
    jobs = """
    P1 2026-05-01 - -
    P2 2026-08-01 - -
    """
    assert counted(varied(("1 July 2026", FULL)), jobs) == {("Job Start", "2026-04-01"): 1}


def test_of_two_variations_the_one_agreed_later_prevails_from_its_own_day() -> None:
    half = FULL.replace("16", "8")
    jobs = """
    P1 2026-05-01 - 1
    P2 2026-07-05 - 10
    P3 2026-10-05 - 10
    P4 2026-10-05 - 20
    """
    in_turn = counted(varied(("1 July 2026", half), ("1 October 2026", FULL)), jobs)
    assert in_turn == {
        ("Job Start", "2026-04-01"): 1,
        ("Job Start", "2026-07-01"): 1,
        ("Job Start", "2026-10-01"): 1,
    }


AT_MOST = START.replace("first only", "at most 2 over the contract")


def test_a_limit_for_each_person_counts_what_counted_under_the_old_text() -> None:
    jobs = """
    P1 2026-05-01 2026-05-02 10
    P1 2026-06-01 2026-06-02 10
    P1 2026-08-01 2026-08-02 20
    P2 2026-05-01 2026-05-02 10
    P2 2026-08-01 2026-08-02 20
    P2 2026-09-01 2026-09-02 20
    P3 2026-08-01 2026-08-02 20
    """
    new = AT_MOST.replace("  dated", "  only if     Hours Per Week is at least 16\n  dated")
    # P1 has both before July; P2 one before and one after; P3 one.
    assert counted(varied(("1 July 2026", new), own=AT_MOST), jobs) == {
        ("Job Start", "2026-04-01"): 3,
        ("Job Start", "2026-07-01"): 2,
    }


KEPT = """metric Job Start [2]
  kind        outcome
  counts      rows of Jobs
  among       Participants
  held        for {weeks} weeks from Started On
  dated       on the day after
{per}end metric
"""


def test_what_was_held_long_enough_under_the_old_text_is_not_a_result_again() -> None:
    old, new = (KEPT.format(weeks=weeks, per="") for weeks in (6, 13))
    # 6 weeks from 1 May end on 11 June, 13 weeks on 30 July: counted in June. From 1 June: 12 July is no day of the old
    # text, 30 August is one of the new.
    jobs = """
    P1 2026-05-01 - 10
    P2 2026-06-01 - 10
    P3 2026-06-01 2026-08-01 10
    """
    assert counted(varied(("1 July 2026", new), own=old), jobs) == {
        ("Job Start", "2026-04-01"): 1,
        ("Job Start", "2026-07-01"): 1,
    }


COHORT = """cohort Participants [1]
  rows        Referrals
  only if     Eligible is yes
  only if     Referred On is in the service period
  joins on    Referred On
  if several  earliest Referred On
end cohort
"""


def test_who_joined_before_stays_and_others_join_by_the_text_of_their_day() -> None:
    anybody = COHORT.replace("  only if     Eligible is yes\n", "")
    jobs = """
    P1 2026-09-01 - 10
    P2 2026-09-01 - 10
    P3 2026-09-01 - 10
    """
    referrals = """
    P1 2026-05-01 no
    P2 2026-08-01 no
    P3 2026-05-01 yes
    """
    assert counted(varied(("1 July 2026", anybody)), jobs, referrals) == {("Job Start", "2026-07-01"): 2}
    # And the other way: from July only the eligible join, and who joined before stays.
    found = counted(varied(("1 July 2026", COHORT), own=START + anybody), jobs, referrals)
    assert found == {("Job Start", "2026-07-01"): 2}


def test_a_result_lies_in_the_band_of_its_own_day() -> None:
    kept = next(one for key, one in blocks(FRAME).items() if key == "metric Job Kept")
    hours = """bands Hours [2]
  by  Hours Per Week
  | band      | holds              |
  | Part Time | less than 20 hours |
  | Full Time | at least 20 hours  |
end bands
"""
    # Six weeks from 1 May end on 11 June, from 1 June on 12 July: under the bands of July 18 hours are no full time.
    jobs = """
    P1 2026-05-01 - 18
    P2 2026-06-01 - 18
    P3 2026-06-01 - 20
    P1 2026-09-01 - 18
    """
    banded = counted(varied(("1 July 2026", hours), own=kept), jobs, banded=True)
    assert banded == {
        ("Job Kept Full Time", "2026-04-01"): 1,
        ("Job Kept Part Time", "2026-07-01"): 1,
        ("Job Kept Full Time", "2026-07-01"): 1,
    }
    # A metric that is replaced besides keeps the bands of each day, whichever of the two was agreed later.
    longer = kept.replace("6 weeks", "7 weeks")
    for texts in (
        [("1 June 2026", longer), ("1 July 2026", hours)],
        [("1 July 2026", hours), ("10 June 2026", longer)],
    ):
        both = counted(varied(*texts, own=kept), jobs, banded=True)
        # Seven weeks from 1 May end on 18 June, in the old bands; from 1 June on 19 July, in the new.
        assert both == banded


@pytest.mark.parametrize("new", [FULL, COHORT.replace("  only if     Eligible is yes\n", "")])
def test_in_force_from_the_first_day_it_is_as_if_it_had_been_written_so(new: str) -> None:
    own = new if new.startswith("metric") else START + new
    written = compile_source(Source("job.sib", spliced(FRAME, own))).contract
    replaced = in_force(varied(("1 April 2026", new)), as_written(written))
    assert (replaced.metrics, replaced.cohorts) == (written.metrics, written.cohorts)


SIX_WEEKS = KEPT.format(weeks=6, per="")


@pytest.mark.parametrize(
    ("own", "new", "what"),
    [
        (KEPT.format(weeks=13, per=""), SIX_WEEKS, "a time that is not surely longer than before"),
        (SIX_WEEKS, SIX_WEEKS.replace("6 weeks", "2 months"), "a time that is not surely longer than before"),
        (SIX_WEEKS, SIX_WEEKS.replace("the day after", "the last day held"), "whose results are dated otherwise"),
        (START, START.replace("Started On", "Ended On"), "whose results are dated otherwise"),
        (START, START.replace("rows of Jobs", "Hours Per Week of Jobs").replace("  per person  first only\n", "").replace("counts ", "sums   "), "counts, adds up or weighs something else"),
        (START, START.replace("rows of Jobs", "rows of Referrals").replace("Started On", "Referred On"), "counts other records: Jobs before, Referrals now"),
        (START, COHORT.replace("earliest", "latest"), "whose people join by another row than the earliest"),
        (START, COHORT.replace("end cohort", "  size        the first 20 to join\nend cohort"), "of a fixed size"),
    ],
)  # fmt: skip
def test_what_cannot_stand_beside_the_old_text_is_refused(own: str, new: str, what: str) -> None:
    with pytest.raises(Refused) as refused:
        varied(("1 July 2026", new), own=own)
    assert [(one.code, what in one.message) for one in refused.value.found] == [("SIB0228", True)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "referrals.csv").write_text(
        "Person ID,Referred On,Eligible\nP1,2026-04-01,yes\nP2,2026-04-01,yes\nP3,2026-04-01,yes\n"
    )
    (tmp_path / "jobs.csv").write_text(
        "Job ID,Person ID,Started On,Ended On,Hours Per Week\n"
        "J1,P1,2026-05-01,2026-05-20,10\nJ2,P1,2026-08-01,2026-08-20,20\nJ3,P2,2026-06-30,2026-07-01,\n"
    )
    return tmp_path


def test_a_back_dated_text_reprices_and_each_line_is_explained_by_the_text_that_paid_it(folder: Path) -> None:
    text = (
        spliced(FRAME, START)
        + """
variation Back To May [Variation 1]
  varies          Job Support
  agreed          1 November 2026
  effective       1 May 2026
  stated periods  repriced in the next statement

  replace """
        + FULL.replace("\n", "\n  ")
        + "\nend variation\n"
    )
    loaded = pipeline.load(Source("job.sib", text))
    with pipeline.pay(loaded, folder, date(2026, 12, 31)) as paid:
        (run,) = paid.payments.runs
        lines = {line.id: line for line in run.lines}
        # As stated: P1 and P2 in the first quarter. By the new text P1 alone, in August.
        assert [(line.line.kind, line.amount) for line in lines.values()] == [
            ("payment", 600), ("adjustment", -600), ("adjustment", 300),
        ]  # fmt: skip
        stated = pipeline.explain_line(paid, "L1")
        assert stated.counted is not None
        assert [record.claim.person for record in stated.counted.records] == ["P1", "P2"]
        assert stated.counted.metric.conditions == ()


def test_what_is_left_as_stated_counts_by_the_new_text_from_the_open_statement_alone(folder: Path) -> None:
    text = (
        spliced(FRAME, START)
        + """
variation Back To May [Variation 1]
  varies          Job Support
  agreed          1 August 2026
  effective       1 May 2026
  stated periods  left as stated

  replace """
        + FULL.replace("\n", "\n  ")
        + "\nend variation\n"
    )
    loaded = pipeline.load(Source("job.sib", text))
    with pipeline.pay(loaded, folder, date(2026, 12, 31)) as paid:
        (run,) = paid.payments.runs
        # P1 was paid for in May under the old text, which stays: not again in August.
        assert [(line.line.kind, line.amount) for line in run.lines] == [("payment", 600)]


def test_the_words_of_both_texts_are_told() -> None:
    contract = varied(("1 July 2026", FULL))
    settings = as_written(contract)
    told = {one.name: one.text for one in in_sentences(in_force(contract, settings), settings)}["Job Start"]
    assert "To 30 June 2026, read by: among" in told
    assert told.index("From 1 July 2026, read by") < told.index("only if Hours Per Week is at least 16")

"""Which columns a clause reads: only these can make a row invalid."""

from __future__ import annotations

from fractions import Fraction

from attrs import evolve

from sibdsl.model.conditions_on_rows import parts_of, person_column
from sibdsl.model.nodes import (
    Arithmetic,
    Blank,
    Both,
    Cohort,
    Column,
    Compare,
    Either,
    Metric,
    MetricColumn,
    Not,
    Pick,
    RecordColumn,
    Records,
    Value,
)
from sibdsl.records import columns_read
from tests.measure.by_hand import (
    CONTRACT,
    ENGAGEMENT,
    ENTRY,
    JOBS,
    REFERRALS,
    SERVICE_USERS,
    with_metrics,
    with_records,
)


def more(table: Records, *names: str) -> Records:
    extra = tuple(RecordColumn(name, "text", blank_allowed=True) for name in names)
    return evolve(table, columns=(*table.columns, *extra))


def test_the_tower_hamlets_contract_reads_every_column() -> None:
    assert columns_read(CONTRACT) == {
        table.name: tuple(column.name for column in table.columns) for table in CONTRACT.records
    }


def test_a_column_that_no_clause_reads_is_left_out() -> None:
    contract = with_records(CONTRACT, more(REFERRALS, "Team"), more(JOBS, "Note"))
    assert "Team" not in columns_read(contract)["Referrals"]
    assert "Note" not in columns_read(contract)["Jobs"]


def test_a_table_that_no_clause_reads_has_none() -> None:
    assert columns_read(with_metrics(CONTRACT, ENGAGEMENT))["Jobs"] == ()


def test_a_spell_is_read_only_when_something_is_held() -> None:
    dated = evolve(ENTRY, held=None, dated=evolve(ENGAGEMENT.dated, column="Started On"), tie=None, bands="")
    read = columns_read(with_metrics(CONTRACT, ENGAGEMENT, dated))["Jobs"]
    assert read == ("Person ID", "Started On")


def test_conditions_are_read_to_their_depth() -> None:
    a, b, c, d = (Column("Referrals", name, "text") for name in ("A", "B", "C", "D"))
    deep = Not(Either((Both((Blank(a), Compare(b, "=", Value("x", "text")))), Compare(d, "=", c))))
    contract = evolve(
        with_records(CONTRACT, more(REFERRALS, "A", "B", "C", "D", "E")),
        cohorts=(evolve(SERVICE_USERS, conditions=(deep,)),),
    )
    assert columns_read(contract)["Referrals"] == ("Person ID", "Referred On", "A", "B", "C", "D")


def test_picks_ties_known_on_and_columns_of_other_metrics_are_read() -> None:
    cohort: Cohort = evolve(SERVICE_USERS, picks=(Pick("lowest", "A"),))
    condition = Compare(Column("Jobs", "Job ID", "text"), "=", MetricColumn("Engagement", "Place", "text"))
    metric: Metric = evolve(ENTRY, conditions=(condition,), tie=Pick("highest", "Rank"))
    jobs = evolve(more(JOBS, "Rank", "Reported"), known_on="Reported")
    engagements = more(CONTRACT.records[1], "Place")
    contract = evolve(
        with_records(with_metrics(CONTRACT, ENGAGEMENT, metric), more(REFERRALS, "A"), jobs, engagements),
        cohorts=(cohort,),
    )
    read = columns_read(contract)
    assert "A" in read["Referrals"]
    assert "Place" in read["Engagements"]
    assert {"Rank", "Reported"} <= set(read["Jobs"])


def test_parts_of_a_sum() -> None:
    hours, two = Column("Jobs", "Hours Per Week", "hours"), Value(Fraction(2), "number")
    assert list(parts_of(Arithmetic("times", hours, two, "hours"))) == [hours, two]


def test_the_person_column() -> None:
    assert person_column(JOBS) == "Person ID"
    assert person_column(Records("Rates", "Rate", ())) == ""

"""Records written inside a contract, measured as files are."""

from __future__ import annotations

from datetime import date

import pytest

from sibdsl.diagnostics import Refused
from sibdsl.measure import measure_rows
from sibdsl.model.nodes import ExampleRecords
from sibdsl.model.parameters.in_force import Settings
from tests.measure.by_hand import CONTRACT, ENGAGEMENT, with_metrics

AS_OF = date(2018, 7, 31)
REFERRALS = ExampleRecords(
    "Referrals", ("Person ID", "Referred On", "Severe Condition"), (("P1", "2016-04-01", "yes"),)
)
ENGAGEMENTS = ExampleRecords(
    "Engagements", ("Engaged On", "Person ID"), (("2018-04-01", "P1"), ("2018-04-01", ""))
)


def test_a_table_that_is_not_given_has_no_rows() -> None:
    with measure_rows(CONTRACT, Settings(), (REFERRALS, ENGAGEMENTS), AS_OF) as volumes:
        assert volumes.accounts["Jobs"].rows == 0
        assert [(one.metric, int(one.number)) for one in volumes.quantities if one.number] == [
            ("Engagement", 1)
        ]
        assert [(one.source, one.row, one.status) for one in volumes.rows()] == [
            ("Referrals", 1, "used"),
            ("Engagements", 1, "used"),
            ("Engagements", 2, "rejected"),
        ]


def test_cells_that_csv_would_quote() -> None:
    odd = 'P "1",\n;'
    referrals = ExampleRecords("Referrals", REFERRALS.headings, ((odd, "2016-04-01", "yes"),))
    engagements = ExampleRecords("Engagements", ("Person ID", "Engaged On"), ((odd, "2018-04-01"),))
    with measure_rows(CONTRACT, Settings(), (referrals, engagements), AS_OF) as volumes:
        assert [one.person for one in volumes.claims()] == [odd]


def test_a_column_that_no_clause_reads_may_be_left_out() -> None:
    jobs = ExampleRecords("Jobs", ("Job ID",), (("J1",),))
    with measure_rows(with_metrics(CONTRACT, ENGAGEMENT), Settings(), (REFERRALS, jobs), AS_OF) as volumes:
        assert volumes.accounts["Jobs"].outside == 1
        assert volumes.warnings == ()


def test_a_column_that_a_clause_reads_may_not() -> None:
    jobs = ExampleRecords("Jobs", ("Job ID", "Person ID", "Started On", "Ended On"), ())
    with pytest.raises(Refused) as caught:
        measure_rows(CONTRACT, Settings(), (REFERRALS, jobs), AS_OF)
    assert [(one.code, one.message) for one in caught.value.found] == [
        ("SIB0604", "Jobs has no column Hours Per Week")
    ]


def test_several_tables_of_one_name_are_parts() -> None:
    with measure_rows(CONTRACT, Settings(), (REFERRALS, REFERRALS), AS_OF) as volumes:
        assert [(one.status, one.of_row) for one in volumes.rows()] == [
            ("used", ""),
            ("duplicate", "Referrals:1"),
        ]


@pytest.mark.parametrize("spare", [0, 250])
def test_cells_beyond_ascii_and_ends_of_lines_are_read_alike_however_many_rows_there_are(spare: int) -> None:
    others = tuple((f"Q{at}", "2016-04-01", "yes") for at in range(spare))
    referrals = ExampleRecords(
        "Referrals",
        REFERRALS.headings,
        ((" Zoe\u0301 ", "2016-04-01", "yes"), ("a\r\nb", "2016-04-01", "yes"), *others),
    )
    engagements = ExampleRecords(
        "Engagements", ("Person ID", "Engaged On"), (("Zo\u00e9", "2018-04-01"), ("a\nb", " 2018-04-01 "))
    )
    with measure_rows(CONTRACT, Settings(), (referrals, engagements), AS_OF) as volumes:
        assert sorted(one.person for one in volumes.claims()) == ["Zo\u00e9", "a\nb"]
        assert volumes.accounts["Referrals"].rows == spare + 2
        assert [one.code for one in volumes.warnings] == ["SIB0617"]

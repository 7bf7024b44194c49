"""What is declared and read by no clause."""

from __future__ import annotations

from tests.check.marked import codes, only

REFERRALS = """
records Referrals
  one row per Referral
  | column      | holds  | blank    |
  | Person ID   | person | rejected |
  | Referred On | date   | rejected |
  {row}
end records
"""

START = """
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric
"""


def test_a_column_that_no_clause_reads() -> None:
    one = only("SIB0509", REFERRALS.format(row="| «Postcode    | text   | allowed» |"))
    assert one.severity == "warning"
    assert one.clause == "records Referrals"
    assert one.message == (
        "No clause reads Postcode of Referrals: it would be collected about people and change no payment."
    )


def test_a_column_that_tells_rows_apart_or_says_when_it_was_known_is_read() -> None:
    assert codes(REFERRALS.format(row="| Referral ID | identifier | rejected |")) == []
    known = REFERRALS.format(row="| Received On | date | rejected |")
    assert codes(known) == ["W0509"]
    assert codes(known.replace("per Referral\n", "per Referral\n  known on Received On\n")) == []


def test_a_column_read_by_a_condition_alone_is_read() -> None:
    cohort = """
cohort Service Users
  rows        Referrals
  only if     Severe is yes and (Referred On is after 1 May 2016 or Severe is yes)
  joins on    Referred On
  if several  earliest Referred On
end cohort
"""
    assert codes(REFERRALS.format(row="| Severe | yes or no | rejected |") + cohort) == []


def test_the_end_of_a_spell_that_nothing_holds() -> None:
    one = only(
        "SIB0509",
        """
        records Visits
          one row per Visit
          spell  from Began On to the day before Ended On, open while blank
          | column    | holds  | blank    |
          | Person ID | person | rejected |
          | Began On  | date   | rejected |
          | «Ended On  | date   | allowed» |
        end records

        metric Visit
          kind        output
          counts      rows of Visits
          among       Service Users
          dated       Began On
          per person  first only
        end metric

        payment Visit Fee
          payer     Council
          payee     Charity
          for each  Visit
          pays      £10
        end payment
        """,
    )
    assert "`held for 6 weeks from Began On`" in one.help


def test_a_metric_that_is_never_paid() -> None:
    one = only("SIB0505", START.replace("metric Job Start\n", "«metric Job Start»\n", 1))
    assert one.severity == "warning"
    assert "No other clause reads it either." in one.message


def test_a_metric_that_other_clauses_speak_of_is_a_note() -> None:
    rule = """
rule Starts
  requires  Job Start is at least 10
  tested    over the contract
  against   every quantity
end rule
"""
    cap = """
cap Ceiling
  covers   payments earned by Job Start
  at most  £10 over the contract
  excess   lost
end cap
"""
    assert codes(START + rule) == ["N0505"]
    assert codes(START + cap) == ["N0505", "W0523"]


def test_parties() -> None:
    text = """
parties
  | party   | role                    |
  | Council | commissioner            |
  | Charity | provider                |
  | Vehicle | special purpose vehicle |
  | Fund    | investor                |
  | Auditor | verifier, commissioner  |
end parties
"""
    assert codes(text) == ["N0506"]


def test_a_boundary_where_no_bands_meet() -> None:
    one = only(
        "SIB0508",
        """
        assumption Fifteen Hours [2]
          «takes   15 hours in Under 16»
          reason  "Nothing is said."
        end assumption
        """,
    )
    assert (
        one.message == "No band begins or ends at 15 hours, so the assumption Fifteen Hours decides nothing."
    )
    assert one.clause == "2, assumption Fifteen Hours"


def test_what_is_read_in_any_clause_is_used() -> None:
    text = """
particulars
  | particular | holds | default      |
  | Job Rate   | money | required     |
  | Block      | money | £100         |
  | Limit      | money | £90,000      |
  | Switch     | date  | 1 April 2017 |
  | Plan       | plan  | required     |
end particulars

assumption Basis
  takes   in money
  reason  "Not said."
end assumption

assumption Paid On
  takes   1 April 2016
  reason  "Not said."
end assumption

payment Job Fee
  payer     Council
  payee     Charity
  for each  Job Entry
  pays      2 times Job Rate
end payment

block advance Upfront
  payer        Council
  payee        Charity
  paid on      Paid On
  pays         Block
  set against  Job Fee in 2016/17
  set off      Basis, as fees fall due
  unused part  kept
end block advance

cap Ceiling
  covers   payments from Council
  at most  Limit over the contract
  excess   lost
end cap

scenarios
  | scenario | quantities |
  | Low      | Plan       |
end scenarios

rule Early
  requires  payments from Council earned on or before Switch are at most £50,000
  tested    over the contract
  against   scenarios Low
end rule
"""
    assert codes(text) == []
    assert codes(text.replace("pays      2 times Job Rate", "pays      £700")) == ["W0507"]
    assert codes(text.replace("Basis, as", "in money, as")) == ["W0508"]
    assert codes(text.replace("  | Low      | Plan       |", "  | Low      | Other      |").replace(
        "  | Plan       | plan  | required     |",
        "  | Plan       | plan  | required     |\n  | Other      | plan  | required     |",
    )) == ["W0507"]  # fmt: skip

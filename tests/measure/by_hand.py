"""The Tower Hamlets contract's records and metrics as a model made by hand, and small changes to it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import evolve

from sibdsl.dates import Duration, period
from sibdsl.model.nodes import (
    Band,
    Bands,
    Cohort,
    Column,
    Compare,
    Contract,
    Dated,
    Held,
    InPeriod,
    JoiningDate,
    Metric,
    MetricColumn,
    Pick,
    RecordColumn,
    Records,
    Rounding,
    Spell,
    Value,
)
from sibdsl.model.types import Interval

REFERRED = Column("Referrals", "Referred On", "date")
ENGAGED = Column("Engagements", "Engaged On", "date")
STARTED = Column("Jobs", "Started On", "date")
SEVERE = Column("Referrals", "Severe Condition", "yes or no")
SINCE_ENGAGED = Compare(STARTED, ">=", MetricColumn("Engagement", "Engaged On", "date"))

REFERRALS = Records(
    "Referrals",
    "Referral",
    (
        RecordColumn("Person ID", "person", blank_allowed=False),
        RecordColumn("Referred On", "date", blank_allowed=False),
        RecordColumn("Severe Condition", "yes or no", blank_allowed=False),
    ),
)
ENGAGEMENTS = Records(
    "Engagements",
    "Engagement Meeting",
    (
        RecordColumn("Person ID", "person", blank_allowed=False),
        RecordColumn("Engaged On", "date", blank_allowed=False),
    ),
)
JOBS = Records(
    "Jobs",
    "Job",
    (
        RecordColumn("Job ID", "identifier", blank_allowed=False),
        RecordColumn("Person ID", "person", blank_allowed=False),
        RecordColumn("Started On", "date", blank_allowed=False),
        RecordColumn("Ended On", "date", blank_allowed=True),
        RecordColumn("Hours Per Week", "hours", blank_allowed=False),
    ),
    Spell("Started On", "Ended On", last_included=False, open_while_blank=True),
)
SERVICE_USERS = Cohort(
    "Service Users",
    "Schedule 1",
    "",
    "Referrals",
    (Compare(SEVERE, "=", Value("yes", "yes or no")), InPeriod(REFERRED, "service period")),
    "Referred On",
    (Pick("earliest", "Referred On"),),
)
ENGAGEMENT = Metric(
    "Engagement",
    "Schedule 2",
    "",
    "output",
    "Engagements",
    "Service Users",
    (Compare(ENGAGED, ">=", JoiningDate()), InPeriod(ENGAGED, "service period")),
    Dated("column", "Engaged On"),
    None,
    "over all bands",
    None,
    "",
)
HOURS = Bands(
    "Hours",
    "Schedule 2",
    "Hours Per Week",
    (
        Band("Under 16", Interval(high=Fraction(16))),
        Band("From 16", Interval(low=Fraction(16), low_in=True)),
    ),
)


def held(name: str, duration: Duration) -> Metric:
    """A metric of jobs held so long."""
    return Metric(
        name,
        "Schedule 2",
        "",
        "outcome",
        "Jobs",
        "Service Users",
        (SINCE_ENGAGED,),
        Dated("day after"),
        Held(duration, "Started On"),
        "over all bands",
        Pick("lowest", "Job ID"),
        "Hours",
    )


ENTRY = held("Job Entry", Duration(6, "week"))
SUSTAINMENT = held("Job Sustainment", Duration(6, "month"))

TERM = period(date(2016, 4, 1), date(2019, 3, 31))
CONTRACT = Contract(
    name="Tower Hamlets",
    reference="MHEP 1",
    gloss="",
    currency="GBP",
    service=TERM,
    new_entrants_last=TERM.last,
    payment_period=TERM,
    years_begin=(4, 1),
    calendar="quarterly",
    rounding=Rounding("line", "half up", Fraction(1, 100)),
    parties=(),
    particulars=(),
    assumptions=(),
    records=(REFERRALS, ENGAGEMENTS, JOBS),
    cohorts=(SERVICE_USERS,),
    bands=(HOURS,),
    metrics=(ENGAGEMENT, ENTRY, SUSTAINMENT),
    payments=(),
    advances=(),
    caps=(),
    rules=(),
    scenarios=(),
    examples=(),
)


def with_records(contract: Contract, *changed: Records) -> Contract:
    """The contract with these tables in place of those of their names."""
    new = {table.name: table for table in changed}
    return evolve(contract, records=tuple(new.get(table.name, table) for table in contract.records))


def with_metrics(contract: Contract, *metrics: Metric) -> Contract:
    """The contract with these metrics and no others."""
    return evolve(contract, metrics=metrics)

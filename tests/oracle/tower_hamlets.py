"""A slow reference program for MHEP 1's contract in Tower Hamlets.

It goes through person-level records row by row, with nothing but Python's standard library, and
shares no code with the product, so that agreement between the two means something.

Sources: 'MHEP in-depth review, Box 1 and section 3.5.1' for the tariff; section 3.5.2 of the same
review for blocks being on account of engagements; the row-status rules of the project's records
reference for what counts. The figures themselves are in `terms`, the reading of cells in `rows`.

Units: money is in pounds, exact to the penny, as `Decimal`; hours a week are `Fraction`; dates
are calendar days; a span that has a last day includes it. Row numbers count from 1.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tests.oracle.answers import (
    ENGAGEMENT,
    JOB_ENTRY,
    JOB_SUSTAINMENT,
    KINDS,
    Advance,
    Answer,
    Claim,
    Kind,
    Payment,
    Quantity,
    Total,
    to_json,
)
from tests.oracle.rows import (
    STATUSES,
    TABLES,
    Engagement,
    Job,
    Referral,
    RowStatus,
    Status,
    Table,
    read_engagement,
    read_job,
    read_records,
    read_referral,
    sift,
)
from tests.oracle.terms import (
    AS_APPLIED_FOR,
    CBO,
    CCG,
    MHEP,
    SOF,
    Block,
    SetOff,
    Terms,
    add_months,
    contract_years,
    quarters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

__all__ = [
    "AS_APPLIED_FOR",
    "Advance",
    "Answer",
    "Block",
    "Claim",
    "Kind",
    "Payment",
    "Quantity",
    "RowStatus",
    "Terms",
    "Total",
    "to_json",
    "work_out",
    "work_out_records",
]

ZERO: Final = Decimal(0)


# --- Measuring ------------------------------------------------------------------------


def _used_or_outside(row: int, *, used: bool) -> RowStatus:
    return RowStatus(row, "used" if used else "outside")


def _cohort(
    referrals: Mapping[int, Referral],
    statuses: dict[int, RowStatus],
    as_of: dt.date,
    terms: Terms,
) -> dict[str, dt.date]:
    """Find who is in the cohort, and since when.

    Source: the records reference. The cohort is the people with a referral dated within
    the term and not after the as-of date that says `severe_condition` yes; the earliest
    such referral is the person's. A further one of the same person is used too.
    """
    joined: dict[str, dt.date] = {}
    for row, referral in referrals.items():
        day = referral.referred_on
        counts = referral.severe and terms.term_start <= day <= terms.term_end
        counts = counts and day <= as_of
        statuses[row] = _used_or_outside(row, used=counts)
        if counts:
            joined[referral.person_id] = min(day, joined.get(referral.person_id, day))
    return joined


def _first_engagements(
    engagements: Mapping[int, Engagement],
    statuses: dict[int, RowStatus],
    joined: Mapping[str, dt.date],
    as_of: dt.date,
    terms: Terms,
) -> dict[str, Engagement]:
    """Find each cohort member's first engagement.

    Source: the records reference; Box 1 ('users successfully engaged'). Only engagements
    on or after the referral, within the term and not after the as-of date are looked at;
    a person's later ones among them are used, but earn nothing.
    """
    first: dict[str, Engagement] = {}
    for row, engagement in engagements.items():
        day = engagement.engaged_on
        since = joined.get(engagement.person_id)
        counts = since is not None and since <= day <= terms.term_end and day <= as_of
        statuses[row] = _used_or_outside(row, used=counts)
        if counts:
            earlier = first.get(engagement.person_id)
            if earlier is None or (day, row) < (earlier.engaged_on, earlier.row):
                first[engagement.person_id] = engagement
    return first


def _jobs_looked_at(
    jobs: Mapping[int, Job],
    statuses: dict[int, RowStatus],
    first: Mapping[str, Engagement],
    as_of: dt.date,
) -> dict[str, list[Job]]:
    """Find each person's jobs that started on or after their first engagement.

    Source: the records reference. A job that starts after the as-of date is outside; one
    that starts after the term is looked at, though it cannot reach anything in time.
    """
    looked_at: dict[str, list[Job]] = {}
    for row, job in jobs.items():
        engagement = first.get(job.person_id)
        counts = (
            engagement is not None and engagement.engaged_on <= job.started_on and job.started_on <= as_of
        )
        statuses[row] = _used_or_outside(row, used=counts)
        if counts:
            looked_at.setdefault(job.person_id, []).append(job)
    return looked_at


def band_of(hours: Fraction, terms: Terms = AS_APPLIED_FOR) -> str:
    """Give the band of hours a week. Source: section 3.5.1, the hole at 16 closed."""
    upper = hours > terms.band_boundary
    if hours == terms.band_boundary:
        upper = terms.boundary_in_upper
    return terms.upper_band if upper else terms.lower_band


def _first_reached(
    metric: str,
    jobs: Sequence[Job],
    reach: Callable[[dt.date], dt.date],
    as_of: dt.date,
    terms: Terms,
) -> Claim | None:
    """Find the job of one person that counts for Job Entry or Job Sustainment, if any.

    Source: the records reference. A job reaches the outcome on a set day after its start
    unless it has ended before that day (the first day out may be that very day). Nothing
    reached after the term or after the as-of date counts. The first to reach it counts;
    on a tie the job whose id comes first as text (by code point). For the same id and day
    the reference says nothing: here the earlier start, then the fewer hours, come first.
    """
    best: tuple[dt.date, str, dt.date, Fraction, int] | None = None
    for job in jobs:
        if job.started_on > min(as_of, terms.term_end):
            continue
        reached = reach(job.started_on)
        if reached > min(as_of, terms.term_end):
            continue
        if job.ended_on is not None and job.ended_on < reached:
            continue
        found = (reached, job.job_id, job.started_on, job.hours, job.row)
        if best is None or found < best:
            best = found
    if best is None:
        return None
    return Claim(metric, band_of(best[3], terms), jobs[0].person_id, best[0], best[4])


def _measure(
    records: Mapping[str, Table], as_of: dt.date, terms: Terms
) -> tuple[list[Claim], dict[str, dict[int, RowStatus]]]:
    """Give every outcome that counts by the as-of date, and what became of each row."""
    referrals, referral_statuses = sift(records["referrals"], read_referral)
    engagements, engagement_statuses = sift(records["engagements"], read_engagement)
    jobs, job_statuses = sift(records["jobs"], read_job)
    joined = _cohort(referrals, referral_statuses, as_of, terms)
    first = _first_engagements(engagements, engagement_statuses, joined, as_of, terms)
    looked_at = _jobs_looked_at(jobs, job_statuses, first, as_of)

    def entry(start: dt.date) -> dt.date:
        return start + dt.timedelta(days=7 * terms.entry_hold_weeks)

    def sustainment(start: dt.date) -> dt.date:
        return add_months(start, terms.sustainment_months)

    claims: list[Claim | None] = []
    for person_id, engagement in first.items():
        day = engagement.engaged_on
        claims.append(Claim(ENGAGEMENT, None, person_id, day, engagement.row))
        own = looked_at.get(person_id, [])
        claims.append(_first_reached(JOB_ENTRY, own, entry, as_of, terms))
        claims.append(_first_reached(JOB_SUSTAINMENT, own, sustainment, as_of, terms))
    counted = [claim for claim in claims if claim is not None]
    counted.sort(key=lambda claim: (claim.achieved_on, claim.metric, claim.person_id))
    statuses = {
        "referrals": referral_statuses,
        "engagements": engagement_statuses,
        "jobs": job_statuses,
    }
    return counted, statuses


# --- Pricing --------------------------------------------------------------------------


def _fund_rate(claim: Claim, terms: Terms) -> Decimal:
    """Give pounds a fund pays for one outcome. Source: Box 1 and section 3.5.1."""
    if claim.metric == ENGAGEMENT:
        return terms.fund_engagement
    upper = claim.band == terms.upper_band
    if claim.metric == JOB_ENTRY:
        return terms.entry_upper if upper else terms.entry_lower
    return terms.sustainment_upper if upper else terms.sustainment_lower


def _set_off_to_date(engaged: int, rate: Decimal, block: Decimal, how: SetOff) -> Decimal:
    """Give what is set off against a block after so many engagements of its year, in pounds.

    Source: section 3.5.2 (on account of engagements, variable payment only above it); the
    records reference ('what engagements have earned in that year so far is first set
    against the block, and only the excess is paid'). In units, the block has bought the
    whole engagements that it covers, and each one beyond them is paid in full.
    """
    if how == "money":
        return min(engaged * rate, block)
    if rate == 0:
        return ZERO
    return min(engaged, int(block // rate)) * rate


def _local_totals(
    payer: str, rate: Decimal, claims: Sequence[Claim], terms: Terms
) -> dict[dt.date, dict[Kind, Decimal]]:
    """Price each quarter, by its first day, for the CCG or for MHEP.

    Source: section 3.5.1 (700 and 300 for each engagement). A contract year's block is set
    off in that year only; what is left of it at the year's end is not carried on.
    """
    days = [claim.achieved_on for claim in claims if claim.metric == ENGAGEMENT]
    years = contract_years(terms)
    for block in terms.blocks:
        if block.year_start not in {year_start for year_start, _ in years}:
            raise ValueError(f"no contract year starts on the first day of {block}")
    totals: dict[dt.date, dict[Kind, Decimal]] = {}
    for year_start, year_end in years:
        own = [block for block in terms.blocks if (block.payer, block.year_start) == (payer, year_start)]
        advanced = sum((block.amount for block in own), ZERO)
        for start, end in quarters(terms):
            if not year_start <= start <= year_end:
                continue
            before = sum(year_start <= day < start for day in days)
            after = sum(year_start <= day <= end for day in days)
            totals[start] = {
                "payment": (after - before) * rate,
                "set_off": _set_off_to_date(after, rate, advanced, terms.set_off)
                - _set_off_to_date(before, rate, advanced, terms.set_off),
                "cap_cut": ZERO,
            }
    return totals


def _fund_totals(
    first_day: dt.date,
    last_day: dt.date,
    cap: Decimal | None,
    claims: Sequence[Claim],
    terms: Terms,
) -> dict[dt.date, dict[Kind, Decimal]]:
    """Price each quarter, by its first day, for a fund that pays for outcomes of a span.

    Source: section 3.5.1 (90 for each engagement, the rates for jobs, SOF then CBO);
    section 3.2 (the maxima). A cap fills quarter by quarter; what exceeds it is lost.
    Quarters that do not touch the fund's span are left out.
    """
    totals: dict[dt.date, dict[Kind, Decimal]] = {}
    paid = ZERO
    for start, end in quarters(terms):
        if end < first_day or start > last_day:
            continue
        fees = sum(
            (
                _fund_rate(claim, terms)
                for claim in claims
                if start <= claim.achieved_on <= end and first_day <= claim.achieved_on <= last_day
            ),
            ZERO,
        )
        cut = ZERO if cap is None else max(ZERO, fees - (cap - paid))
        paid += fees - cut
        totals[start] = {"payment": fees, "set_off": ZERO, "cap_cut": cut}
    return totals


def _price(claims: Sequence[Claim], terms: Terms) -> dict[str, dict[dt.date, dict[Kind, Decimal]]]:
    """Price every quarter of the term: kinds by payer and the quarter's first day."""
    handover = terms.sof_last_day + dt.timedelta(days=1)
    sof = _fund_totals(terms.term_start, terms.sof_last_day, terms.sof_cap, claims, terms)
    cbo = _fund_totals(handover, terms.term_end, terms.cbo_cap, claims, terms)
    return {
        CCG: _local_totals(CCG, terms.ccg_engagement, claims, terms),
        MHEP: _local_totals(MHEP, terms.mhep_engagement, claims, terms),
        SOF: sof,
        CBO: cbo,
    }


# --- The whole ------------------------------------------------------------------------


def _quantities(
    claims: Sequence[Claim],
    stated: Sequence[tuple[dt.date, dt.date]],
    terms: Terms,
) -> tuple[Quantity, ...]:
    """Count outcomes by stated quarter, metric and band; an event's own date decides."""
    keys: list[tuple[str, str | None]] = [(ENGAGEMENT, None)]
    for metric in (JOB_ENTRY, JOB_SUSTAINMENT):
        keys += [(metric, terms.lower_band), (metric, terms.upper_band)]
    found: list[Quantity] = []
    for start, end in stated:
        inside = [claim for claim in claims if start <= claim.achieved_on <= end]
        for metric, band in keys:
            count = sum((claim.metric, claim.band) == (metric, band) for claim in inside)
            found.append(Quantity(start, end, metric, band, count))
    return tuple(found)


def work_out_records(records: Mapping[str, Table], as_of: dt.date, terms: Terms = AS_APPLIED_FOR) -> Answer:
    """Work out quantities, payments and row statuses from tables already read.

    A run states the quarters of the term whose last day is not after the as-of date, and
    the block advances due by it. Source: the records reference.
    """
    claims, statuses = _measure(records, as_of, terms)
    stated = [(start, end) for start, end in quarters(terms) if end <= as_of]
    priced = _price(claims, terms)
    payments: list[Payment] = []
    totals: list[Total] = []
    for start, end in stated:
        for payer, by_quarter in priced.items():
            if start not in by_quarter:
                continue
            kinds = by_quarter[start]
            net = kinds["payment"] - kinds["set_off"] - kinds["cap_cut"]
            payments.append(Payment(start, end, payer, net))
            totals += [Total(start, end, payer, kind, kinds[kind]) for kind in KINDS]
    advances = [
        Advance(block.paid_on, block.payer, block.amount) for block in terms.blocks if block.paid_on <= as_of
    ]
    advances.sort(key=lambda advance: (advance.due_on, advance.payer))
    row_counts: dict[str, dict[Status, int]] = {}
    row_statuses: dict[str, tuple[RowStatus, ...]] = {}
    for name in TABLES:
        row_statuses[name] = tuple(found for _, found in sorted(statuses[name].items()))
        tally = Counter(found.status for found in row_statuses[name])
        row_counts[name] = {status: tally[status] for status in STATUSES}
    return Answer(
        as_of,
        _quantities(claims, stated, terms),
        tuple(payments),
        tuple(totals),
        tuple(advances),
        row_counts,
        row_statuses,
        tuple(claims),
    )


def work_out(records_dir: Path, as_of: dt.date, terms: Terms = AS_APPLIED_FOR) -> Answer:
    """Work out everything from `referrals.csv`, `engagements.csv` and `jobs.csv`.

    Raises `ValueError` if a file is not well-formed CSV with the columns in `COLUMNS`,
    and `FileNotFoundError` if one is missing.
    """
    return work_out_records(read_records(records_dir), as_of, terms)

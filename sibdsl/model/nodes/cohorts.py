"""Cohorts: who counts, and for how long each is followed."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from sibdsl.dates import Duration
from sibdsl.model.nodes.amounts import Condition
from sibdsl.model.nodes.base import place
from sibdsl.model.nodes.kinds_of_count import Pick
from sibdsl.source import Span


@frozen
class Tracked:
    """For how long each person is tracked, from a date of the row that made them a member (that day included)."""

    duration: Duration
    start: str
    span: Span = place()


@frozen
class Cohort:
    """Who counts: rows of one table that meet all conditions; of several for one person, the one picked.

    `most` is how many belong, the first to join: by joining date, and of one day by person, as text. None for no end.
    """

    name: str
    clause: str
    gloss: str
    records: str
    conditions: tuple[Condition, ...]
    joins_on: str
    picks: tuple[Pick, ...]
    tracked: Tracked | None = None
    most: int | None = None
    #: As variations leave it: the texts by which people joined before, in their order. Never in JSON.
    earlier: tuple[EarlierCohort, ...] = field(default=(), kw_only=True, metadata={"outside": True})
    span: Span = place()


@frozen
class EarlierCohort:
    """The text of a cohort that a variation replaced: people join by it on days up to `last`, and stay joined by it."""

    cohort: Cohort
    last: date

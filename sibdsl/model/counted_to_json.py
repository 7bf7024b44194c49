"""What a metric counts, as fields of the metric in JSON, and back."""

from __future__ import annotations

from typing import Literal, assert_never, get_args

from attrs import frozen

from sibdsl.model import nodes
from sibdsl.model.nodes import Amount, Counting, KindOfCount, Pick

#: Every kind.
COUNTED: tuple[type[KindOfCount], ...] = get_args(KindOfCount)


@frozen
class FlatCounted:
    """What a metric counts, in fields that stand among those of the metric."""

    counts: Counting = "rows"
    column: str = ""
    #: For a share of days, and for fewer and earlier days, the records whose rows last on them.
    days_of: str = ""
    #: For fewer days, what becomes of somebody who had more.
    more_days: Literal["", "not counted", "taken off"] = ""
    #: Of several rows with a determination, the one that is taken.
    picks: tuple[Pick, ...] = ()
    #: For people reaching an amount: what a person's rows must come to.
    reaches: Amount | None = None


#: After which fields of a metric they stand.
AFTER: dict[tuple[type, str], tuple[str, ...]] = {
    (nodes.Metric, "counts"): ("counts", "column"),
    (nodes.Metric, "window"): ("days_of", "more_days", "picks", "reaches"),
}


def flat(kind: KindOfCount) -> FlatCounted:
    """The fields that say what is counted."""
    return FlatCounted(
        kind.word,
        kind.column,
        kind.days_of,
        kind.more_days if isinstance(kind, nodes.FewerDays) else "",
        kind.picks,
        kind.amount if isinstance(kind, nodes.PeopleReaching) else None,
    )


def counted(said: FlatCounted) -> KindOfCount:
    """What the fields say is counted. Raises ValueError where one is there that says nothing, or one is missing."""
    kind = _kind(said)
    if flat(kind) != said:
        raise ValueError(f"what counts {said.counts!r} has no other fields than that needs")
    return kind


def _kind(said: FlatCounted) -> KindOfCount:
    match said.counts:
        case "rows":
            return nodes.RowsCounted()
        case "people":
            return nodes.PeopleCounted()
        case "people reaching":
            if said.reaches is None:
                raise ValueError("`reaches` is missing")
            return nodes.PeopleReaching(said.column, said.reaches)
        case "days":
            return nodes.DaysCounted()
        case "days of tracking":
            return nodes.DaysOfTracking()
        case "sum":
            return nodes.ColumnSum(said.column)
        case "average":
            return nodes.ColumnAverage(said.column)
        case "different":
            return nodes.DifferentValues(said.column)
        case "determination":
            return nodes.Determination(said.column, said.picks)
        case "share of days":
            return nodes.ShareOfDays(said.days_of)
        case "fewer days":
            if not said.more_days:
                raise ValueError("`more_days` is missing")
            return nodes.FewerDays(said.days_of, said.more_days)
        case "earlier days":
            return nodes.EarlierDays(said.days_of)
        case _:
            assert_never(said.counts)

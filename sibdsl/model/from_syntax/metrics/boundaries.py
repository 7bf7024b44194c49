"""Assumptions about the boundary of a band, against what the bands say."""

from __future__ import annotations

from sibdsl.model.from_syntax.reader import Reader
from sibdsl.model.nodes import Assumption, Bands


def boundaries_agree(reader: Reader, sets: dict[str, Bands]) -> None:
    """An assumption about a boundary states what the bands say. Where they differ the bands count, and it is reported."""
    for choice in reader.values.values():
        if not isinstance(choice, Assumption) or choice.kind != "band" or choice.point is None:
            continue
        point, takes = choice.point, str(choice.takes)
        ranged = [one for one in sets.values() if not one.worded]
        owners = [one for one in ranged if any(band.name == takes for band in one.bands)]
        if not owners:
            names = [band.name for one in ranged for band in one.bands]
            reader.problems.add(
                "SIB0434",
                f"{takes} is not a band of this contract.",
                choice.span,
                clause=f"assumption {choice.name}",
                mark="no such band",
                help="Bands: " + ", ".join(f"`{one}`" for one in names) + ".",
            )
            continue
        for one in owners:
            holder = next((band.name for band in one.bands if point in band.holds), "")
            if holder and holder != takes:
                reader.problems.add(
                    "SIB0447",
                    f"The assumption puts {point} in {takes}; the bands {one.name} put it in {holder}.",
                    choice.span,
                    clause=f"assumption {choice.name}",
                    mark=f"the bands say {holder}",
                    help="The bands count. Make the two agree: change the assumption, or the bands.",
                    severity="warning",
                )

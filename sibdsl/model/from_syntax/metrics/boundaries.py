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
        ranged = [bands for bands in sets.values() if not (bands.worded or bands.dated)]
        owners = [bands for bands in ranged if any(band.name == takes for band in bands.bands)]
        if not owners:
            names = [band.name for bands in ranged for band in bands.bands]
            reader.problems.add(
                "SIB0434",
                f"{takes} is not a band of this contract.",
                choice.span,
                clause=f"assumption {choice.name}",
                mark="no such band",
                help="Bands: " + ", ".join(f"`{name}`" for name in names) + ".",
            )
            continue
        for owner in owners:
            holder = next((band.name for band in owner.bands if point in band.holds), "")
            if holder and holder != takes:
                reader.problems.add(
                    "SIB0447",
                    f"The assumption puts {point} in {takes}; the bands {owner.name} put it in {holder}.",
                    choice.span,
                    clause=f"assumption {choice.name}",
                    mark=f"the bands say {holder}",
                    help="The bands count. Make the two agree: change the assumption, or the bands.",
                    severity="warning",
                )

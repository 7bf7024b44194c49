"""Values of particulars and assumptions: which can be given, what each is, and where that is from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sibdsl.pipeline.loaded import Loaded, Values, pairs

if TYPE_CHECKING:
    from sibdsl.model.parameters.values_told import ValueTold
    from sibdsl.project.model import ProjectValues


def value_names(loaded: Loaded) -> tuple[str, ...]:
    """The names that values can be given for, in a contract, or in a programme and its contracts."""
    from sibdsl.model.parameters.values_told import value_names

    return value_names(loaded.programme)


def values_told(
    loaded: Loaded,
    values: Values | Sequence[str] = (),
    parameters: Path | None = None,
    stated: ProjectValues | None = None,
) -> tuple[ValueTold, ...]:
    """Each value with its origin, where it was loaded with these: a programme's own, then those of each contract.

    Raises Refused as `load` does. Source: commands reference, 'Values from outside'.
    """
    from sibdsl.model.parameters.values_told import values_told

    return values_told(loaded.programme, loaded.settings, pairs(values), parameters, stated)

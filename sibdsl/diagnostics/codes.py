"""The registry of codes. A code is added to the file of its family, and a test finds it here and on its page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sibdsl.diagnostics import (
    codes_bands,
    codes_baseline,
    codes_below,
    codes_blocks,
    codes_caps,
    codes_command,
    codes_counting,
    codes_dates,
    codes_factors,
    codes_files,
    codes_investing,
    codes_limits,
    codes_lines,
    codes_measured,
    codes_modules,
    codes_money,
    codes_names,
    codes_persons,
    codes_project,
    codes_reaching,
    codes_records,
    codes_shares,
    codes_structure,
    codes_syntax,
    codes_terms,
    codes_trials,
    codes_varying,
    codes_worked,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sibdsl.diagnostics.diagnostic import Code

#: How a family's codes begin -> what its part of the reference is called.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "SIB01": "Files",
        "SIB02": "Words and lines",
        "SIB03": "Names",
        "SIB04": "Meaning",
        "SIB05": "Checks of the whole contract",
        "SIB06": "Records",
        "SIB07": "Commands and settings",
        "SIB08": "Examples",
    }
)


#: Every code, in order.
REGISTRY: Mapping[str, Code] = MappingProxyType(
    {
        one.code: one
        for one in sorted(
            (
                *codes_bands.CODES,
                *codes_below.CODES,
                *codes_factors.CODES,
                *codes_factors.CHECKS,
                *codes_files.CODES,
                *codes_syntax.CODES,
                *codes_names.CODES,
                *codes_modules.CODES,
                *codes_limits.CODES,
                *codes_lines.CODES,
                *codes_blocks.CODES,
                *codes_counting.CODES,
                *codes_dates.CODES,
                *codes_money.CODES,
                *codes_baseline.CODES,
                *codes_persons.CODES,
                *codes_project.CODES,
                *codes_reaching.CODES,
                *codes_shares.CODES,
                *codes_trials.CODES,
                *codes_varying.CODES,
                *codes_worked.CODES,
                *codes_measured.CODES,
                *codes_caps.CODES,
                *codes_structure.CODES,
                *codes_investing.CODES,
                *codes_terms.CODES,
                *codes_records.CODES,
                *codes_command.CODES,
            ),
            key=lambda code: code.code,
        )
    }
)

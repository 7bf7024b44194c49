"""Bands that are groups of words: values that no band holds, or that two hold, and bands that nothing falls in."""

from __future__ import annotations

from collections.abc import Iterator

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.english import listed
from sibdsl.model.bands_in_force import allowed, banded_column, shared_words, unheld
from sibdsl.model.nodes import Bands, Contract, Metric, RecordColumn
from sibdsl.wording import clause_title


def findings(contract: Contract, bands: Bands) -> Iterator[Diagnostic]:
    """Everything to be said of one set of such bands; a hole once for each column that it is found in."""
    clause = clause_title("bands", bands.name, bands.clause)
    for band, other, common in shared_words(bands):
        said = listed([f"`{word}`" for word in common]) if common else "the rest"
        yield Diagnostic(
            "SIB0502",
            f"{band.name} and {other.name} both hold {said}. A result would fall in both, and the contract does not say which "
            "of the two is paid.",
            other.span,
            clause,
            f"{band.name} holds {said} too",
            f"Take {said} out of one of the two.",
            (Label(band.span, f"so does {band.name}"),),
        )
    told: set[tuple[str, ...]] = set()
    possible: set[str] = set()
    open_ended = False
    for metric in contract.metrics:
        column = banded_column(contract, metric, bands) if metric.bands == bands.name else None
        if column is None:
            continue
        words = allowed(metric, column)
        open_ended = open_ended or words is None
        possible |= words or set()
        missing = unheld(bands, words)
        if missing == [] or tuple(missing or ()) in told:
            continue
        told.add(tuple(missing or ()))
        yield _hole(bands, metric, column, missing, clause)
    if open_ended or not possible:
        return
    held = {word for band in bands.bands for word in band.words}
    for band in bands.bands:
        if (band.words and not possible & set(band.words)) or (band.rest and possible <= held):
            yield Diagnostic(
                "SIB0503",
                f"No value of {bands.by} falls in {band.name}"
                + (": the other bands hold every one that it can have." if band.rest else "."),
                band.span,
                clause,
                "holds no possible value",
                "Change what the band holds, or take the row out.",
                severity="warning",
            )


def _hole(
    bands: Bands, metric: Metric, column: RecordColumn, missing: list[str] | None, clause: str
) -> Diagnostic:
    quoted = [f"`{word}`" for word in missing or ()]
    said = listed(quoted) if quoted else f"every text that {column.name} may hold"
    return Diagnostic(
        "SIB0501",
        f"No band of {bands.name} holds {said}. A result of {metric.name} with such a value would be counted in no band.",
        bands.span,
        clause,
        f"no band holds {said}",
        f"Add {'it' if len(quoted) == 1 else 'them'} to a band, or add a row that holds `the rest`."
        if quoted
        else "Add a row that holds `the rest`.",
        (Label(column.span, f"{column.name} is declared here"),),
    )

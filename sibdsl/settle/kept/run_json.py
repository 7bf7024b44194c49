"""What `run.json` of a run's folder says: which texts, values and sources the run had, and which file holds what of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from sibdsl.measure.lineage import MetricInLineage
from sibdsl.model.parameters.in_force import ProgrammeSettings
from sibdsl.price import Key
from sibdsl.settle.kept import values
from sibdsl.settle.kept.quantities import CountingId, key_from_json, key_to_json
from sibdsl.settle.kept.untrusted import BrokenRun, HeldJson

FORMAT = "sibdsl.kept-run/1"


@frozen
class KeptText:
    """A text that the run was read from: the name that it had, and its file in the folder."""

    name: str
    file: str
    role: str


@frozen
class KeptSource:
    """A file of records that was read: what row accounts call it, its name, its size and SHA-256; none of a source that is no file."""

    contract: str
    records: str
    shown: str
    file: str = ""
    size: int = 0
    sha256: str = ""


@frozen
class KeptResults:
    """Where the results of a metric are kept, as the contract counts them after so many of its variations; None for all of them."""

    contract: str
    version: int | None
    metric: str
    records: str
    columns: tuple[str, ...]
    identifiers: tuple[str, ...]
    unit: Fraction
    file: str


@frozen
class KeptCuts:
    """Where it is kept what limits for each person took: `keys` are the limits by their numbers."""

    contract: str
    version: int | None
    keys: tuple[Key, ...]
    file: str


@frozen
class KeptRows:
    """Where it is kept what became of the rows of a table."""

    contract: str
    records: str
    file: str


@frozen
class RunJson:
    """The whole of it. `names` says that identifiers stand as they are; else `key` is the mark of the key of their pseudonyms."""

    program: str
    as_of: date
    as_of_why: str
    contracts: tuple[tuple[str, str, int], ...]
    texts: tuple[KeptText, ...]
    settings: ProgrammeSettings
    told: tuple[Mapping[str, str | None], ...]
    sources: tuple[KeptSource, ...]
    names: bool
    key: str
    disputed: bool
    results: tuple[KeptResults, ...] = field(repr=False)
    cuts: tuple[KeptCuts, ...] = field(repr=False)
    rows: tuple[KeptRows, ...] = field(repr=False)
    counted_last: tuple[tuple[str, int | None, CountingId], ...] = field(repr=False)
    values: Mapping[str, object] = field(factory=dict, repr=False)

    def to_json(self) -> dict[str, object]:
        """The JSON values."""
        return {
            "format": FORMAT,
            "program": self.program,
            "as_of": self.as_of.isoformat(),
            "as_of_is": self.as_of_why,
            "contracts": [
                {"name": name, "fingerprint": fingerprint, "edition": edition}
                for name, fingerprint, edition in self.contracts
            ],
            "texts": [{"name": one.name, "file": one.file, "is": one.role} for one in self.texts],
            "values": dict(self.values),
            "values_told": [dict(told) for told in self.told],
            "sources": [_source(one) for one in self.sources],
            "identifiers": {"names": True} if self.names else {"names": False, "key": self.key},
            "disputed": self.disputed,
            "results": [
                {
                    "contract": one.contract,
                    "version": one.version,
                    "metric": one.metric,
                    "records": one.records,
                    "columns": list(one.columns),
                    "identifiers": list(one.identifiers),
                    "unit": str(one.unit),
                    "file": one.file,
                }
                for one in self.results
            ],
            "limits_for_each_person": [
                {
                    "contract": one.contract,
                    "version": one.version,
                    "limits": [key_to_json(key) for key in one.keys],
                    "file": one.file,
                }
                for one in self.cuts
            ],
            "rows": [
                {"contract": one.contract, "records": one.records, "file": one.file} for one in self.rows
            ],
            "counted": [
                {
                    "contract": contract,
                    "version": version,
                    "known_on": which.known.isoformat(),
                    "terms": which.terms,
                    "cut_on": sorted(day.isoformat() for day in which.cuts),
                }
                for contract, version, which in self.counted_last
            ],
        }


def _source(one: KeptSource) -> dict[str, object]:
    return {
        "contract": one.contract,
        "records": one.records,
        "shown": one.shown,
        **({"file": one.file, "bytes": one.size, "sha256": one.sha256} if one.file else {"file": None}),
    }


def in_lineage(contract: str, version: int | None, metric: MetricInLineage, file: str) -> KeptResults:
    """Where the results of a metric are kept, from what the lineage says of it."""
    return KeptResults(
        contract,
        version,
        metric.metric,
        metric.records,
        metric.columns,
        metric.identifiers,
        metric.unit,
        file,
    )


def from_json(held: HeldJson) -> RunJson:
    """What a folder's `run.json` says. Raises BrokenRun."""
    if held["format"].text() != FORMAT:
        raise BrokenRun(f"{held.place} has a form that this version of sib does not know")
    identifiers = held["identifiers"]
    names = identifiers["names"].yes()
    return RunJson(
        held["program"].text(),
        held["as_of"].day(),
        held["as_of_is"].text(),
        tuple(
            (one["name"].text(), one["fingerprint"].text(), one["edition"].number())
            for one in held["contracts"].each()
        ),
        tuple(
            KeptText(one["name"].text(), one["file"].text(), one["is"].text()) for one in held["texts"].each()
        ),
        values.from_json(held["values"]),
        tuple(_told(one) for one in held["values_told"].each()),
        tuple(_read_source(one) for one in held["sources"].each()),
        names,
        "" if names else identifiers["key"].text(),
        held["disputed"].yes(),
        tuple(_results(one) for one in held["results"].each()),
        tuple(
            KeptCuts(
                one["contract"].text(),
                _version(one),
                tuple(key_from_json(key) for key in one["limits"].each()),
                one["file"].text(),
            )
            for one in held["limits_for_each_person"].each()
        ),
        tuple(
            KeptRows(one["contract"].text(), one["records"].text(), one["file"].text())
            for one in held["rows"].each()
        ),
        tuple(_counted(one) for one in held["counted"].each()),
    )


def _told(held: HeldJson) -> Mapping[str, str | None]:
    return {
        name: None if value is None else HeldJson(value, held.place).text()
        for name, value in held.fields().items()
    }


def _version(held: HeldJson) -> int | None:
    return None if held["version"].value is None else held["version"].number()


def _read_source(held: HeldJson) -> KeptSource:
    named = (held["contract"].text(), held["records"].text(), held["shown"].text())
    if held["file"].value is None:
        return KeptSource(*named)
    return KeptSource(*named, held["file"].text(), held["bytes"].number(), held["sha256"].text())


def _results(held: HeldJson) -> KeptResults:
    return KeptResults(
        held["contract"].text(),
        _version(held),
        held["metric"].text(),
        held["records"].text(),
        tuple(column.text() for column in held["columns"].each()),
        tuple(column.text() for column in held["identifiers"].each()),
        held["unit"].fraction(),
        held["file"].text(),
    )


def _counted(held: HeldJson) -> tuple[str, int | None, CountingId]:
    contract = held["contract"].text()
    which = CountingId(
        contract,
        held["known_on"].day(),
        held["terms"].text(),
        frozenset(day.day() for day in held["cut_on"].each()),
        accepted=False,
    )
    return contract, _version(held), which


def roles(main: str, variations: Iterable[str], every: Iterable[str]) -> dict[str, str]:
    """What each text is, by its name: the contract that was named, a variation of it, or another that these name."""
    given = set(variations)
    return {
        name: "contract" if name == main else "variation" if name in given else "named by it"
        for name in every
    }

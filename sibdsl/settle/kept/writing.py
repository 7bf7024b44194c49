"""Everything of a run written into a folder of its own, which takes its name when all of it is there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from attrs import define, evolve, field

from sibdsl import marks, progress, size_limits
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.measure import Volumes
from sibdsl.measure.kept_tables import KeptTables
from sibdsl.price import Key
from sibdsl.records.pseudonyms import Pseudonyms
from sibdsl.settle.explained_run import counts_otherwise
from sibdsl.settle.kept import manifest, quantities, values
from sibdsl.settle.kept.manifest import Manifest
from sibdsl.settle.kept.quantities import CountingId, terms_id
from sibdsl.settle.kept.run_json import KeptCuts, KeptResults, KeptRows, KeptText, RunJson, in_lineage
from sibdsl.settle.payments_to_json import to_json
from sibdsl.settle.programme import ProgrammePayments
from sibdsl.settle.run import ProgrammePaid
from sibdsl.settle.versions import Version


@define
class Writing:
    """A run that is being written into a folder of its own; `files` are the names of what has been written."""

    folder: Path
    paid: ProgrammePaid
    pseudonyms: Pseudonyms | None
    files: list[str] = field(factory=list)

    def all(self, about: RunJson, texts: Sequence[tuple[KeptText, str]], plan: str) -> None:
        """Write everything. `about` is what is known before; where results stand is added to it. Raises OSError and Refused."""
        for kept, text in texts:
            self._bytes(kept.file, text.encode("utf-8", "surrogatepass"))
        self._bytes("plan.sql", plan.encode())
        self._json("quantities.json", quantities.to_json(self.paid.countings))
        self._json("payments.json", payments_json(self.paid.payments, names=self.pseudonyms is None))
        progress.stage("keeping what is behind each line")
        with closing(KeptTables()) as tables:
            results, cuts, counted = self._behind(tables)
            rows = self._rows(tables)
        told = evolve(
            about,
            results=results,
            cuts=cuts,
            rows=rows,
            counted_last=counted,
            values=values.to_json(self.paid.payments.programme, self.paid.payments.settings),
        )
        self._json("run.json", told.to_json())

    def sealed(self) -> Manifest:
        """Write the list of the files that were written, under its seal."""
        listed = manifest.of_files(self.folder, self.files)
        (self.folder / manifest.NAME).write_bytes(listed.text().encode())
        return listed

    def _json(self, name: str, value: object) -> None:
        self._bytes(name, f"{json.dumps(value, indent=1, ensure_ascii=False)}\n".encode())

    def _bytes(self, name: str, data: bytes) -> None:
        if len(data) > size_limits.KEPT_TEXT:
            raise Refused(
                Diagnostic(
                    "SIB0710",
                    f"{name} of the run's folder would hold {len(data):,} bytes, and at most {size_limits.KEPT_TEXT:,} are kept.",
                    help="Keep the contracts of the programme by themselves.",
                )
            )
        (self.folder / name).write_bytes(data)
        self.files.append(name)

    def _new(self, name: str) -> Path:
        self.files.append(name)
        return self.folder / name

    # -------------------------------------------------------------- results

    def _behind(
        self, tables: KeptTables
    ) -> tuple[tuple[KeptResults, ...], tuple[KeptCuts, ...], tuple[tuple[str, int | None, CountingId], ...]]:
        results: list[KeptResults] = []
        cuts: list[KeptCuts] = []
        counted: list[tuple[str, int | None, CountingId]] = []
        for number, member in enumerate(self.paid.members(), 1):
            payments = member.payments
            name = payments.contract.name
            for at, version, volumes in self._volumes(name, payments.versions):
                counted.append(
                    (
                        name,
                        at,
                        CountingId(
                            name, payments.as_of, terms_id(version.contract), version.cuts, accepted=False
                        ),
                    )
                )
                mark = f"{number}-{'now' if at is None else at}"
                results += self._results(tables, volumes, name, at, mark)
                limited = self._cuts(tables, volumes, name, at, mark)
                cuts += [] if limited is None else [limited]
        return tuple(results), tuple(cuts), tuple(counted)

    def _volumes(
        self, name: str, versions: Sequence[Version]
    ) -> Iterator[tuple[int | None, Version, Volumes]]:
        """The volumes of the last version, then of each before it that counts otherwise and has lines in the run."""
        yield None, versions[-1], self.paid.volumes[name]
        payments = self.paid.payments.of(name)
        stated = [payments.version_of(line) for line in payments.lines]
        for at, version in enumerate(versions[:-1]):
            if self.paid.again is None or not counts_otherwise(payments, version):
                continue
            if any(one is version for one in stated):
                with self.paid.again(name, version) as volumes:
                    yield at, version, volumes

    def _results(
        self, tables: KeptTables, volumes: Volumes, contract: str, at: int | None, mark: str
    ) -> Iterator[KeptResults]:
        lineage = volumes.lineage()
        for metric in lineage.metrics():
            path = self._new(f"results-{mark}-{metric.at + 1}.parquet")
            staged = tables.folder / "staged.csv"
            with staged.open("wb") as stream:
                lineage.append(metric, stream, names=self.pseudonyms is None)
            tables.write_results(staged, metric, self.pseudonyms, path)
            staged.unlink()
            yield in_lineage(contract, at, metric, path.name)

    def _cuts(
        self, tables: KeptTables, volumes: Volumes, contract: str, at: int | None, mark: str
    ) -> KeptCuts | None:
        """What limits for each person took, result by result."""
        keys: tuple[Key, ...] = tuple(volumes.withheld)
        if not keys:
            return None
        path = self._new(f"limits-{mark}.parquet")
        staged = tables.folder / "staged.csv"
        with staged.open("wb") as stream:
            for limit, key in enumerate(keys):
                _append(
                    stream,
                    (
                        (limit, cut.person, cut.day, cut.records, cut.source, cut.row, cut.due, cut.taken)
                        for cut in volumes.cuts_of(key)
                    ),
                )
        tables.write_cuts(staged, self.pseudonyms, path)
        staged.unlink()
        return KeptCuts(contract, at, keys, path.name)

    def _rows(self, tables: KeptTables) -> tuple[KeptRows, ...]:
        """What became of every row, table by table."""
        found: list[KeptRows] = []
        for number, member in enumerate(self.paid.members(), 1):
            for at, table in enumerate(member.volumes.accounts, 1):
                path = self._new(f"rows-{number}-{at}.parquet")
                staged = tables.folder / "staged.csv"
                with staged.open("wb") as stream:
                    member.volumes.append_rows_of(table, stream, names=self.pseudonyms is None)
                tables.write_rows(staged, path)
                staged.unlink()
                found.append(KeptRows(member.payments.contract.name, table, path.name))
        return tuple(found)


def payments_json(run: ProgrammePayments, *, names: bool) -> Mapping[str, object]:
    """The payments as `sib pay` prints them; without `names` no warning says what it quotes of records."""
    found = to_json(run)
    return found if names else _without_quotes(found)


def _without_quotes(value: Mapping[str, object]) -> Mapping[str, object]:
    """The same with the words of warnings left out, for they may name people."""
    found = dict(value)
    warnings, contracts = found.get("warnings"), found.get("contracts")
    if isinstance(warnings, list):
        found["warnings"] = [{**warning, "message": "", "mark": "", "help": ""} for warning in warnings]
    if isinstance(contracts, list):
        found["contracts"] = [_without_quotes(contract) for contract in contracts]
    return found


def _append(stream: BinaryIO, rows: Iterator[Sequence[object]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    text.detach()


def shown_plan(statements: Sequence[str], hidden: Mapping[str, str]) -> str:
    """The statements that an engine carried out, each once and in order, with the folders of this machine left out."""
    every: list[str] = []
    for statement in dict.fromkeys(statements):
        for path, instead in hidden.items():
            statement = statement.replace(path, instead)  # noqa: PLW2901 - the same statement, less its folders
        every.append(f"{marks.escaped(statement)};\n")
    return "".join(every)

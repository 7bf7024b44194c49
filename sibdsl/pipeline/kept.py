"""Runs that are kept in a folder: written, checked against themselves, and explained where the records are not.

    keep = keeping(loaded, records, folder)                  before the run: may it be kept?
    with pay(loaded, records, day, engine=keep.engine()) as paid:
        keep.write(paid)

    with opened(folder) as kept:                             on another machine
        explain_line(kept.run, "L21")
    verified(folder)

Source of the rules: run folders reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field, frozen

import sibdsl
from sibdsl import files, marks
from sibdsl.diagnostics import Diagnostic, NotGiven, Refused, Unpriceable
from sibdsl.pipeline import placed, sound
from sibdsl.pipeline.loaded import Loaded
from sibdsl.source import Source

if TYPE_CHECKING:
    from sibdsl.measure.engines import Engine, Made
    from sibdsl.measure.kept_tables import KeptTables
    from sibdsl.model.nodes import Programme
    from sibdsl.model.parameters.in_force import ProgrammeSettings, Settings
    from sibdsl.model.parameters.values_told import ValueTold
    from sibdsl.records import Account, RecordsGiven, RecordSource
    from sibdsl.records.pseudonyms import Pseudonyms
    from sibdsl.settle.kept.manifest import KeptTexts, Manifest
    from sibdsl.settle.kept.replay import KeptRun
    from sibdsl.settle.kept.results import ResultsInFolder
    from sibdsl.settle.kept.run_json import KeptSource, KeptText, RunJson
    from sibdsl.settle.payments import Payments
    from sibdsl.settle.run import ProgrammePaid
    from sibdsl.settle.versions import Version

_LIBRARY = "stdlib/"


# ------------------------------------------------------------------ writing


@frozen
class Written:
    """A folder that keeps a run: its seal, and whether it was there already. `key` is the file of a key that was made for it."""

    seal: str
    already: bool
    key: Path | None


class _There(Exception):
    """The folder keeps this very run already; the text is its seal."""


@define
class Keeping:
    """A run that will be kept in a folder."""

    folder: Path
    _loaded: Loaded = field(repr=False)
    _as_of_why: str
    _told: Sequence[ValueTold] = field(repr=False)
    _sources: Mapping[str, Sequence[RecordSource]] = field(repr=False)
    _watch: files.Watch = field(repr=False)
    _there: Manifest | None = field(repr=False)
    _pseudonyms: Pseudonyms | None = field(repr=False)
    #: Where a new key is written.
    _new_key: Path | None = field(repr=False)
    _statements: list[str] = field(factory=list, repr=False)

    def engine(self, engine: Made | None = None) -> Made:
        """What makes an engine that notes for the folder what it carries out."""
        from sibdsl.measure.engines import default_engine
        from sibdsl.measure.engines.recorded import Recorded

        def made() -> Engine:
            return Recorded((engine or default_engine)(), self._statements)

        return made

    def write(self, paid: ProgrammePaid) -> Written:
        """Write the folder, whole or not at all, while the run is open. A folder that keeps the same run stays as it is.

        Before it takes its name it is read again, and must give the payments of the run. Raises Refused for a folder that keeps
        another run (SIB0708) and for a source that changed meanwhile (SIB0106), OSError, and Unexplained.
        """
        from sibdsl.records import pseudonyms

        if self._new_key is not None and self._pseudonyms is not None:
            pseudonyms.write(self._new_key, self._pseudonyms)
        try:
            return Written(self._written(paid), already=False, key=self._new_key)
        except _There as there:
            return Written(str(there), already=True, key=None)
        except BaseException:
            if self._new_key is not None:
                self._new_key.unlink(missing_ok=True)
            raise

    def _written(self, paid: ProgrammePaid) -> str:
        from sibdsl.settle.kept import folder as folders
        from sibdsl.settle.kept.writing import Writing, shown_plan
        from sibdsl.settle.unexplained import Unexplained

        texts = self._texts()
        plan = shown_plan(self._statements, self._hidden())
        about = self._about(paid, [kept for kept, _ in texts])
        with folders.being_written(self.folder) as beside:
            writing = Writing(beside, paid, self._pseudonyms)
            writing.all(about, texts, plan)
            listed = writing.sealed()
            self._watch.stop_where_changed()
            if self._there is not None:
                if folders.same_run(self._there, listed):
                    raise _There(self._there.seal)
                raise folders.other_run(self.folder)
            wrong = verified(beside).changes
            if wrong:
                raise Unexplained(f"what would be kept does not give the payments again: {wrong[0]}")
        return listed.seal

    def _hidden(self) -> dict[str, str]:
        """The folders of the sources, which no plan needs to say."""
        paths = {path for every in self._sources.values() for source in every for path in source.files}
        found = {f"{path.absolute().parent}/": "" for path in paths}
        return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))

    def _texts(self) -> list[tuple[KeptText, str]]:
        from sibdsl.settle.kept.run_json import KeptText, roles

        read = self._loaded.read
        main = read.program.main.source.name
        variations = [one.source.name for one in read.program.variations]
        said = roles(main, variations, read.sources)
        return [
            (KeptText(name, f"text-{at}.txt", said[name]), source.text)
            for at, (name, source) in enumerate(read.sources.items(), 1)
        ]

    def _about(self, paid: ProgrammePaid, texts: Sequence[KeptText]) -> RunJson:
        from sibdsl.model.editions import reads_as
        from sibdsl.settle.kept.run_json import RunJson

        payments = paid.payments
        made = self._pseudonyms
        return RunJson(
            sibdsl.__version__,
            payments.as_of,
            self._as_of_why,
            tuple((run.contract.name, run.fingerprint, reads_as(run.contract)) for run in payments.runs),
            tuple(texts),
            payments.settings,
            tuple(
                {"of": told.of, "name": told.name, "value": told.value, "origin": told.origin}
                for told in self._told
            ),
            tuple(self._kept_sources(paid)),
            made is None,
            "" if made is None else made.mark,
            any(run.were_accepted is not None for run in payments.runs),
            (),
            (),
            (),
            (),
        )

    def _kept_sources(self, paid: ProgrammePaid) -> Iterator[KeptSource]:
        from sibdsl.records import tables_read
        from sibdsl.settle.kept.manifest import hash_of
        from sibdsl.settle.kept.run_json import KeptSource

        hashed: dict[Path, tuple[int, str]] = {}
        for contract, every in self._sources.items():
            for source in every:
                for path in source.files:
                    if path not in hashed:
                        hashed[path] = hash_of(path)
                    yield KeptSource(contract, source.records, source.shown, path.name, *hashed[path])
                if not source.files:
                    read = tables_read(paid.places[contract]).get(source.shown)
                    yield KeptSource(
                        contract, source.records, source.shown, sha256=read.sha256 if read else ""
                    )


def keeping(
    loaded: Loaded,
    records: RecordsGiven,
    folder: Path,
    *,
    as_of_why: str = "as given",
    names: bool = False,
    key: Path | None = None,
    told: Sequence[ValueTold] = (),
) -> Keeping:
    """Look, before a run, whether it can be kept in a folder, and how its people are called there.

    With `names` identifiers stand as they are. Else each is a pseudonym under the key in the file `key`, or in `FOLDER.key` beside
    the folder; where there is no such file, a new key is written to it. Raises Refused for a folder that is no run's (SIB0708),
    for a file that holds no key (SIB0722), and for records that are not there (SIB06xx).
    """
    from sibdsl.records import find, folders, let_go, pseudonyms
    from sibdsl.settle.kept.folder import may_keep

    sound(loaded)
    there = may_keep(folder)
    place = key or folder.with_name(f"{folder.name}.key")
    new = not names and not place.exists()
    if new and there is not None:
        raise Refused(
            Diagnostic(
                "SIB0722",
                f"{marks.one_line(str(folder))} keeps a run, and there is no {marks.one_line(str(place))} with the key of its pseudonyms.",
                help="Name the file of its key with `--key`, or another folder after `--keep`.",
            )
        )
    made = None if names else pseudonyms.new() if new else pseudonyms.read(place)
    where = folders(loaded.programme, placed(loaded, records))
    try:
        sources = {
            name: [source for every in find(contract, where[name]).values() for source in every]
            for name, contract in loaded.in_force.items()
        }
    finally:
        for one in where.values():
            let_go(one)
    watch = files.Watch([path for every in sources.values() for source in every for path in source.files])
    return Keeping(folder, loaded, as_of_why, told, sources, watch, there, made, place if new else None)


# ------------------------------------------------------------------ reading


def read_key(path: Path) -> Pseudonyms:
    """The pseudonyms under the key in a file. Raises Refused for a file that holds none (SIB0722), and OSError."""
    from sibdsl.records import pseudonyms

    return pseudonyms.read(path)


@frozen
class KeptFolder:
    """A run out of its folder: what it says of itself, its texts and values, and the run, which can be explained line by line."""

    folder: Path
    manifest: Manifest
    about: RunJson
    loaded: Loaded = field(repr=False)
    run: KeptRun = field(repr=False)


@contextmanager
def opened(folder: Path) -> Iterator[KeptFolder]:
    """A run out of its folder, priced again by this version from the quantities that were counted. Nothing of it is trusted.

    Raises Refused for what is no run's folder (SIB0720) and for one that is not as it was written (SIB0721).
    """
    from sibdsl.measure.engines import EngineError
    from sibdsl.measure.kept_tables import KeptTables
    from sibdsl.settle.kept.manifest import KeptTexts, held, unreadable
    from sibdsl.settle.kept.untrusted import BrokenRun

    manifest = held(folder)
    texts = KeptTexts(folder, manifest)
    try:
        with KeptTables() as tables:
            yield _read(texts, tables)
    except (BrokenRun, EngineError) as broken:
        raise unreadable(folder, marks.one_line(str(broken))) from None


def _read(texts: KeptTexts, tables: KeptTables) -> KeptFolder:
    from sibdsl.settle.explained_run import ContractRun
    from sibdsl.settle.kept import quantities, run_json
    from sibdsl.settle.kept.replay import KeptRun, priced_again
    from sibdsl.settle.kept.results import ResultsInFolder
    from sibdsl.settle.kept.untrusted import BrokenRun

    about = run_json.from_json(texts.json("run.json"))
    countings = quantities.from_json(texts.json("quantities.json"))
    loaded = _loaded(texts, about)
    try:
        payments = priced_again(
            loaded.programme,
            loaded.settings,
            countings,
            about.as_of,
            _accounts(texts),
            disputed=about.disputed,
        )
    except (NotGiven, Unpriceable, KeyError, TypeError, ArithmeticError, IndexError) as error:
        raise BrokenRun(f"its texts, values and quantities do not go together ({error})") from None

    def behind(name: str, version: int | None) -> ResultsInFolder:
        found = next((which for of, at, which in about.counted_last if (of, at) == (name, version)), None)
        if found is None:
            raise BrokenRun(f"run.json does not say what was counted of {name}")
        withheld = {key: number for key, number in countings.of(found).items() if key.withheld}
        return ResultsInFolder(
            tables,
            texts.table,
            {one.metric: one for one in about.results if (one.contract, one.version) == (name, version)},
            next((one for one in about.cuts if (one.contract, one.version) == (name, version)), None),
            withheld,
        )

    def under(run: Payments, version: Version) -> ResultsInFolder:
        return behind(run.contract.name, next(at for at, one in enumerate(run.versions) if one is version))

    members = tuple(
        ContractRun(run, behind(run.contract.name, None), partial(under, run)) for run in payments.runs
    )
    return KeptFolder(texts.folder, texts.manifest, about, loaded, KeptRun(payments, members))


def _loaded(texts: KeptTexts, about: RunJson) -> Loaded:
    """The contract or programme of the folder's own texts; no other file is read."""
    from sibdsl.compile import compile_either
    from sibdsl.files import Reach
    from sibdsl.settle.kept.untrusted import BrokenRun

    every: dict[str, str] = {}
    for kept in about.texts:
        try:
            every[kept.name] = texts.bytes_of(kept.file).decode("utf-8")
        except UnicodeDecodeError:
            raise BrokenRun(f"{kept.file} is no text") from None
    main = next((kept.name for kept in about.texts if kept.role == "contract"), None)
    if main is None:
        raise BrokenRun("run.json names no contract among its texts")
    library = {name: text for name, text in every.items() if name.startswith(_LIBRARY)}
    own = {name: text for name, text in every.items() if name not in library}
    variations = [Source(kept.name, every[kept.name]) for kept in about.texts if kept.role == "variation"]
    try:
        made = compile_either(Source(main, every[main]), variations, reach=Reach.only(own, library))
        _check_values(made.programme, about.settings)
        return sound(Loaded(made.read_again(about.settings), about.settings))
    except Refused as refused:
        raise BrokenRun(f"its texts cannot be read by this version of sib: {refused}") from None
    except (NotGiven, KeyError, TypeError) as error:
        raise BrokenRun(f"its texts and values do not go together ({error})") from None


def _check_values(programme: Programme, settings: ProgrammeSettings) -> None:
    """Raise BrokenRun for values that no contract of the folder declares."""
    from sibdsl.model.parameters.in_force import adjustable
    from sibdsl.settle.kept.untrusted import BrokenRun

    def check(names: set[str], held: Settings, of: str) -> None:
        unknown = set(held.values) - names
        if unknown:
            raise BrokenRun(f"run.json gives {marks.one_line(min(unknown))}, which {of} does not declare")

    for member in programme.members:
        if member.name not in settings.members:
            raise BrokenRun(f"run.json has no values of {member.name}")
        check({one.name for one in adjustable(member)}, settings.of(member.name), member.name)
    if not programme.alone:
        given = {*(one.name for one in programme.particulars), *(one.name for one in programme.assumptions)}
        check(given, settings.own, programme.name)


def _accounts(texts: KeptTexts) -> dict[str, dict[str, Account]]:
    """What became of the rows of each contract's tables, as payments.json says it."""
    from sibdsl.records import STATUSES, Account
    from sibdsl.settle.kept.untrusted import BrokenRun, HeldJson

    whole = texts.json("payments.json")
    every: list[HeldJson] = [*whole["contracts"].each()] if whole.has("contracts") else [whole]
    found: dict[str, dict[str, Account]] = {}
    for run in every:
        records = run["records"]
        try:
            found[run["contract"]["name"].text()] = {
                name: Account(
                    records[name]["rows"].number(),
                    **{status: records[name][status].number() for status in STATUSES},
                )
                for name in records.fields()
            }
        except ArithmeticError:
            raise BrokenRun("the rows that payments.json accounts for do not add up") from None
    return found


def stop_where_stated_earlier(kept: KeptFolder, line: str) -> None:
    """Raise Refused (SIB0723) for a line whose statement was made of what was known on an earlier day than the run's."""
    from sibdsl.dates import long

    loaded = kept.loaded
    if not (loaded.programme.alone and loaded.contract.stated_as_known):
        return
    (run,) = kept.run.payments.runs
    day = run.known_for(line.strip().upper())
    if day != run.as_of:
        raise Refused(
            Diagnostic(
                "SIB0723",
                f"{marks.one_line(line)} was stated from what was known on {long(day)}; this folder keeps what was behind the run as of {long(run.as_of)}.",
                help=f"Keep a run with `--as-of {day.isoformat()}`, or explain the line with the contract and `--records`.",
            )
        )


# ------------------------------------------------------------------ checking


@frozen
class Verified:
    """What was found in a run's folder: `changes` are what is not as it was written, or does not follow from the rest, in words."""

    folder: Path
    seal: str
    files: int
    changes: tuple[str, ...]
    about: RunJson | None = field(default=None, repr=False)


def verified(folder: Path) -> Verified:
    """Look whether a run's folder is as it was written: every byte of it, and whether quantities give its payments again.

    The results behind quantities must add up to them, and rows to what was accounted for. Raises Refused for what is no run's
    folder (SIB0720) and for one whose list of files was changed (SIB0721).
    """
    from sibdsl.settle.kept.manifest import changes, held

    manifest = held(folder)
    found = [*changes(folder, manifest)]
    if found:
        return Verified(folder, manifest.seal, len(manifest.files), tuple(found))
    try:
        with opened(folder) as kept:
            found = [*_does_not_follow(kept)]
            about = kept.about
    except Refused as refused:
        return Verified(
            folder, manifest.seal, len(manifest.files), tuple(one.message for one in refused.found)
        )
    return Verified(folder, manifest.seal, len(manifest.files), tuple(found), about)


def _does_not_follow(kept: KeptFolder) -> Iterator[str]:
    """What in a folder, none of whose bytes changed, does not follow from the rest."""
    from sibdsl.settle.kept.follows import rows_and_results
    from sibdsl.settle.kept.manifest import KeptTexts
    from sibdsl.settle.kept.writing import payments_json

    texts = KeptTexts(kept.folder, kept.manifest)
    was = texts.json("payments.json").fields()
    now = json.loads(json.dumps(payments_json(kept.run.payments, names=True)))
    for part in _differing(was, now):
        by = f", by sib {sibdsl.__version__}" if sibdsl.__version__ != kept.about.program else ""
        yield f"the quantities do not give the {part} of payments.json again{by}"
    for run, (name, fingerprint, _) in zip(kept.run.payments.runs, kept.about.contracts, strict=False):
        if (run.contract.name, run.fingerprint) != (name, fingerprint):
            yield f"the texts do not give the fingerprint of {marks.one_line(name)} again"
    yield from rows_and_results(kept.run, kept.about, texts.table)


def _differing(was: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    """The parts of payments that are not what they were; warnings, which come from the records, are left out."""
    for name in dict.fromkeys((*was, *now)):
        if name == "warnings":
            continue
        one, other = was.get(name), now.get(name)
        if (
            name == "contracts"
            and isinstance(one, list)
            and isinstance(other, list)
            and len(one) == len(other)
        ):
            for mine, theirs in zip(one, other, strict=True):
                yield from _differing(mine, theirs)
        elif one != other:
            yield name

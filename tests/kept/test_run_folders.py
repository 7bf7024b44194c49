"""A run that is kept: its folder gives the run again, byte for byte what was kept, and no byte of it changes unseen."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sibdsl import pipeline
from sibdsl.cli.app import run as sib
from sibdsl.diagnostics import Refused
from sibdsl.pipeline import kept
from sibdsl.records.pseudonyms import Pseudonyms, read
from sibdsl.source import Source
from tests.oracle import generate
from tests.programme.made import cap, made, member
from tests.programme.test_explained import people, written
from tests.settle import test_persons_under_a_replaced_limit as limits
from tests.settle.tower_hamlets import DAY, FILE, RECORDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published quarter, kept with pseudonyms."""
    into = tmp_path_factory.mktemp("kept") / "run"
    keep(into)
    return into


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, kept with identifiers."""
    into = tmp_path_factory.mktemp("kept") / "named"
    keep(into, names=True)
    return into


def keep(into: Path, day: date = DAY, *, names: bool = False) -> kept.Written:
    ready = pipeline.load(FILE)
    keeping = kept.keeping(ready, RECORDS, into, names=names)
    with pipeline.pay(ready, RECORDS, day, engine=keeping.engine()) as paid:
        return keeping.write(paid)


def every_record(node: object) -> Iterator[dict[str, object]]:
    """Every record in an explanation as JSON."""
    if isinstance(node, dict):
        if "person" in node and "source" in node:
            yield node
        for value in node.values():
            yield from every_record(value)
    elif isinstance(node, list):
        for value in node:
            yield from every_record(value)


def test_a_folder_explains_each_line_as_its_records_do(named: Path, folder: Path) -> None:
    key = read(folder.with_name("run.key"))
    ready = pipeline.load(FILE)
    with (
        pipeline.pay(ready, RECORDS, DAY) as paid,
        kept.opened(named) as by_name,
        kept.opened(folder) as hidden,
    ):
        lines = [line.id for line in paid.payments.lines]
        assert "L21" in lines
        for line in lines:
            facts = pipeline.explain_line(paid, line)
            again = pipeline.explain_line(by_name.run, line)
            assert pipeline.explanation_json(again) == pipeline.explanation_json(facts)
            assert pipeline.explanation_pages(again) == pipeline.explanation_pages(facts)
            secret = json.dumps(pipeline.explanation_json(pipeline.explain_line(hidden.run, line)))
            told = [*every_record(pipeline.explanation_json(facts))]
            assert sorted(key.of(str(one["person"])) for one in told) == sorted(
                str(one["person"]) for one in every_record(json.loads(secret))
            )
            assert not any(f'"{one["person"]}"' in secret for one in told)


def test_no_file_of_a_folder_names_anybody(folder: Path) -> None:
    people = {
        cell
        for file in RECORDS.glob("*.csv")
        for row in file.read_text(encoding="utf-8").splitlines()[1:]
        for cell in row.split(",")
        if cell.startswith(("P0", "J0"))
    }
    assert len(people) > 50
    for file in folder.iterdir():
        data = file.read_bytes()
        assert not [one for one in people if one.encode() in data], file.name


def test_one_person_has_one_pseudonym_which_the_key_gives_again() -> None:
    made = Pseudonyms(bytes(range(32)))
    # Worked out by `printf é | openssl dgst -sha256 -mac HMAC -macopt hexkey:...`.
    assert made.of("P001") == "p-018f4cf9cc05ed28"
    assert made.of("é") == "p-2445a1fe5ea6e3a6"
    assert made.of("") == ""
    assert Pseudonyms(bytes(32)).of("P001") != made.of("P001")


def test_a_folder_and_its_key_are_their_owner_s_alone(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (*folder.iterdir(), folder.with_name("run.key")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_the_same_run_is_kept_once_and_another_never_over_it(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    again = keep(folder)
    assert again.already
    assert again.seal == kept.verified(folder).seal
    with pytest.raises(Refused, match="keeps another run"):
        keep(folder, date(2018, 6, 30))
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert sorted(entry.name for entry in folder.parent.iterdir()) == ["run", "run.key"]


def test_a_folder_that_is_no_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="no folder of a run"):
        keep(tmp_path / "own")
    assert [path.name for path in tmp_path.rglob("*")] == ["own", "letter.txt"]


def copied(folder: Path, into: Path) -> Path:
    into.mkdir()
    for file in folder.iterdir():
        (into / file.name).write_bytes(file.read_bytes())
    return into


def test_nothing_was_changed_in_a_copy(folder: Path, tmp_path: Path) -> None:
    found = kept.verified(copied(folder, tmp_path / "copy"))
    assert found.changes == ()
    assert found.files == len([*folder.iterdir()]) - 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_that_changes_is_named(folder: Path, data: st.DataObject) -> None:
    names = sorted(file.name for file in folder.iterdir())
    with TemporaryDirectory() as there:
        copy = copied(folder, Path(there) / "run")
        name = data.draw(st.sampled_from(names))
        content = bytearray((copy / name).read_bytes())
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= data.draw(st.integers(1, 255))
        (copy / name).write_bytes(content)
        if name == "manifest.json":
            with pytest.raises(Refused) as stop:
                kept.verified(copy)
            assert stop.value.found[0].code == "SIB0721"
            assert "manifest.json" in stop.value.found[0].message
        else:
            assert kept.verified(copy).changes == (f"{name} was changed",)


def test_what_is_missing_or_was_added_is_named(folder: Path, tmp_path: Path) -> None:
    copy = copied(folder, tmp_path / "copy")
    (copy / "rows-1-1.parquet").unlink()
    (copy / "extra.json").write_text("{}")
    (copy / "plan.sql").unlink()
    (copy / "plan.sql").symlink_to("/etc/passwd")
    assert kept.verified(copy).changes == (
        "plan.sql is a link, not the file that was written",
        "rows-1-1.parquet is missing",
        "extra.json was added: the run has no such file",
    )


def resealed(copy: Path, name: str, content: bytes) -> None:
    """Change a file, and the list with its seal, as somebody would who means to deceive."""
    from sibdsl.settle.kept import manifest

    (copy / name).write_bytes(content)
    names = [file.name for file in copy.iterdir() if file.name != manifest.NAME]
    (copy / manifest.NAME).write_text(manifest.of_files(copy, names).text())


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        ("payments.json", '"5400.00"', '"5500.00"', "do not give the lines of payments.json again"),
        ("quantities.json", '"quantity": "4"', '"quantity": "5"', "payments.json again"),
        ("text-1.txt", "£1,350", "£1,450", "under the terms that its texts have"),
        ("quantities.json", '"quantity": "4"', '"quantity": "1e9"', "is no exact number"),
        ("run.json", "text-1.txt", "../../key", "names no"),
        ("run.json", '"format"', '"form"', "has no `format`"),
    ],
)  # fmt: skip
def test_who_seals_it_again_is_found_out(
    folder: Path, tmp_path: Path, name: str, was: str, now: str, said: str
) -> None:
    copy = copied(folder, tmp_path / "copy")
    text = (copy / name).read_text(encoding="utf-8")
    assert was in text
    resealed(copy, name, text.replace(was, now).encode())
    assert any(said in change for change in kept.verified(copy).changes)


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing PAR1", b"[" * 100_000, b"\xff\xfe"])
@pytest.mark.parametrize("name", ["quantities.json", "results-1-now-1.parquet", "manifest.json"])
def test_what_is_broken_is_told_in_a_line(folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
    copy = copied(folder, tmp_path / "copy")
    if name == "manifest.json":
        (copy / name).write_bytes(content)
        with pytest.raises(Refused):
            kept.verified(copy)
        return
    resealed(copy, name, content)
    assert len(kept.verified(copy).changes) == 1


def test_texts_of_a_folder_read_no_file_of_this_machine(folder: Path, tmp_path: Path) -> None:
    copy = copied(folder, tmp_path / "copy")
    mine = tmp_path / "mine.sib"
    mine.write_text("variation Mine\n  agreed 1 May 2016\nend variation\n")
    run = json.loads((copy / "run.json").read_text())
    text = (copy / "text-1.txt").read_text(encoding="utf-8")
    name = next(one for one in run["texts"] if one["is"] == "contract")
    moved = json.dumps(run).replace(json.dumps(name["name"]), json.dumps(str(tmp_path / "main.sib")))
    varied = text.replace("\nend contract", '\n  varied by "mine.sib"\nend contract', 1)
    assert varied != text
    (copy / "run.json").write_text(moved)
    resealed(copy, "text-1.txt", varied.encode())
    (change,) = kept.verified(copy).changes
    assert "It was not looked at" in change


def the_same(ready: pipeline.Loaded, records: Path, day: date, folder: Path) -> None:
    """That a run which is kept explains each of its lines out of its folder as out of its records, and pays the same."""
    into = folder / "run"
    keeping = kept.keeping(ready, records, into, names=True)
    with pipeline.pay(ready, records, day, engine=keeping.engine()) as paid:
        keeping.write(paid)
        with kept.opened(into) as again:
            now, was = (
                {**pipeline.to_json(run), "warnings": []} for run in (again.run.payments, paid.payments)
            )
            if ready.programme.alone:
                assert now == was
            for mine, theirs in zip(paid.members(), again.run.members(), strict=True):
                for volume in mine.volumes.quantities:
                    place = (volume.segment, volume.metric, volume.band)
                    assert [*theirs.volumes.earned(*place)] == [*mine.volumes.earned(*place)]
                name = mine.payments.contract.name
                for line in mine.payments.lines:
                    facts, same = (pipeline.explain_line(run, line.id, name) for run in (paid, again.run))
                    assert pipeline.explanation_json(same) == pipeline.explanation_json(facts)
                    assert pipeline.explanation_pages(same) == pipeline.explanation_pages(facts)
    assert kept.verified(into).changes == ()
    assert [path.name for path in folder.iterdir() if "run" in path.name] == ["run"]


@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), varied=st.booleans(), at=st.integers(0, 8))
def test_generated_records_are_explained_alike(seed: int, varied: bool, at: int) -> None:
    variation = [FILE.with_name("tower_hamlets_2019_01.sib")] if varied else []
    ready = pipeline.load(FILE, variation, values=["Job Start Rate=2400"] if varied else [])
    with TemporaryDirectory() as name:
        records = Path(name) / "records"
        generate.write_case(records, seed, 25)
        days = generate.as_of_choices(seed)
        the_same(ready, records, days[-1 - at % len(days)], Path(name))


def test_what_limits_for_each_person_took_is_explained_alike(tmp_path: Path) -> None:
    text = limits.CONTRACT + limits.FEE.format(rate=10, own=limits.LIMIT.format(most=25, over=limits.OVER[0]))
    records = tmp_path / "records"
    records.mkdir()
    jobs = [f"P{at % 5},2026-{month:02}-1{at % 7}\n" for at in range(20) for month in (4, 5, 8)]
    (records / "jobs.csv").write_text("Person ID,Started On\n" + "".join(jobs))
    ready = pipeline.load(Source("starts.sib", text))
    the_same(ready, records, date(2027, 3, 31), tmp_path)


def test_a_programme_is_explained_alike(tmp_path: Path) -> None:
    project = made(tmp_path, cap("£500 over the programme"), {"North": member("North", fee="£90")})
    jobs = {"North": people(4, date(2016, 4, 1)), "South": people(3, date(2016, 7, 1))}
    records = written(tmp_path, jobs)
    the_same(pipeline.load(project.path), records, date(2018, 3, 31), tmp_path)


def calls_of_files(monkeypatch: pytest.MonkeyPatch, stop_at: int) -> None:
    """Stop, as a person would with Ctrl-C, when so many files have been written, synced or named."""
    seen = 0

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **options: object) -> object:
            nonlocal seen
            seen += 1
            if seen == stop_at:
                raise KeyboardInterrupt(name)
            return real(*words, **options)

        return call

    monkeypatch.setattr(Path, "write_bytes", counted("write", Path.write_bytes))
    monkeypatch.setattr(os, "fsync", counted("sync", os.fsync))
    monkeypatch.setattr(Path, "rename", counted("rename", Path.rename))


@pytest.mark.parametrize("stop_at", [1, 3, 6, 9, 14, 20])
def test_a_run_that_is_stopped_while_it_is_kept_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    into = tmp_path / "run"
    with monkeypatch.context() as patched:
        calls_of_files(patched, stop_at)
        with pytest.raises(KeyboardInterrupt):
            keep(into)
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_run_left_is_cleared_and_the_next_is_whole(tmp_path: Path) -> None:
    into = tmp_path / "run"
    killed = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from sibdsl.cli import main\n"
        "from sibdsl.settle.kept import folder\n"
        "folder._settled = lambda path: os.kill(os.getpid(), signal.SIGKILL)\n"
        "main(sys.argv[1:])\n"
    )
    call = ["pay", str(FILE), "--records", str(RECORDS), "--as-of", "2018-07-31", "--keep", str(into)]
    left = subprocess.run(
        [sys.executable, "-c", killed, *call], capture_output=True, check=False, env={**os.environ}
    )
    assert left.returncode == -signal.SIGKILL
    assert not into.exists()
    assert len([*tmp_path.glob(".run.sib-*.part")]) == 1
    keep(into)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["run", "run.key"]
    assert kept.verified(into).changes == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--names"], "--names goes with --keep DIR"),
        (["--key", "k"], "--key goes with --keep DIR"),
        (["--names", "--format", "html"], "--names goes with --keep DIR"),
        (["--names", "--key", "k", "--keep", "run"], "leave one of them out"),
        (["--rows", "rows.parquet"], "name a file that ends in .csv"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sib(["pay", str(FILE), "--records", str(RECORDS), *options]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["quantities.json", "run.json", "text-1.txt", "rows-1-1.parquet"])
def test_a_missing_file_leads_to_verify(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    copy = copied(folder, tmp_path / "copy")
    (copy / name).unlink()
    assert sib(["explain", str(copy)]) == (0 if name.startswith("rows") else 2)
    told = " ".join(capsys.readouterr().err.split())
    if not name.startswith("rows"):
        assert "SIB0721" in told
        assert f"{name} is missing" in told
        assert "`sib verify` names every file" in told
    assert sib(["verify", str(copy)]) == 1
    assert f"{name} is missing" in " ".join(capsys.readouterr().out.split())


def test_a_key_that_is_needed_and_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["explain", str(FILE), "--records", str(RECORDS), "--line", "L21", "--key", str(tmp_path / "k")]
    assert sib(call) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "SIB0722" in told
    assert "with a key of pseudonyms" in told

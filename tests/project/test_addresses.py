"""Addresses of databases: what they may hold, and that a password is neither taken nor shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from sibdsl.cli.app import run
from sibdsl.diagnostics import Refused
from sibdsl.project.addresses import DatabaseKind, is_address, read
from sibdsl.project.sib_toml import load

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
SECRET = "hunter-two"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite:///records.db", "records.db"),
        ("sqlite:////data/north/records.db", "/data/north/records.db"),
        ("sqlite:///north%20west/records.db", "north west/records.db"),
        ("SQLITE:///records.db", "records.db"),
    ],
)
def test_a_file(text: str, path: str) -> None:
    address = read(text)
    assert (address.kind, address.path, str(address)) == (DatabaseKind.SQLITE, Path(path), text)


def test_a_server() -> None:
    address = read("postgresql://reader@db.example.org:5433/outcomes?sslmode=verify-full")
    assert dict(address.settings) == {
        "host": "db.example.org",
        "port": "5433",
        "user": "reader",
        "dbname": "outcomes",
        "sslmode": "verify-full",
    }
    assert dict(read("postgres://[::1]/outcomes").settings) == {"host": "::1", "dbname": "outcomes"}
    assert dict(read("postgresql:///outcomes?host=/run/postgresql").settings) == {
        "dbname": "outcomes",
        "host": "/run/postgresql",
    }


def test_what_the_environment_holds_is_used_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_PASSWORD", SECRET)
    text = "postgresql://reader:$WAREHOUSE_PASSWORD@host/outcomes"
    address = read(text)
    assert dict(address.settings)["password"] == SECRET
    assert SECRET not in f"{address} {address!r}"
    assert address.hidden(f"no entry for {SECRET}") == "no entry for $WAREHOUSE_PASSWORD"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://reader:{SECRET}@host/outcomes",
        f"postgresql://reader:{SECRET}%2F@host/outcomes",
        f"postgresql://reader:{SECRET}/with/strokes@host/outcomes",
        f"postgresql://reader:{SECRET}@@host/outcomes",
        f"postgresql://reader:{SECRET}#@host/outcomes",
        f"postgresql://reader:{SECRET}?@host/outcomes",
        f"postgresql://reader:$NAME{SECRET}@host/outcomes",
        f"postgresql://reader@host/outcomes?password={SECRET}",
        f"postgresql://reader@host/outcomes?sslpassword={SECRET}",
        f"postgresql://reader:[{SECRET}@host/outcomes",
        f"postgresql:/reader:{SECRET}@host/outcomes",
        f"postgresql:reader:{SECRET}@host/outcomes",
        f"sqlite://reader:{SECRET}@records.db",
    ],
)
def test_a_password_is_refused_and_not_shown(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused) as told:
        read(text)
    assert [finding.code for finding in told.value.found] == ["SIB0786"]
    assert SECRET not in str(told.value) + told.value.found[0].help
    assert run(["pay", str(CONTRACT), "--records", text]) == 2
    (tmp_path / "c.sib").write_bytes(CONTRACT.read_bytes())
    (tmp_path / "sib.toml").write_text(
        f'[[contract]]\nfile = "c.sib"\nrecords = "{text}"\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert run(["pay", "c.sib"]) == 2
    assert run(["options", "pay", "c.sib"]) == 2
    (tmp_path / "sib.toml").write_text(f'[[contract]]\nfile = "c.sib"\nrecords = "{text}\n', encoding="utf-8")
    assert run(["pay", "c.sib"]) == 2
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err
    assert printed.err.count("SIB0786") == 3
    assert printed.err.count("SIB0741") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mysql://host/outcomes", "`mysql:`"),
        ("postgresq://host/outcomes", "Did you mean `postgresql://`?"),
        ("sqlite://records.db", "does not say which file"),
        ("sqlite:///", "does not say which file"),
        ("sqlite:///records.db?mode=rw", "does not say which file"),
        ("postgresql:///outcomes", "names no host"),
        ("postgresql://host/outcomes/jobs", "more than a host and a database"),
        ("postgresql://host/outcomes?options=-c%20role=owner", "no setting `options`"),
        ("postgresql://host/outcomes?sslmod=require", "Did you mean `sslmode`?"),
        ("postgresql://$NOWHERE@host/outcomes", "export NOWHERE="),
    ],
)
def test_an_address_that_cannot_be_followed(text: str, words: str) -> None:
    assert is_address(text)
    with pytest.raises(Refused) as told:
        read(text)
    (finding,) = told.value.found
    assert finding.code == "SIB0785"
    assert words in f"{finding.message} {finding.help}"


def test_a_path_is_no_address() -> None:
    for text in ("records", "C:\\records", "C:/records", "./sqlite", "records/sqlite:x", "/data/2018:q2"):
        assert not is_address(text)


# ------------------------------------------------------------------ in a project file


def _project(folder: Path, records: str) -> Path:
    (folder / "c.sib").write_bytes(CONTRACT.read_bytes())
    (folder / "sib.toml").write_text(
        f'[[contract]]\nfile = "c.sib"\nrecords = "{records}"\n', encoding="utf-8"
    )
    return folder / "sib.toml"


def test_a_project_file_may_do_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sends nothing of the environment to a server that its author chose, but what is called so; and names no file elsewhere."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("SIB_PASSWORD", SECRET)
    for records, code in (
        ("postgresql://$AWS_SECRET_ACCESS_KEY@elsewhere/x", "SIB0785"),
        ("sqlite:////etc/records.db", "SIB0744"),
        ("sqlite:///../records.db", "SIB0744"),
    ):
        with pytest.raises(Refused) as told:
            load(_project(tmp_path, records))
        assert [finding.code for finding in told.value.found] == [code]
    project = load(_project(tmp_path, "postgresql://reader:$SIB_PASSWORD@host/x"))
    (entry,) = project.contracts
    assert str(entry.records) == "postgresql://reader:$SIB_PASSWORD@host/x"
    (entry,) = load(_project(tmp_path, "sqlite:///records.db")).contracts
    assert getattr(entry.records, "path", None) == tmp_path / "records.db"


def test_a_table_and_a_query_are_not_both(tmp_path: Path) -> None:
    path = _project(tmp_path, "sqlite:///records.db")
    path.write_text(
        path.read_text(encoding="utf-8") + '\n[contract.tables.Jobs]\ntable = "jobs"\nquery = "select 1"\n',
        encoding="utf-8",
    )
    with pytest.raises(Refused) as told:
        load(path)
    assert [finding.code for finding in told.value.found] == ["SIB0743"]

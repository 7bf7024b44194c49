"""The grammar's tables between runs: what another could plant is not read, and what is spoilt is made again."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from sibdsl.syntax import kept_grammar_tables, parser, quick_tables
from sibdsl.syntax.quick_words import PARTS


class Bad:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("planted",)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = kept_grammar_tables.file("grammar", "basic")
    assert path is not None
    return path


def put(path: Path, value: object) -> None:
    data = pickle.dumps(value)
    path.write_bytes(f"{hashlib.sha256(data).hexdigest()}\n".encode() + data)
    path.chmod(0o600)


def test_plain_tables_are_read(kept: Path) -> None:
    put(kept, {"data": [1, ("a", None)]})
    assert kept_grammar_tables.load(kept) == {"data": [1, ("a", None)]}


def test_a_planted_program_is_not_run(kept: Path, tmp_path: Path) -> None:
    put(kept, {"data": Bad()})
    assert kept_grammar_tables.load(kept) is None
    assert not (tmp_path / "planted").exists()


def test_what_others_could_have_written_is_not_read(kept: Path, tmp_path: Path) -> None:
    put(kept, {"data": 1})
    kept.chmod(0o666)
    assert kept_grammar_tables.load(kept) is None
    kept.chmod(0o600)
    elsewhere = tmp_path / "elsewhere"
    kept.rename(elsewhere)
    kept.symlink_to(elsewhere)
    assert kept_grammar_tables.load(kept) is None


def test_what_was_cut_short_is_not_read(kept: Path) -> None:
    put(kept, {"data": 1})
    kept.write_bytes(kept.read_bytes()[:-1])
    assert kept_grammar_tables.load(kept) is None


def test_a_folder_that_others_may_write_to_is_closed_to_them_or_not_used(kept: Path, tmp_path: Path) -> None:
    kept.parent.chmod(0o777)
    assert kept_grammar_tables.file("grammar", "basic") == kept
    assert kept.parent.stat().st_mode & 0o077 == 0
    kept.parent.rmdir()
    (tmp_path / "theirs").mkdir()
    kept.parent.symlink_to(tmp_path / "theirs")
    assert kept_grammar_tables.file("grammar", "basic") is None


def test_tables_differ_with_the_grammar() -> None:
    assert kept_grammar_tables.file("one", "basic") != kept_grammar_tables.file("another", "basic")


def test_the_parser_made_of_kept_tables_has_the_states_and_rules_of_one_made_afresh(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_grammar_tables, "file", lambda *_: None)
    afresh = parser.lark.__wrapped__("basic")
    kept_grammar_tables.keep(kept, afresh)
    tables = kept_grammar_tables.load(kept)
    assert tables is not None
    again = quick_tables.loaded(tables, parser.FirstBar(), PARTS)
    assert again.rules == afresh.rules
    assert [vars(rule.options) for rule in again.rules] == [vars(rule.options) for rule in afresh.rules]
    assert sorted(map(repr, again.terminals)) == sorted(map(repr, afresh.terminals))
    made, kept_again = (one.parser.parser.parser.parse_table for one in (afresh, again))
    assert dict(kept_again.states.items()) == made.states
    assert (kept_again.start_states, kept_again.end_states) == (made.start_states, made.end_states)

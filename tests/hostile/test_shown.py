"""No text of a contract, a record or a call is acted on by who shows it."""

from __future__ import annotations

import ast
import json
import pty
import shlex
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sibdsl import marks
from sibdsl.cli import screen
from sibdsl.diagnostics import Diagnostic, Refused
from sibdsl.diagnostics.json_and_sarif import github, sarif
from sibdsl.source import Source, Span
from sibdsl.syntax import parse
from sibdsl.syntax.standard_layout import format_text
from tests.hostile import cases

HIDDEN = [
    "\x00", "\x07", "\x08", "\x0b", "\x1b", "\x7f", "\x9b", "\xad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d",
    "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2060", "\u2066", "\u2067", "\u2068",
    "\u2069", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\ufff9", "\U000e0041", "\U000e0100",
]  # fmt: skip
PLAIN = "£1,350 – “quoted” naïve café Ω Ж 中文 العربية \u0600 नमस्ते e\u0301 e\u0323\u0302 \xa0 \u2009"


@pytest.mark.parametrize("char", HIDDEN, ids=ascii)
@pytest.mark.parametrize("place", ["gloss", "comment", "clause", "name"])
def test_a_mark_that_hides_is_refused_with_its_place_and_code_point(char: str, place: str) -> None:
    text = cases.starter()
    put = {
        "gloss": ('"paid by', f'"{char}paid by'),
        "comment": ("-- A small", f"-- A{char} small"),
        "clause": ("[2]", f"[2{char}]"),
        "name": ("cohort Participants", f"cohort Partici{char}pants"),
    }[place]
    source = Source("c.sib", text.replace(*put, 1))
    with pytest.raises(Refused) as stop:
        parse(source)
    found = stop.value.found
    at = source.text.index(char)
    assert any(
        one.span.start <= at < max(one.span.end, one.span.start + 1) or one.code == "SIB0216" for one in found
    )
    hidden = [one for one in found if one.code == "SIB0104"]
    if place in ("gloss", "comment", "clause") and char != "\x00":
        assert f"U+{ord(char):04X}" in hidden[0].message
        assert hidden[0].span.start == at
    with pytest.raises(Refused):
        format_text(source)


def test_letters_of_every_script_are_none_of_them() -> None:
    assert list(marks.hidden(PLAIN)) == []
    assert marks.shown(PLAIN) == PLAIN
    parse(Source("c.sib", cases.starter().replace("paid by", PLAIN.replace('"', ""), 1)))


def test_marks_heaped_on_a_letter_are_refused_and_not_shown() -> None:
    heap = "a" + "\u0336" * 40
    with pytest.raises(Refused, match="heaped"):
        parse(Source("c.sib", cases.starter().replace("paid by", heap, 1)))
    assert marks.shown(heap) == "a" + "\u0336" * marks.MOST_COMBINING


def test_prose_of_a_literate_contract_may_hold_joiners_and_not_turn() -> None:
    text = "Family \U0001f468\u200d\U0001f469 here\n\n```sib\n" + cases.starter() + "```\n"
    parse(Source("c.md", text))
    with pytest.raises(Refused):
        parse(Source("c.md", text.replace("here", "he\u202ere")))


@pytest.mark.parametrize("char", HIDDEN, ids=ascii)
def test_nothing_hidden_gets_through_any_door(char: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"a{char}b [bold]c[/bold] [link=http://e]d[/link] :warning:"
    screen.say(text)
    screen.say(text, err=True)
    screen.console(width=300).print(text)
    screen.emit({text: text})
    shown = "".join(capsys.readouterr())
    assert char not in shown
    assert shown.count("[bold]c[/bold] [link=http://e]d[/link] :warning:") >= 3
    value = json.loads(screen.as_json({text: [text]}))
    assert value == {text: [text]}


def test_json_is_still_json_for_any_character() -> None:
    every = "".join(map(chr, range(0x3100))) + "\udcff\ud800\U000e0041\U0001f600"
    text = screen.as_json(every)
    assert json.loads(text) == every
    assert not [char for char in text if marks.hides(char) and char != "\n"]


def test_annotations_stay_one_command_and_run_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "x\n::error file=a,line=1::forged\r\x1b[2K%0A\u2028,:"
    made = github([Diagnostic("SIB0501", bad, Span(f"a,b:{bad}.sib", 1, 1, 1, 2), clause=bad, help=bad)])
    assert made.count("\n") == 1
    assert made.endswith("\n")
    head = made.split("::")[1]
    assert head.count(",") == 4  # file, line, col, endColumn, title
    assert "\x1b" not in made
    assert "\u2028" not in made
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    screen.say("::error::forged\n  ::add-mask::x\nso ##[error]y")
    shown = capsys.readouterr().out
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert "##[" not in shown


def test_sarif_holds_words_and_no_links() -> None:
    one = Diagnostic("SIB0501", "see [here](http://evil)", Span(os_name(b"a\xff b.sib"), 1, 1, 1, 2))
    made = sarif([one], {}, "0")
    assert made["runs"][0]["results"][0]["message"]["text"] == "see \\[here](http://evil)"
    place = made["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%FF%20b.sib"


def os_name(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    "name",
    [
        "v.sib;touch PWNED",
        "a b",
        "$(id)",
        "`id`",
        "it's",
        "-x.sib",
        "\x1b[2K.sib",
        "new\nline",
        "\u202e.sib",
        os_name(b"\xff.sib"),
    ],
)
def test_a_word_for_a_shell_is_one_word_and_shows_nothing_hidden(name: str) -> None:
    word = marks.path_word(name)
    assert not any(marks.hides(char) for char in word)
    back = subprocess.run(["/bin/bash", "-c", f"printf %s {word}"], capture_output=True, check=True).stdout
    assert back in (name.encode("utf-8", "surrogateescape"), b"./" + name.encode("utf-8", "surrogateescape"))
    assert not word.startswith("-")


def test_the_command_printed_with_a_counterexample_runs_as_it_stands(tmp_path: Path) -> None:
    text = cases.varied_by("v.sib;touch PWNED;x.sib") + (
        "\nrule Cheap [6]\n  requires  payments from Council are less than £0\n  tested    at final account\n"
        "  against   every quantity\nend rule\n"
    )
    where = cases.folder(tmp_path / "deal", text, name="-c $(touch PWNED).sib")
    (where / "v.sib;touch PWNED;x.sib").write_text(cases.variation(), encoding="utf-8")
    done = cases.sib(
        "check", "./-c $(touch PWNED).sib", "--rules", "own", "--save", "out;touch PWNED", cwd=where
    )
    said = cases.quiet(done)
    line = next(one for one in said.splitlines() if "run it: sib " in one)
    words = shlex.split(line.split("run it: sib ", 1)[1])
    assert words[:2] == ["price", "./-c $(touch PWNED).sib"]
    assert cases.sib(*words, cwd=where).returncode == 0
    assert not (where / "PWNED").exists()


def test_on_a_terminal_records_and_names_act_on_nothing(tmp_path: Path) -> None:
    where = cases.folder(tmp_path / "deal")
    jobs = where / "records" / "jobs.csv"
    jobs.write_text(
        jobs.read_text(encoding="utf-8") + '"J\x1b[7A\x1b[1K\n::error::x",P\u202e1\u200b,\x1b]0;t\x07,,20\n',
        encoding="utf-8",
    )
    calls = [
        ("check", "c.sib"),
        ("pay", "c.sib", "--records", "records", "--as-of", "2026-12-31", "--rows", "rows.csv"),
        ("explain", "c.sib", "--records", "records", "--as-of", "2026-12-31", "--person", "P\u202e1\u200b"),
        ("price", "c.sib", "--quantities", "none\x1b[2K.csv"),
        ("price", "c.sib", "--scenario", "x\x1b[8m"),
        ("check", "no\x1b[2K\u202ene.sib"),
        ("x\x1b[2K",),
        ("explain-code", "x\x9b2K"),
    ]
    for call in calls:
        shown = on_terminal(where, *call)
        assert "Traceback" not in shown
        assert cases.FAULT not in shown
        # Progress on a terminal moves the cursor itself, by other codes than these.
        own = () if call[0] in ("pay", "explain") else ("\x1b[1A", "\x1b[2K")
        for code in (*own, "\x1b[7A", "\x1b[1K", "\x1b[8m", "\x1b]", "\x9b", "\x07", "\u202e", "\u200b"):
            assert code not in shown, (call, code)
        bad = {
            char for char in shown if unicodedata.category(char) in ("Cc", "Cf") and char not in "\r\n\x1b"
        }
        assert not bad, (call, bad)


def on_terminal(where: Path, *words: str) -> str:
    """What a terminal is sent, by both streams."""
    import os

    ours, theirs = pty.openpty()
    streams = dict.fromkeys(range(3), theirs)
    with ThreadPoolExecutor(1) as side:
        ends = side.submit(cases.starter_of_commands().run, list(words), where, streams)
        ends.add_done_callback(lambda _: os.close(theirs))
        found = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:
                break
            if not data:
                break
            found += data
    ends.result()
    os.close(ours)
    return found.decode("utf-8", "replace")


def test_rows_for_a_spreadsheet_hold_no_formula(tmp_path: Path) -> None:
    where = cases.folder(tmp_path / "deal")
    jobs = where / "records" / "jobs"
    jobs.mkdir()
    (where / "records" / "jobs.csv").rename(jobs / "=cmd.csv")
    (jobs / "-part.csv").write_bytes((jobs / "=cmd.csv").read_bytes())
    done = cases.sib(
        "pay", "c.sib", "--records", "records", "--as-of", "2026-12-31", "--rows", "rows.csv", cwd=where
    )
    assert done.returncode == 0, cases.quiet(done)
    import csv

    with (where / "rows.csv").open(encoding="utf-8", newline="") as stream:
        told = list(csv.reader(stream))
    assert not [cell for row in told for cell in row if cell[:1] in tuple("=+-@\t\r") and cell]
    assert any("=cmd.csv" in cell for row in told for cell in row)


def test_all_commands_speak_through_one_door() -> None:
    """Nothing in the command line writes to a stream but `screen` and `streams`."""
    for path in sorted((cases.ROOT / "sibdsl" / "cli").glob("*.py")):
        if path.name in ("screen.py", "streams.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                said = ast.unparse(node.func)
                assert said not in ("print", "click.echo", "click.secho", "echo", "secho"), (
                    path.name,
                    node.lineno,
                )
                assert not said.endswith(("stdout.write", "stderr.write")), (path.name, node.lineno)
                if said == "Console":
                    assert path.name in ("show_statement.py", "show_explain.py"), path.name

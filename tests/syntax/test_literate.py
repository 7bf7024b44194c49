"""What kind of file this is, and which parts of a Markdown file are the contract: told from the tree, by every command."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from sibdsl.cli.app import run
from sibdsl.diagnostics import Refused
from sibdsl.source import Source
from sibdsl.syntax import kind_of, parse
from sibdsl.syntax.literate import fences
from tests.frame import BASE

CONTRACTS = Path(__file__).parents[2] / "contracts"
#: Prose that begins a line as a block of the language does.
WORDS = (
    "programme Working Well is where the money comes from",
    "contract Law applies to this",
    "module One of the training",
    "rule pack Fund Conditions",
    "variation First of the deed",
    "use Of Premises",
    "| programme | Working Well |",
)
#: The same contract with a hole in its bands, so that `check` has something to find.
HOLED = BASE.replace("at least 16 hours", "more than 16 hours")


def markdown(body: str, *prose: str, opens: str = "```sib", closes: str = "```") -> str:
    return "\n".join(["# Agreement", "", *prose, "", opens, body.rstrip("\n"), closes, "", *prose, ""])


def refusals(text: str) -> list[str]:
    try:
        parse(Source("terms.md", text))
    except Refused as refused:
        return [one.code for one in refused.found]
    return []


def test_the_hole_is_one() -> None:
    assert HOLED != BASE


@pytest.mark.parametrize("said", WORDS)
def test_prose_says_nothing_of_what_the_file_holds(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told: list[tuple[int, list[str]]] = []
    for prose in ((), (said,)):
        Path("terms.md").write_text(markdown(HOLED, *prose), encoding="utf-8")
        status = run(["check", "terms.md"])
        shown = capsys.readouterr()
        told.append((status, [word for word in (shown.out + shown.err).split() if word.startswith("SIB")]))
    assert told[0] == told[1]
    assert told[0] == (2, ["SIB0501"])


def test_what_a_comment_says_is_no_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.sib"
    file.write_text(f"{HOLED}\n-- below\n", encoding="utf-8")
    assert run(["check", "-q", str(file)]) == 2
    assert "SIB0501" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "nothing"),
        ("-- programme Working Well\n", "nothing"),
        ('payment Fee\n  note "a"\n  payer A\nend payment\n', "contract"),
        ("parties\n  | party |\n  | A |\nend parties\n\ncontract One\nend contract\n", "contract"),
        ("contract One\nend contract\n\nvariation Two\nend variation\n", "contract"),
        ("module One\nend module\n\ncontract Two\nend contract\n", "contract"),
        ('cap One\nend cap\n\nprogramme Two\n  | contract | file |\n  | A | "a.sib" |\nend programme\n', "programme"),
        ("rule pack One\nend rule pack\n", "module"),
        ("parties\n  | party |\n  | A |\nend parties\n\nmodule One\nend module\n", "module"),
        ("variation One\nend variation\n", "variation"),
    ],
)  # fmt: skip
def test_what_a_file_holds(text: str, kind: str) -> None:
    assert kind_of(parse(Source("x.sib", text))) == kind


COMMANDS = (
    ["check"],
    ["check", "--format", "json"],
    ["fmt"],
    ["fmt", "--check"],
    ["test"],
    ["show", "--formulas"],
    ["show", "--flows"],
    ["pay", "--records", "."],
    ["price", "--scenario", "Low"],
    ["explain", "--records", ".", "--line", "1"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "text", ["# Prose\n\nprogramme Working Well\n", "", "```text\ncontract A\nend contract\n```\n"]
)
def test_a_markdown_file_without_a_contract_is_told(
    words: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "terms.md"
    file.write_text(text, encoding="utf-8")
    assert run([words[0], str(file), *words[1:]]) == 2
    shown = capsys.readouterr()
    assert "SIB0222" in shown.out + shown.err
    assert "Nothing found" not in shown.out + shown.err


def test_so_is_one_on_either_side_of_a_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prose, whole = tmp_path / "terms.md", tmp_path / "whole.sib"
    prose.write_text("# Prose\n", encoding="utf-8")
    whole.write_text(BASE, encoding="utf-8")
    for pair in ((prose, whole), (whole, prose)):
        assert run(["diff", *map(str, pair)]) == 2
    assert run(["check", str(whole), "--with", str(prose)]) == 2
    assert capsys.readouterr().err.count("SIB0222") == 2


PARTIES = "parties\n  | party | role |\n  | A | commissioner |\nend parties"


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("```sib", "```"),
        ("~~~sib", "~~~"),
        ("````sib", "````"),
        ("```sib", "`````"),
        ("   ```sib", "  ```"),
        ("``` sib", "```  "),
        ("```sib the parties", "```"),
        ("~~~~ sib `x`", "~~~~"),
    ],
)
def test_fences_that_are_read(opens: str, closes: str) -> None:
    text = markdown(PARTIES, "programme Working Well", opens=opens, closes=closes)
    assert refusals(text) == []
    assert [block.kind for block in parse(Source("terms.md", text)).blocks] == ["parties"]


@pytest.mark.parametrize("opens", ["```text", "~~~", "```", "~~~~yaml", "```sib-like", "```sibling"])
def test_blocks_that_are_no_part_of_the_contract(opens: str) -> None:
    mark = opens[:4] if opens.startswith("~~~~") else opens[:3]
    text = f"{markdown(PARTIES)}\n{opens}\ncontract Another\n{mark}\n"
    assert refusals(text) == []
    assert [block.kind for block in parse(Source("terms.md", text)).blocks] == ["parties"]


def test_words_between_backquotes_open_nothing() -> None:
    assert refusals(f"```sib``` blocks are the contract.\n\n{markdown(PARTIES)}") == []
    assert len(fences(f"```sib``` blocks are the contract.\n\n{markdown(PARTIES)}")) == 1


def test_a_quoted_example_with_more_marks_is_prose() -> None:
    quoted = "````markdown\n```sib\ncontract Other\nend contract\n```\n````\n"
    assert refusals(f"{quoted}\n{markdown(PARTIES)}") == []
    assert refusals(f"~~~\n```sib\n```\n~~~\n\n{markdown(PARTIES)}") == []


@pytest.mark.parametrize(
    "opens",
    ["    ```sib", "\t```sib", "- ```sib", "1. ```sib", "> ```sib", "   - ~~~sib", "```Sib", "```SIB", "```{sib}", "```{.sib}", "~~~.sib", "```sib,ro"],
)  # fmt: skip
def test_what_looks_like_a_block_and_would_not_be_read_is_refused(opens: str) -> None:
    rest = f"{opens}\n{PARTIES}\n```\n"
    assert "SIB0223" in refusals(f"{markdown(PARTIES)}\n{rest}")
    assert "SIB0223" in refusals(rest)


@pytest.mark.parametrize("outer", ["```", "```text", "~~~"])
def test_a_block_within_one_that_was_not_closed(outer: str) -> None:
    mark = outer[:3]
    text = f"{outer}\nprose\n\n{mark}sib\n{PARTIES}\n{mark}\n\n{markdown(PARTIES)}"
    assert "SIB0223" in refusals(text)


def test_a_block_that_is_never_closed() -> None:
    assert refusals(f"{markdown(PARTIES)}\n```text\nprose\n") == ["SIB0224"]
    # One of the contract itself runs to the end, as Markdown has it, and what follows must read as contract.
    assert refusals(f"```sib\n{PARTIES}\n") == []
    assert refusals(f"```sib\n{PARTIES}\n\nThe parties agree.\n") != []


def test_what_a_comment_hides_from_its_readers() -> None:
    assert refusals(f"<!--\n```sib\n{PARTIES}\n```\n-->\n\n{markdown(PARTIES)}") == ["SIB0223"]
    assert refusals(f"<!-- prose -->\n\n{markdown(PARTIES)}") == []


def test_no_line_of_the_contract_is_lost() -> None:
    """Every `sib` line that a reader sees as the beginning of a block is read or refused."""
    openings = ("```sib", "~~~sib", "    ```sib", "```Sib", "> ```sib", "```text", "<!--", "")
    for first, second in product(openings, repeat=2):
        text = f"{first}\nprose\n\n{second}\n{PARTIES}\n```\n"
        seen = "sib" in first.lower() or "sib" in second.lower()
        told = refusals(text)
        read = [] if told else [block.kind for block in parse(Source("terms.md", text)).blocks]
        assert told or read or not seen, text


@pytest.mark.parametrize(
    "text",
    [
        BASE,
        "",
        "module One\nend module\n",
        "example One\n  expect\n  | payer | pays |\n  | A | £1 |\nend example\n",
    ],
)
def test_what_varies_a_contract_holds_a_variation(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, other = tmp_path / "whole.sib", tmp_path / "other.sib"
    whole.write_text(BASE, encoding="utf-8")
    other.write_text(text, encoding="utf-8")
    assert run(["check", str(whole), "--with", str(other)]) == 2
    assert "SIB0225" in capsys.readouterr().out

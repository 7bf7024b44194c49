"""Precedence and extension: read, a part of what is signed, shown by check; they change no payment."""

from pathlib import Path

import pytest

from sibdsl.cli.app import run
from sibdsl.compile import compile_source
from sibdsl.model.fingerprint import fingerprint
from sibdsl.model.nodes import Contract
from sibdsl.model.parameters.in_force import as_written
from sibdsl.price import build
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, fences

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")


def with_line(line: str) -> str:
    return FRAME.replace("  currency        GBP\n", f"  currency        GBP\n{line}", 1)


def contract(line: str) -> Contract:
    return compile_source(Source("x.sib", with_line(line))).contract


def test_it_changes_the_fingerprint_and_no_payment() -> None:
    ways = [contract(line) for line in ("", "  precedence text over code\n", "  precedence code over text\n")]
    assert [one.precedence for one in ways] == ["", "text over code", "code over text"]
    assert len({fingerprint(one) for one in ways}) == 3
    assert len({str(build(one, as_written(one)).lines) for one in ways}) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  precedence text over code\n", "where the signed words and this text differ, the words prevail\n"),
        (
            "  precedence code over text\n",
            "where the signed words and this text differ, this text prevails\n",
        ),
        ("  extension of 1 year at the option of Council\n", "Council may extend it by 1 year\n"),
    ],
)
def test_check_shows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    path = tmp_path / "x.sib"
    path.write_text(with_line(line), encoding="utf-8")
    assert run(["check", str(path)]) == 0
    shown = capsys.readouterr().out
    assert said in shown
    path.write_text(FRAME, encoding="utf-8")
    assert run(["check", str(path)]) == 0
    assert said not in capsys.readouterr().out


def test_it_is_said_once() -> None:
    from sibdsl.diagnostics import Refused

    with pytest.raises(Refused) as caught:
        contract("  precedence text over code\n  precedence code over text\n")
    assert [one.code for one in caught.value.found] == ["SIB0401"]

"""The wheel, built as `make wheel` builds it, has all that it needs: each entrance begins with it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.docs.reading import ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--quiet", "--outdir", str(place), str(ROOT)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = place.glob("sibdsl-*.whl")
    with zipfile.ZipFile(wheel) as held:
        held.extractall(place / "installed")
    return place / "installed"


def ran_from(unpacked: Path, folder: Path, words: list[str]) -> str:
    """What a command shows when nothing but the wheel and its libraries is there."""
    program = "import sys, sibdsl; from sibdsl.cli.app import run; run(sys.argv[1:]); print(sibdsl.__file__)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(unpacked), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    *shown, file = done.stdout.splitlines()
    assert file.startswith(str(unpacked)), "the program of the checkout was run"
    return "\n".join(shown)


def test_the_first_commands_run_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    assert "Wrote first/first.sib" in ran_from(unpacked, tmp_path, ["init", "first"])
    assert "Nothing found" in ran_from(unpacked, tmp_path, ["check", "first/first.sib"])
    assert "CBO" in ran_from(
        unpacked, tmp_path, ["check", str(unpacked / "sibdsl/_data/stdlib/funds/cbo.sib")]
    )


@pytest.mark.parametrize(
    ("word", "shows"), [("ceiling", "# Caps"), ("band-gap", "SIB0501"), ("SIB0501", "band-gap")]
)
def test_words_and_codes_are_explained_from_the_wheel_alone(
    word: str, shows: str, unpacked: Path, tmp_path: Path
) -> None:
    assert shows in ran_from(unpacked, tmp_path, ["explain", word])

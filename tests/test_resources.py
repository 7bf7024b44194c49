from importlib.metadata import version
from pathlib import Path

import pytest

import sibdsl
from sibdsl import resources
from sibdsl.resources import resource


def make(root: Path, name: str) -> Path:
    path = root / "grammar" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(name, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_DATA", tmp_path / "wheel")
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path / "checkout")


def test_a_checkout_is_used_when_there_is_no_packaged_data(tmp_path: Path) -> None:
    expected = make(tmp_path / "checkout", "one")
    assert resource("grammar", "one") == expected


def test_packaged_data_comes_first(tmp_path: Path) -> None:
    make(tmp_path / "checkout", "one")
    expected = make(tmp_path / "wheel", "one")
    assert resource("grammar", "one") == expected


def test_an_incomplete_wheel_does_not_fall_back_to_its_neighbours(tmp_path: Path) -> None:
    make(tmp_path / "checkout", "one")
    make(tmp_path / "wheel", "two")
    with pytest.raises(FileNotFoundError, match=r"missing its own file grammar/one .*Install sibdsl again"):
        resource("grammar", "one")


def test_the_version_is_read_on_request() -> None:
    assert sibdsl.__version__ == version("sibdsl")


def test_an_unknown_attribute_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = sibdsl.nothing

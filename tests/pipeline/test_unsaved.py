"""Texts that an editor holds unsaved stand for those of their files, and lead nowhere that a file could not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sibdsl import pipeline
from sibdsl.diagnostics import Diagnostic, Refused
from tests.programme.made import cap, made, member

RAISE = """\
variation Raise [9]
  varies          North
  agreed          1 May 2016
  effective       1 June 2016
  stated periods  left as stated

  replace payment Local Fee
    payer     Council
    payee     North Trust
    for each  Job
    pays      {fee}
  end payment
end variation
"""


def north(fee: str = "£1", *, varied_by: str = "") -> str:
    text = member("North", fee=fee)
    return (
        text.replace("end contract", f'  varied by       "{varied_by}"\nend contract', 1)
        if varied_by
        else text
    )


def raised(fee: str) -> str:
    return RAISE.format(fee=fee)


def refused(path: Path, unsaved: Mapping[Path, str]) -> list[Diagnostic]:
    with pytest.raises(Refused) as stopped:
        pipeline.load(path, unsaved=unsaved)
    return stopped.value.found


def fingerprints(loaded: pipeline.Loaded) -> list[str]:
    return [pipeline.fingerprint(contract) for contract in loaded.in_force.values()]


def test_the_text_of_the_file_itself(tmp_path: Path) -> None:
    path, other = tmp_path / "north.sib", tmp_path / "other.sib"
    path.write_text("payment Broken", encoding="utf-8")
    other.write_text(north("£7"), encoding="utf-8")
    held = pipeline.load(path, unsaved={path: north("£7")})
    assert fingerprints(held) == fingerprints(pipeline.load(other))
    assert held.contract.span.file == str(path)


@pytest.mark.parametrize("on_disk", [False, True])
def test_the_text_of_a_variation_that_the_contract_names(tmp_path: Path, *, on_disk: bool) -> None:
    path, varies = tmp_path / "north.sib", tmp_path / "raise.sib"
    path.write_text(north(varied_by="raise.sib"), encoding="utf-8")
    if on_disk:
        varies.write_text(raised("£1"), encoding="utf-8")
    held = pipeline.load(path, unsaved={varies: raised("£55")})
    varies.write_text(raised("£55"), encoding="utf-8")
    assert fingerprints(held) == fingerprints(pipeline.load(path))
    varies.write_text(raised("£1"), encoding="utf-8")
    assert fingerprints(held) != fingerprints(pipeline.load(path))


def test_the_text_of_a_contract_of_a_programme(tmp_path: Path) -> None:
    project = made(tmp_path, cap("£500 in each year"))
    changed = {tmp_path / "north.sib": member("North", fee="£77")}
    held = pipeline.load(project.path, unsaved=changed)
    before = fingerprints(pipeline.load(project.path))
    (tmp_path / "north.sib").write_text(member("North", fee="£77"), encoding="utf-8")
    after = fingerprints(pipeline.load(project.path))
    assert fingerprints(held) == after
    assert before != after


def test_a_finding_is_at_its_place_in_the_text_held(tmp_path: Path) -> None:
    path = tmp_path / "north.sib"
    path.write_text(north(varied_by="raise.sib"), encoding="utf-8")
    (found, *_) = refused(path, {tmp_path / "raise.sib": "\n\n" + raised("£55").replace("pays ", "payz ")})
    assert (found.span.file, found.span.line) == (str(tmp_path / "raise.sib"), 13)


def test_a_text_that_no_file_names_makes_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "north.sib"
    path.write_text(north(), encoding="utf-8")
    held = pipeline.load(path, unsaved={tmp_path / "raise.sib": raised("£55")})
    assert held.contract == pipeline.load(path).contract


@pytest.mark.parametrize("named", ["../out/raise.sib", "deep/../../out/raise.sib", "link/raise.sib"])
def test_a_text_held_for_a_path_that_leads_out_is_refused(tmp_path: Path, named: str) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside, target_is_directory=True)
    path = inside / "north.sib"
    path.write_text(north(varied_by=named), encoding="utf-8")
    texts: dict[Path, str] = {inside / named: raised("£55"), outside / "raise.sib": raised("£55")}
    assert [found.code for found in refused(path, texts)] == ["SIB0105"]
    allowed = pipeline.load(path, unsaved=texts, allow=[outside])
    assert len(allowed.contract.variations) == 1


@pytest.mark.parametrize(
    ("named", "text", "code"),
    [
        ("raise.txt", raised("£55"), "SIB0108"),
        ("raise.sib", "a letter to a friend", "SIB0108"),
        ("raise.sib", raised("£55") + "\x00", "SIB0102"),
        ("raise.sib", raised("£55") + "-- " + "x" * 8_000_000, "SIB0107"),
    ],
)
def test_a_text_held_is_judged_as_that_of_a_file(tmp_path: Path, named: str, text: str, code: str) -> None:
    path = tmp_path / "north.sib"
    path.write_text(north(varied_by=named), encoding="utf-8")
    assert [found.code for found in refused(path, {tmp_path / named: text})] == [code]
    (tmp_path / named).write_text(text, encoding="utf-8")
    assert [found.code for found in refused(path, {})] == [code]

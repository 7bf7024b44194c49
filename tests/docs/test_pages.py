"""What the program cites is there, and so is what the pages cite."""

import re
from datetime import date
from pathlib import Path

import pytest

from sibdsl.compile import compile_source
from sibdsl.diagnostics import NotGiven, Refused
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.parameters.set_option_and_file import settings
from sibdsl.price import build, quantities_file
from sibdsl.settle.run import price_quantities
from sibdsl.source import Source
from tests.docs.reading import (
    COMMANDS,
    LANGUAGE,
    PROJECT,
    RECORDS,
    ROOT,
    Fence,
    fences,
    headings,
    section,
    spliced,
)

PAGES = {"language": LANGUAGE, "records": RECORDS, "commands": COMMANDS, "project": PROJECT}
_CITED = re.compile(r"(language|records|commands|project) reference, ((?:'[^']+'(?:, | and )?)+)")


def cited() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for file in (ROOT / "sibdsl").rglob("*.py"):
        for page, names in _CITED.findall(re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))):
            found.update((page, name) for name in re.findall(r"'([^']+)'", names))
    return found


@pytest.mark.parametrize(("page", "heading"), sorted(cited()))
def test_each_heading_that_the_program_cites_is_there(page: str, heading: str) -> None:
    assert heading in headings(PAGES[page])


def test_codes_on_the_pages_are_registered() -> None:
    from sibdsl.diagnostics.codes import REGISTRY

    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    found = {code for page in pages for code in re.findall(r"SIB\d{4}", page.read_text(encoding="utf-8"))}
    assert found <= REGISTRY.keys()


def test_every_check_of_the_whole_contract_is_listed() -> None:
    from sibdsl.diagnostics.codes import REGISTRY

    text = section(LANGUAGE, "Checks")
    named = [int(code) for code in re.findall(r"SIB0(5\d\d)", text)]
    spans = [(int(a), int(b)) for a, b in re.findall(r"SIB0(5\d\d) to SIB0(5\d\d)", text)]
    listed = {*named, *(one for first, last in spans for one in range(first, last + 1))}
    assert listed == {int(code[4:]) for code in REGISTRY if code.startswith("SIB05")}


# ------------------------------------------------------------------ values from outside, quantities


def spliced_text(fence: Fence) -> str:
    frame = next(one for one in fences(LANGUAGE) if "frame" in one.notes)
    return spliced(frame.text, fence.text)


def test_a_required_particular_stops_only_what_needs_it() -> None:
    fence = next(one for one in fences(LANGUAGE) if "Launch Day" in one.text)
    contract = compile_source(Source("language.sib", spliced_text(fence))).contract
    assert price_quantities(contract, as_written(contract), {}, date(2028, 9, 30)).lines == ()
    needy = spliced_text(fence).replace("pays      Start Rate", "pays      Start Rate plus Other Rate")
    needy += "particulars\n  | particular | holds | default  |\n  | Other Rate | money | required |\nend particulars\n"
    other = compile_source(Source("language.sib", needy)).contract
    with pytest.raises(NotGiven, match="Other Rate"):
        build(other, as_written(other))


def test_a_value_that_is_not_allowed_is_refused() -> None:
    fence = next(one for one in fences(LANGUAGE) if "Launch Day" in one.text)
    contract = compile_source(Source("language.sib", spliced_text(fence))).contract
    assert settings(contract, ["start-rate=1000"]).values["Start Rate"] == 1000
    with pytest.raises(Refused):
        settings(contract, ["Start Rate=1000.01"])


def test_the_quantities_shown_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "quantities.csv"
    file.write_text(next(one.text for one in fences(RECORDS) if one.language == "csv"), encoding="utf-8")
    contract = (ROOT / "contracts" / "mhep1" / "tower_hamlets.sib").read_text(encoding="utf-8")
    read = quantities_file.read(compile_source(Source("tower_hamlets.sib", contract)).contract, file)
    assert sorted(read.values()) == [4, 6, 40]

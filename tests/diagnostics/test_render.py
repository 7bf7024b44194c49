"""How findings are shown to people."""

from __future__ import annotations

import re

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.diagnostics.render import count_line, plain
from sibdsl.diagnostics.screen import cut, width, wrap
from sibdsl.diagnostics.snippet import tight
from sibdsl.source import Source, Span

BANDS = """\
bands Hours [Schedule 2]
  by  Hours Per Week
  | band     | holds              |
  | Under 16 | less than 16 hours |
  | Over 16  | more than 16 hours |
end bands
"""
FILE = Source("tower_hamlets.sib", BANDS)


def at(text: str, source: Source = FILE, last: str = "") -> Span:
    start = source.text.index(text)
    return source.span(start, source.text.index(last or text, start) + len(last or text))


GAP = Diagnostic(
    "SIB0501",
    "No band of Hours holds exactly 16 hours. A job of 16 hours a week would reach Job Entry and be paid nothing.",
    at("more than 16 hours"),
    "Schedule 2, Hours",
    "neither band holds exactly 16 hours",
    "Say which side it falls on: `at least 16 hours`, or `at most 16 hours` in the row above.",
    (Label(at("less than 16 hours"), "Under 16 ends here"),),
)


def shown(found: Diagnostic, *, columns: int = 100, source: Source = FILE) -> list[str]:
    return plain([found], {source.name: source}, width=columns).split("\n")


def test_a_finding_on_a_wide_screen() -> None:
    assert plain([GAP], {FILE.name: FILE}) == (
        "Gap in a band                                             Schedule 2, Hours   error SIB0501 band-gap\n"
        "  tower_hamlets.sib:5\n"
        "    3    | band     | holds              |\n"
        "    4    | Under 16 | less than 16 hours |\n"
        "                      ------------------ Under 16 ends here\n"
        "    5    | Over 16  | more than 16 hours |\n"
        "                      ^^^^^^^^^^^^^^^^^^ neither band holds exactly 16 hours\n"
        "  No band of Hours holds exactly 16 hours. A job of 16 hours a week would reach Job Entry and be\n"
        "  paid nothing.\n"
        "  Say which side it falls on: `at least 16 hours`, or `at most 16 hours` in the row above."
    )


def test_a_finding_on_a_narrow_screen() -> None:
    lines = shown(GAP, columns=52)
    assert all(width(line) <= 52 for line in lines)
    assert lines[:2] == ["Gap in a band                 error SIB0501 band-gap", "  Schedule 2, Hours"]
    assert lines[8:10] == [
        "                      ^^^^^^^^^^^^^^^^^^",
        "                 neither band holds exactly 16 hours",
    ]
    assert lines[-2:] == [
        "  Say which side it falls on: `at least 16 hours`,",
        "  or `at most 16 hours` in the row above.",
    ]


def test_colour_adds_nothing_to_the_words() -> None:
    colour = plain([GAP], {FILE.name: FILE}, colour=True)
    assert "\033[1;31m" in colour
    assert re.sub(r"\033\[[0-9;]*m", "", colour) == plain([GAP], {FILE.name: FILE})


def test_several_findings_are_parted_by_an_empty_line() -> None:
    both = plain([GAP, GAP], {FILE.name: FILE})
    assert both == f"{plain([GAP], {FILE.name: FILE})}\n\n{plain([GAP], {FILE.name: FILE})}"
    assert plain([], {}) == ""


def test_tabs_and_wide_and_combining_characters_are_underlined_in_place() -> None:
    source = Source("x.sib", "a\tb 漢字 e\u0301x END\n")
    for words, lead, line in (("b", 4, "^"), ("漢字", 6, "^^^^"), ("e\u0301x", 11, "^^"), ("END", 14, "^^^")):
        one = Diagnostic("SIB0501", "m", at(words, source), mark="here")
        assert shown(one, source=source)[3] == " " * (7 + lead) + line + " here"


def test_characters_that_a_screen_would_act_on_are_not_printed() -> None:
    source = Source("x.sib", "pays \033[31m\u202e£7 end\n")
    one = Diagnostic("SIB0501", "said \033[2J", at("£7", source), "cl\007ause", "ma\u200brk", "he\033lp")
    text = plain([one], {"x.sib": source})
    assert not [char for char in text if char < " " and char != "\n"]
    assert "\u202e" not in text
    assert shown(one, source=source)[3] == " " * (7 + 11) + "^^ ma\N{REPLACEMENT CHARACTER}rk"


def test_a_place_of_several_lines() -> None:
    one = Diagnostic("SIB0501", "m", at("by", last="Under 16"), mark="all of it")
    assert shown(one)[2:8] == [
        "    2    by  Hours Per Week",
        "         ^^^^^^^^^^^^^^^^^^",
        "    3    | band     | holds              |",
        "         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "    4    | Under 16 | less than 16 hours |",
        "         ^^^^^^^^^^ all of it",
    ]


def test_a_long_place_is_shown_by_its_ends() -> None:
    source = Source("x.sib", "".join(f"line {number}\n" for number in range(1, 13)))
    one = Diagnostic("SIB0501", "m", at("line 2", source, last="line 11"), mark="all")
    assert shown(one, source=source)[2:9] == [
        "     2  line 2",
        "        ^^^^^^",
        "     3  line 3",
        "        ^^^^^^",
        "    ..",
        "    11  line 11",
        "        ^^^^^^^ all",
    ]


def test_a_row_is_underlined_without_its_bars_and_line_end() -> None:
    row = FILE.span(BANDS.index("| Over"), BANDS.index("end bands"))
    exact = tight(row, FILE)
    assert BANDS[exact.start : exact.end] == "Over 16  | more than 16 hours"
    assert (exact.line, exact.end_line) == (5, 5)


def test_a_line_longer_than_the_screen_is_cut_around_the_place() -> None:
    source = Source("x.sib", "a" * 150 + " TARGET " + "b" * 150 + "\n")
    lines = shown(Diagnostic("SIB0501", "m", at("TARGET", source)), source=source, columns=60)
    assert all(width(line) <= 60 for line in lines)
    start = lines[3].index("^")
    assert lines[2][start : start + 6] == "TARGET"
    assert "…" in lines[2]


def test_places_without_a_text_to_show() -> None:
    assert shown(Diagnostic("SIB0101", "There is no file x.sib."))[1:] == ["  There is no file x.sib."]
    data = Diagnostic("SIB0705", "Row 3 has 2 cells.", Span("plan.csv", 3, 1, 3, 1), mark="2 cells")
    assert shown(data)[1:] == ["  plan.csv:3", "    2 cells", "  Row 3 has 2 cells."]
    assert shown(Diagnostic("SIB0703", "m", Span("p.json", 0, 0, 0, 0)))[1:] == ["  p.json", "  m"]


def test_the_end_of_the_text() -> None:
    end = FILE.span(len(BANDS), len(BANDS))
    assert shown(Diagnostic("SIB0501", "m", end, mark="ends here"))[1:4] == [
        "  tower_hamlets.sib:6",
        "    6  end bands",
        "                ^ ends here",
    ]
    empty = Source("x.sib", "")
    assert shown(Diagnostic("SIB0501", "m", empty.span(0, 0), mark="empty"), source=empty)[2:4] == [
        "    1",
        "       ^ empty",
    ]


def test_a_label_in_another_file() -> None:
    other = Source("cbo.sib", "rule Funds Below Half\n")
    label = Label(at("Funds Below Half", other), "the rule")
    lines = plain(
        [Diagnostic("SIB0501", "m", at("Hours"), labels=(label,))], {FILE.name: FILE, other.name: other}
    ).split("\n")
    assert lines[4:7] == [
        "  cbo.sib:1",
        "    1  rule Funds Below Half",
        "            ---------------- the rule",
    ]


def test_an_unregistered_code_is_shown_all_the_same() -> None:
    assert shown(Diagnostic("SIB9999", "m", severity="warning"))[0].split() == [
        "Warning",
        "warning",
        "SIB9999",
    ]


def test_what_is_to_be_copied_is_not_broken() -> None:
    assert wrap("Write `at least 16 hours`.", 24, "  ") == ["  Write", "  `at least 16 hours`."]
    assert wrap("Write `a  b` now", 40) == ["Write `a  b` now"]
    assert wrap("Write `one two three four`", 14) == ["Write `one two", "three four`"]
    assert wrap("", 40) == []


def test_cutting() -> None:
    assert cut("abcdef", 0, 6) == "abcdef"
    assert cut("abcdef", 0, 4) == "abc…"
    assert cut("abcdef", 2, 3) == "…d…"
    assert cut("漢字漢字", 0, 5) == "漢…"


def test_the_count() -> None:
    warning = Diagnostic("SIB0509", "m", severity="warning")
    note = Diagnostic("SIB0527", "m", severity="note")
    assert count_line([GAP, GAP, warning], "tower_hamlets.sib") == "2 errors, 1 warning in tower_hamlets.sib"
    assert count_line([note], "x.sib") == "1 note in x.sib"
    assert count_line([], "x.sib") == "Nothing found in x.sib"

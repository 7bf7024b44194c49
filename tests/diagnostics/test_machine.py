"""Findings for programs."""

from __future__ import annotations

import json

from sibdsl.diagnostics import Diagnostic, Label
from sibdsl.diagnostics.json_and_sarif import github, sarif, to_json
from sibdsl.source import Source, Span

SOURCE = Source("a folder/x.sib", "bands Hours\n  | Over 16 | more than 16 hours |\nend bands\n")
CELL = SOURCE.span(SOURCE.text.index("more"), SOURCE.text.index(" |\nend"))
ROW = SOURCE.span(SOURCE.text.index("| Over"), SOURCE.text.index("end"))
GAP = Diagnostic(
    "SIB0501",
    "No band holds 16: 100%, or, say, none.",
    CELL,
    "Schedule 2",
    "a hole",
    "Close\nit.",
    (Label(ROW, "this row"),),
)
BARE = Diagnostic("SIB0101", "There is no file.")
NOTE = Diagnostic("SIB9999", "So.", Span("p.csv", 3, 1, 3, 1), severity="note")


def test_json() -> None:
    assert to_json([GAP, BARE, Diagnostic("SIB0703", "m", Span("p.json", 0, 0, 0, 0))]) == [
        {
            "code": "SIB0501",
            "name": "band-gap",
            "title": "Gap in a band",
            "severity": "error",
            "clause": "Schedule 2",
            "message": "No band holds 16: 100%, or, say, none.",
            "mark": "a hole",
            "help": "Close\nit.",
            "place": {"file": "a folder/x.sib", "line": 2, "column": 15, "end_line": 2, "end_column": 33},
            "labels": [
                {
                    "text": "this row",
                    "place": {
                        "file": "a folder/x.sib",
                        "line": 2,
                        "column": 3,
                        "end_line": 3,
                        "end_column": 1,
                    },
                }
            ],
        },
        {
            "code": "SIB0101",
            "name": "file-missing",
            "title": "A contract file cannot be read",
            "severity": "error",
            "clause": "",
            "message": "There is no file.",
            "mark": "",
            "help": "",
            "place": None,
            "labels": [],
        },
        {
            "code": "SIB0703",
            "name": "value-unreadable",
            "title": "A value given from outside cannot be used",
            "severity": "error",
            "clause": "",
            "message": "m",
            "mark": "",
            "help": "",
            "place": {"file": "p.json"},
            "labels": [],
        },
    ]
    assert to_json([NOTE])[0]["name"] == ""


def test_sarif() -> None:
    log = sarif([NOTE, GAP, BARE], {SOURCE.name: SOURCE}, "1.2.3")
    json.dumps(log)
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], run["columnKind"]) == ("sibdsl", "1.2.3", "unicodeCodePoints")
    assert [rule["id"] for rule in driver["rules"]] == ["SIB0101", "SIB0501", "SIB9999"]
    assert driver["rules"][1]["shortDescription"] == {"text": "Gap in a band"}
    note, gap, bare = run["results"]
    assert all(driver["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert [one["level"] for one in run["results"]] == ["note", "error", "error"]
    assert gap["message"] == {"text": "Schedule 2: No band holds 16: 100%, or, say, none. Close\nit."}
    assert gap["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a%20folder/x.sib"},
                "region": {
                    "startLine": 2,
                    "startColumn": 15,
                    "endLine": 2,
                    "endColumn": 33,
                    "snippet": {"text": "more than 16 hours"},
                },
            }
        }
    ]
    (related,) = gap["relatedLocations"]
    assert related["message"] == {"text": "this row"}
    assert related["physicalLocation"]["region"]["snippet"] == {"text": "Over 16 | more than 16 hours"}
    assert "locations" not in bare
    assert note["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_sarif_of_an_absolute_path() -> None:
    one = Diagnostic("SIB0501", "m", Span("/tmp/x y.sib", 1, 1, 1, 2))  # noqa: S108 - a name, not a file
    place = sarif([one], {}, "1")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///tmp/x%20y.sib"


def test_github() -> None:
    assert github([]) == ""
    place = "file=a folder/x.sib,line=2,col=15,endColumn=32,title=SIB0501 band-gap"
    assert github([GAP, BARE, NOTE]).split("\n") == [
        f"::error {place}::Schedule 2: No band holds 16: 100%25, or, say, none. Close%0Ait.",
        "::error title=SIB0101 file-missing::There is no file.",
        "::notice file=p.csv,line=3,col=1,endColumn=1,title=SIB9999::So.",
        "",
    ]
    strange = Diagnostic("SIB0509", "m", Span("a,b:c.sib", 1, 1, 2, 4), severity="warning")
    assert (
        github([strange]) == "::warning file=a%2Cb%3Ac.sib,line=1,endLine=2,title=SIB0509 column-unused::m\n"
    )

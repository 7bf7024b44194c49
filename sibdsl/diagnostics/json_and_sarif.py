"""Findings for programs: JSON, SARIF 2.1.0 and GitHub's annotations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from sibdsl import marks
from sibdsl.diagnostics.codes import REGISTRY
from sibdsl.diagnostics.diagnostic import Diagnostic
from sibdsl.diagnostics.snippet import tight
from sibdsl.source import Source, Span

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def to_json(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Findings as format `sibdsl.findings/1` holds them under `findings`.

    Each has `code`, `name` and `title` (texts; name and title are '' for a code that is not registered), `severity`
    (`error`, `warning` or `note`), `message`, `mark`, `help` and `clause` (texts, '' where there is none), `place`, and
    `labels`: a list of `{text, place}`. A place is an object with `file`, `line`, `column`, `end_line` and `end_column`,
    which count from 1, the end being the character after the last; or null. Lines and columns of a file that could
    not be read as text are absent.
    """
    return [
        {
            "code": finding.code,
            "name": _name(finding.code),
            "title": _title(finding.code),
            "severity": finding.severity,
            "clause": finding.clause,
            "message": finding.message,
            "mark": finding.mark,
            "help": finding.help,
            "place": finding.span.in_json(),
            "labels": [{"text": label.text, "place": label.span.in_json()} for label in finding.labels],
        }
        for finding in found
    ]


def _name(code: str) -> str:
    return REGISTRY[code].name if code in REGISTRY else ""


def _title(code: str) -> str:
    return REGISTRY[code].title if code in REGISTRY else ""


def sarif(found: Iterable[Diagnostic], sources: Mapping[str, Source], version: str) -> dict[str, Any]:
    """Findings as one SARIF 2.1.0 log; `version` is that of sibdsl. Columns count characters, from 1."""
    kept = list(found)
    codes = sorted({finding.code for finding in kept})
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "sibdsl",
                        "version": version,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes.index(finding.code), sources) for finding in kept],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    entry = REGISTRY.get(code)
    if entry is None:
        return {"id": code}
    return {
        "id": code,
        "name": entry.name,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.meaning},
    }


def _result(finding: Diagnostic, rule: int, sources: Mapping[str, Source]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": _words(_told(finding))},
    }
    if finding.span.file:
        result["locations"] = [_location(finding.span, sources)]
    related = [label for label in finding.labels if label.span.file]
    if related:
        result["relatedLocations"] = [
            {"id": at, **_location(label.span, sources), "message": {"text": _words(label.text)}}
            for at, label in enumerate(related)
        ]
    return result


def _told(finding: Diagnostic) -> str:
    """Message and way out in one text."""
    where = f"{finding.clause}: " if finding.clause else ""
    return f"{where}{finding.message}" + (f" {finding.help}" if finding.help else "")


def _words(text: str) -> str:
    """The text as SARIF takes it for words alone: in it `[here](there)` would be a link."""
    return re.sub(r"\[(?=[^\]]*\]\()", r"\\[", text)


def _location(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(span.file)
    exact = tight(span, source) if source and span.line else span
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(span.file)}}
    if exact.line:
        physical["region"] = {
            "startLine": exact.line,
            "startColumn": exact.column,
            "endLine": exact.end_line,
            "endColumn": exact.end_column,
        }
        if source and exact.end > exact.start:
            physical["region"]["snippet"] = {"text": source.text[exact.start : exact.end]}
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    path = PurePath(file)
    # By bytes: a name need not be text.
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))


# ------------------------------------------------------------------ GitHub


def github(found: Iterable[Diagnostic]) -> str:
    """Findings as GitHub's workflow commands, one on a line with its line end; '' when there are none."""
    return "".join(f"{_command(finding)}\n" for finding in found)


def _command(finding: Diagnostic) -> str:
    span = finding.span
    values: dict[str, str | int] = {}
    if span.file:
        values["file"] = span.file
    if span.file and span.line:
        values["line"] = span.line
        if span.end_line == span.line:
            values["col"] = span.column
            values["endColumn"] = max(span.column, span.end_column - 1)
        elif span.end_column > 1:
            values["endLine"] = span.end_line
    values["title"] = f"{finding.code} {_name(finding.code)}".strip()
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in values.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(_told(finding))}"


def _data(text: str) -> str:
    parts = text.split("\r")
    return "%0D".join(marks.shown(part).replace("%", "%25").replace("\n", "%0A") for part in parts)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

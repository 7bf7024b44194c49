"""The contracts of MHEP 1 with their variations, run as from the command line; and figures that serve as tests only."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sibdsl.cli.app import run

FOLDER = Path(__file__).parents[3] / "contracts" / "mhep1"

#: The variations of each contract in the order agreed.
VARIATIONS = {
    "staffordshire": ("job_starts_2017", "split_2", "termination", "2019_01"),
    "tower_hamlets": ("2017", "2019_01", "extension"),
    "haringey": ("extension", "renegotiation"),
}
#: Those that vary what an earlier one added, with that one.
NEEDS = {("staffordshire", "split_2"): ("job_starts_2017",)}

RATES = {
    "staffordshire": {"SCC Engagement Rate": "£700", "MHEP Engagement Rate": "£300"},
    "tower_hamlets": {},
    "haringey": {"MHEP Yearly Value": "£80000"},
}
#: What each variation leaves open, with dates and rates that serve as tests only.
GIVEN = {
    ("staffordshire", "job_starts_2017"): {
        "Date Of First Renegotiation": "2017-03-01",
        "First Renegotiation Effective": "2017-04-01",
        "MHEP Job Start Rate": "£100",
    },
    ("staffordshire", "split_2"): {
        "Date Of Second Renegotiation": "2018-05-01",
        "Second Renegotiation Effective": "2018-05-01",
    },
    ("staffordshire", "termination"): {"Date Of Notice": "2018-07-31"},
    ("staffordshire", "2019_01"): {
        "Date Of Job Start Variation": "2019-01-31",
        "SCC Job Start Rate": "£1000",
    },
    ("tower_hamlets", "2017"): {
        "Date Of Job Start Terms": "2017-09-01",
        "Job Start Terms Effective": "2017-10-01",
        "MHEP Job Start Rate": "£100",
    },
    ("tower_hamlets", "2019_01"): {
        "Date Of Job Start Variation": "2019-01-31",
        "CCG Job Start Rate": "£1000",
    },
    ("tower_hamlets", "extension"): {"Date Of Extension": "2019-02-01"},
    ("haringey", "extension"): {"Date Of Extension": "2017-03-01"},
    ("haringey", "renegotiation"): {
        "Date Of Renegotiation": "2017-11-20",
        "Renegotiation Effective": "2017-09-01",
        "MHEP Job Start Rate": "£500",
    },
}  # fmt: skip

Rows = Iterable[tuple[str, str, int]]


def file(contract: str, variation: str = "") -> Path:
    return FOLDER / f"{contract}{'_' if variation else ''}{variation}.sib"


def given(contract: str, *variations: str) -> dict[str, str]:
    """Values for everything that the contract and these variations need."""
    found = dict(RATES[contract])
    for one in variations:
        found |= GIVEN[contract, one]
    return found


def options(contract: str, variations: Iterable[str], values: Mapping[str, str]) -> list[str]:
    return [
        str(file(contract)),
        *(word for one in variations for word in ("--with", str(file(contract, one)))),
        *(word for name, value in values.items() for word in ("--set", f"{name}={value}")),
    ]


def quantities(folder: Path, rows: Rows) -> Path:
    """A file of quantities without bands: a day of the period, the metric, the number."""
    path = folder / "quantities.csv"
    lines = [f"{day},{metric},,{number}" for day, metric, number in rows]
    path.write_text("\n".join(["period,metric,band,quantity", *lines]) + "\n", encoding="utf-8")
    return path


class Priced:
    """What `sib price --format json` says, as it stands and read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.read: dict[str, Any] = json.loads(text)

    @property
    def lines(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read["lines"]
        return found

    @property
    def fingerprint(self) -> str:
        return str(self.read["contract"]["fingerprint"])

    @property
    def rest(self) -> str:
        """All of the text but the fingerprint."""
        return self.text.replace(self.fingerprint, "")

    def pence(self, **what: str) -> int:
        """The sum of the lines of which all this is true; `since` and `until` bound the first day of their period."""
        since, until = what.pop("since", ""), what.pop("until", "9999")
        chosen = [
            one
            for one in self.lines
            if since <= one["period_start"] <= until and all(one[key] == said for key, said in what.items())
        ]
        return sum(pence(one["amount"]) for one in chosen)


def pence(amount: str) -> int:
    pounds, _, rest = amount.partition(".")
    assert len(rest) == 2
    return int(pounds + rest)


def price(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    contract: str,
    variations: Iterable[str],
    rows: Rows,
    values: Mapping[str, str] | None = None,
    as_of: str = "",
) -> Priced:
    variations = tuple(variations)
    values = given(contract, *variations) | dict(values or {})
    call = options(contract, variations, values)
    last = ["--as-of", as_of] if as_of else []
    assert (
        run(["price", *call, *last, "--quantities", str(quantities(folder, rows)), "--format", "json"]) == 0
    )
    return Priced(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run([*words]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    return found.err

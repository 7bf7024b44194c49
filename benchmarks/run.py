"""How long the tool takes, as ratios to bare Python of the same environment, measured in one run.

    python benchmarks/run.py            a table
    python benchmarks/run.py --json     the same for machines

Each figure is the median of several whole processes run in turn with bare Python, so that a machine that slows down
slows both. Goals are for a quiet machine; nothing fails when they are missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
RECORDS = ROOT / "contracts" / "mhep1" / "data" / "2018-q2"
BARE = [sys.executable, "-c", "pass"]
SIB = [sys.executable, "-c", "import sys; from sibdsl.cli import main; main(sys.argv[1:])"]
PARSE = "import sys; from pathlib import Path; from sibdsl.source import Source; from sibdsl.syntax import parse; "
#: What is timed -> the goal as a ratio to bare Python, where there is one.
GOALS: dict[str, float | None] = {
    "help": 4, "parse": 15, "check": 12, "test": None, "price": None, "pay": None,
}  # fmt: skip


def seconds(command: list[str], env: dict[str, str]) -> float:
    """Wall time of one whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=env, cwd=ROOT)
    return time.perf_counter() - start


def ratios(command: list[str], runs: int, env: dict[str, str]) -> tuple[float, float]:
    """Median ratio to bare Python, pair by pair, and the median in milliseconds."""
    seconds(command, env)
    pairs = [(seconds(command, env), seconds(BARE, env)) for _ in range(runs)]
    return statistics.median(a / b for a, b in pairs), statistics.median(a for a, _ in pairs) * 1000


def three_hundred_lines(folder: Path) -> Path:
    """A contract of 300 lines: Tower Hamlets and as many notes on one more payment as that takes."""
    text = CONTRACT.read_text(encoding="utf-8")
    head = "\npayment Filler [9]\n  payer     CCG\n  payee     Working Well\n  for each  Engagement\n  pays      £1\n"
    lack = 300 - len(text.splitlines()) - len(head.splitlines()) - 1
    path = folder / "long.sib"
    path.write_text(text + head + '  note  "filler"\n' * lack + "end payment\n", encoding="utf-8")
    return path


def twelve_examples(folder: Path) -> Path:
    """Tower Hamlets with twelve examples of records: its own, and eleven of other people on other days."""
    text = CONTRACT.read_text(encoding="utf-8")
    own = text[text.index("example Sixteen Hours Exactly") :].partition("end example\n")[0] + "end example\n"
    others = (
        own.replace("Sixteen Hours Exactly", f"Example {chr(ord('A') + at)}")
        .replace('"P1"', f'"P{at + 2}"')
        .replace("5 February", f"{at + 3} February")
        for at in range(11)
    )
    path = folder / "examples.sib"
    path.write_text("\n".join((text, *others)), encoding="utf-8")
    return path


def warm_lines_a_second(path: Path) -> float:
    """Lines parsed in a second by a process that has parsed before."""
    from sibdsl.source import Source
    from sibdsl.syntax import parse

    source = Source(path.name, path.read_text(encoding="utf-8"))
    afresh = parse.__wrapped__  # trees are kept for a while
    for _ in range(10):
        afresh(source)
    start = time.perf_counter()
    for _ in range(20):
        afresh(source)
    return 20 * len(source.lines) / (time.perf_counter() - start)


def many_records(folder: Path, people: int) -> None:
    """Records of so many people: a referral, an engagement and a job each."""
    chance = random.Random(7)
    first = date(2016, 4, 1)
    tables: dict[str, list[list[str]]] = {
        "referrals": [["person_id", "referred_on", "severe_condition"]],
        "engagements": [["person_id", "engaged_on"]],
        "jobs": [["job_id", "person_id", "started_on", "ended_on", "hours_per_week"]],
    }
    for number in range(people):
        person = f"P{number:08d}"
        day = first + timedelta(days=chance.randrange(1000))
        engaged = day + timedelta(days=chance.randrange(60))
        started = engaged + timedelta(days=chance.randrange(90))
        tables["referrals"].append([person, day.isoformat(), "yes"])
        tables["engagements"].append([person, engaged.isoformat()])
        tables["jobs"].append(
            [f"J{number:08d}", person, started.isoformat(), "", str(chance.randrange(4, 40))]
        )
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)


def main() -> int:
    """Measure and report."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=9)
    asked.add_argument("--people", type=int, default=200_000, help="people in the large run of `pay`")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        long = three_hundred_lines(folder)
        commands = {
            "help": [*SIB, "--help"],
            "parse": [
                sys.executable,
                "-c",
                PARSE + "parse(Source('x', Path(sys.argv[1]).read_text()))",
                str(long),
            ],
            "check": [*SIB, "check", str(long)],
            "test": [*SIB, "test", str(twelve_examples(folder))],
            "price": [*SIB, "price", str(CONTRACT), "--quantities", str(quantities(folder))],
            "pay": [*SIB, "pay", str(CONTRACT), "--records", str(RECORDS), "--as-of", "2018-07-31"],
        }
        found: dict[str, dict[str, float | None]] = {}
        for what, command in commands.items():
            ratio, median = ratios(command, given.runs, env)
            found[what] = {"ratio": round(ratio, 2), "milliseconds": round(median, 1), "goal": GOALS[what]}
        speed = warm_lines_a_second(long)
        large = folder / "records"
        large.mkdir()
        many_records(large, given.people)
        took = seconds([*SIB, "pay", str(CONTRACT), "--records", str(large), "--format", "json"], env)
    if given.json:
        print(
            json.dumps(
                {
                    "commands": found,
                    "warm_lines_a_second": round(speed),
                    "people": given.people,
                    "pay_seconds": round(took, 2),
                }
            )
        )
        return 0
    print(f"{'command':<10}{'x bare Python':>14}{'ms':>9}{'goal':>7}")
    for what, row in found.items():
        print(f"{what:<10}{row['ratio']:>14}{row['milliseconds']:>9}{row['goal'] or '':>7}")
    print(f"warm parse: {speed:,.0f} lines a second (goal 10,000)")
    print(f"pay with {given.people:,} people: {took:.1f} s, {given.people / took:,.0f} people a second")
    return 0


def quantities(folder: Path) -> Path:
    """The published quarter's quantities as a file."""
    path = folder / "quantities.csv"
    rows = [
        "period,metric,band,quantity",
        "2018-04-01,Engagement,,40",
        "2018-04-01,Job Entry,Under 16,6",
        "2018-04-01,Job Entry,From 16,4",
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())

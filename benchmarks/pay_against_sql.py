"""`sib pay` against SQL written and tuned by hand for one contract, as ratios of whole processes taken in turn.

    python benchmarks/pay_against_sql.py                          10,000 and 1,000,000 people, three rounds
    python benchmarks/pay_against_sql.py --people 10000000 --rounds 1 --folder /big

Both read the same Parquet files, made by a fixed seed with duplicates, rows of no use and impossible hours in them. Answers
are compared first: the same quantities and the same accounts of rows, or nothing is timed. Then CPU, wall time and peak memory
are told as ratios of medians. Nothing fails when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "contracts" / "mhep1" / "tower_hamlets.sib"
TUNED = Path(__file__).resolve().parent / "tower_hamlets_by_hand.py"
AS_OF = "2019-03-31"
#: The most times the CPU of tuned SQL that `sib pay` should take, by the number of people.
GOALS = {10_000: 2.5, 1_000_000: 1.35, 10_000_000: 1.35}


def records(folder: Path, people: int) -> None:
    """Records of so many people as Parquet: of 100 rows one stands twice, of 200 jobs one has no hours."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    chance = "hash({} || ({})) / 18446744073709551616.0"

    def of(what: str, number: str = "n") -> str:
        return "(" + chance.format(f"'{what}'", number) + ")"

    def spread(mean: int, what: str) -> str:
        return f"CAST(floor(-{mean} * ln(1 - {of(what)})) AS INT)"

    with duckdb.connect() as made:
        made.execute(
            f"""CREATE TABLE person AS SELECT n, 'P' || lpad(n::VARCHAR, 8, '0') AS person_id,
            DATE '2016-03-12' + CAST(floor(1095 * {of("referred")}) AS INT) AS referred_on,
            CASE WHEN {of("severe")} < 0.9 THEN 'yes' ELSE 'no' END AS severe_condition
            FROM range(1, {people} + 1) r(n)"""
        )
        made.execute(
            f"""CREATE TABLE met AS SELECT n, person_id,
            referred_on + {spread(30, "engaged")} - CASE WHEN {of("early")} < 0.03 THEN 60 ELSE 0 END AS engaged_on
            FROM person WHERE {of("meets")} < 0.85"""
        )
        made.execute(
            f"""CREATE TABLE job AS SELECT n, turn, 'J' || lpad((n * 3 + turn)::VARCHAR, 9, '0') AS job_id, person_id,
            engaged_on + CAST(turn * 170 AS INT) + {spread(90, "starts")} AS started_on,
            CASE WHEN {of("open", "n * 3 + turn")} < 0.1 THEN NULL
            ELSE engaged_on + CAST(turn * 170 AS INT) + {spread(90, "starts")} + 1 + {spread(150, "lasts")} END AS ended_on,
            CASE WHEN {of("bad", "n * 3 + turn")} < 0.005 THEN 0
            ELSE CAST(2 + floor(40 * {of("hours", "n * 3 + turn")}) AS INT) END AS hours_per_week
            FROM met, range(0, 3) r(turn) WHERE {of("jobs")} * 3 > turn + 0.7"""
        )
        tables = {
            "referrals": "SELECT person_id, referred_on, severe_condition, n AS seed FROM person UNION ALL "
            f"SELECT person_id, referred_on + 90, severe_condition, n FROM person WHERE {of('again')} < 0.05",
            "engagements": "SELECT person_id, engaged_on, n AS seed FROM met UNION ALL "
            f"SELECT person_id, engaged_on + 1 + {spread(40, 'once more')}, n FROM met WHERE {of('more')} < 0.3",
            "jobs": "SELECT job_id, person_id, started_on, ended_on, hours_per_week, n * 3 + turn AS seed FROM job",
        }
        for name, rows in tables.items():
            twice = of(f"{name} twice", "seed")
            made.execute(
                f"""COPY (WITH r AS ({rows}) SELECT * EXCLUDE (seed) FROM
                (SELECT * FROM r UNION ALL SELECT * FROM r WHERE {twice} < 0.01) ORDER BY hash(seed))
                TO '{folder / name}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 250000)"""
            )


def timed(command: list[str], out: Path) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak memory in MiB of one whole process."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "NO_COLOR": "1"}
    start = time.perf_counter()
    with out.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.DEVNULL, env=env, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[-1]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024


def differences(by_hand: Path, by_sib: Path) -> list[str]:
    """Where the answers differ, in words."""
    hand, sib = json.loads(by_hand.read_text()), json.loads(by_sib.read_text())
    wanted = {(start, metric, band): number for start, metric, band, number in hand["quantities"]}
    found = {
        (row["period_start"], row["metric"], row["band"]): int(row["quantity"])
        for row in sib["quantities"]
        if int(row["quantity"])
    }
    told = [
        f"{key}: {wanted.get(key)} by hand, {found.get(key)} by sib"
        for key in sorted(wanted.keys() | found.keys(), key=str)
        if wanted.get(key) != found.get(key)
    ]
    accounts = {name.lower(): account for name, account in sib["records"].items()}
    for name, account in hand["rows"].items():
        told += [
            f"{name}, {status}: {number} by hand, {accounts[name].get(status)} by sib"
            for status, number in account.items()
            if accounts[name].get(status) != number
        ]
    return told


def compare(folder: Path, people: int, rounds: int) -> dict[str, object]:
    """Ratios of `sib pay` to SQL by hand, and what each took."""
    data = folder / str(people)
    records(data, people)
    outs = {"hand": data / "hand.json", "sib": data / "sib.json"}
    commands = {
        "hand": [sys.executable, str(TUNED), str(data), AS_OF],
        "sib": [
            *(sys.executable, "-c", "import sys; from sibdsl.cli import main; main(sys.argv[1:])", "pay"),
            *(str(CONTRACT), "--records", str(data), "--as-of", AS_OF, "--format", "json"),
        ],
    }
    for name, command in commands.items():
        timed(command, outs[name])
    told = differences(outs["hand"], outs["sib"])
    if told:
        raise SystemExit("The answers differ, so nothing is timed:\n" + "\n".join(told[:10]))
    taken: dict[str, list[tuple[float, float, float]]] = {"hand": [], "sib": []}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(timed(command, outs[name]))
    median = {
        name: [statistics.median(run[at] for run in runs) for at in range(3)] for name, runs in taken.items()
    }
    names = ("cpu", "wall", "memory")
    ratio = {name: round(median["sib"][at] / median["hand"][at], 2) for at, name in enumerate(names)}
    return {"people": people, "ratio": ratio, "goal": GOALS.get(people), "median": median}


def main() -> int:
    """Measure and report."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, nargs="+", default=[10_000, 1_000_000])
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument(
        "--folder", type=Path, help="where the records are made; a temporary folder if not given"
    )
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        found = [compare(Path(name), people, given.rounds) for people in given.people]
    if given.json:
        print(json.dumps(found))
        return 0
    print(f"{'people':>12}{'x cpu':>8}{'x wall':>8}{'x memory':>10}{'goal':>7}")
    for row in found:
        ratio = row["ratio"]
        assert isinstance(ratio, dict)  # noqa: S101 - as it was made
        print(
            f"{row['people']:>12,}{ratio['cpu']:>8}{ratio['wall']:>8}{ratio['memory']:>10}{row['goal'] or '':>7}"
        )
        for who, (cpu, wall, memory) in row["median"].items():  # type: ignore[attr-defined]
            print(f"{who:>12}{cpu:>7.2f}s{wall:>7.2f}s{memory:>6.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

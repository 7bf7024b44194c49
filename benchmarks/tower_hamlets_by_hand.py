"""The quantities and row accounts of Tower Hamlets from Parquet, in SQL written and tuned by hand: the yardstick of `sib pay`.

python benchmarks/tower_hamlets_by_hand.py FOLDER AS-OF       JSON to standard output
"""

from __future__ import annotations

import json
import sys

import duckdb

FIRST, LAST = "DATE '2016-04-01'", "DATE '2019-03-31'"
#: What a job must be to be read at all.
READABLE = "hours_per_week > 0 AND hours_per_week <= 168 AND (ended_on IS NULL OR ended_on >= started_on)"


def main(folder: str, as_of: str) -> None:
    """Count, and print."""
    run = duckdb.connect().execute
    run("SET threads = 2")
    known = f"LEAST({LAST}, DATE '{as_of}')"

    def number(query: str) -> int:
        return int(run(f"SELECT count(*) FROM {query}").fetchone()[0])

    def different(table: str) -> str:
        return f"(SELECT DISTINCT * FROM '{folder}/{table}.parquet')"

    joins = f"severe_condition = 'yes' AND referred_on BETWEEN {FIRST} AND {known}"
    run(
        f"CREATE TEMP TABLE joined AS SELECT person_id, min(referred_on) AS day FROM '{folder}/referrals.parquet' "
        f"WHERE {joins} GROUP BY person_id"
    )
    meets = (
        f"JOIN joined USING (person_id) WHERE engaged_on >= day AND engaged_on BETWEEN {FIRST} AND {known}"
    )
    run(
        f"CREATE TEMP TABLE engaged AS SELECT person_id, min(engaged_on) AS met "
        f"FROM '{folder}/engagements.parquet' {meets} GROUP BY person_id"
    )
    run(
        f"CREATE TEMP TABLE job AS SELECT * FROM {different('jobs')} JOIN engaged USING (person_id) "
        f"WHERE {READABLE} AND started_on >= met AND started_on <= DATE '{as_of}'"
    )
    used = {
        "referrals": number(f"{different('referrals')} WHERE {joins}"),
        "engagements": number(f"{different('engagements')} {meets}"),
        "jobs": number("job"),
    }
    rejected = {"jobs": number(f"{different('jobs')} WHERE NOT ({READABLE})")}
    accounts = {}
    for table, counted in used.items():
        rows, distinct = number(f"'{folder}/{table}.parquet'"), number(different(table))
        invalid = rejected.get(table, 0)
        accounts[table] = {
            "rows": rows,
            "used": counted,
            "duplicate": rows - distinct,
            "rejected": invalid,
            "outside": distinct - invalid - counted,
        }
    results = run(
        f"""WITH lasting AS (SELECT person_id, job_id, coalesce(ended_on, DATE '9999-12-31') AS ends,
              CASE WHEN hours_per_week < 16 THEN 'Under 16' ELSE 'From 16' END AS band,
              started_on + 42 AS weeks, CAST(started_on + INTERVAL 6 MONTH AS DATE) AS months FROM job),
            entry AS (SELECT weeks AS day, 'Job Entry' AS metric, band FROM lasting
              WHERE ends >= weeks AND weeks <= {known}
              QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY weeks, job_id) = 1),
            sustained AS (SELECT months AS day, 'Job Sustainment' AS metric, band FROM lasting
              WHERE ends >= months AND months <= {known}
              QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY months, job_id) = 1)
        SELECT CAST(CAST(date_trunc('quarter', day) AS DATE) AS VARCHAR), metric, band, count(*)
        FROM (SELECT met AS day, 'Engagement' AS metric, NULL AS band FROM engaged
              UNION ALL FROM entry UNION ALL FROM sustained)
        GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    json.dump({"quantities": results, "rows": accounts}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])

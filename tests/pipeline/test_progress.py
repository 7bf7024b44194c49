"""What a long run is doing is told to who listens, and to nobody else."""

from sibdsl import pipeline, progress
from tests.settle.tower_hamlets import DAY, FILE, RECORDS


def test_stages_and_rows_are_told_to_who_listens() -> None:
    told: list[tuple[str, int | None]] = []
    ready = pipeline.load(FILE)
    with progress.heard(lambda words, rows: told.append((words, rows))):
        pipeline.pay(ready, RECORDS, DAY).close()
    assert {rows for _, rows in told if rows} == {60, 69, 19}
    assert next(words for words, _ in told) == "reading the records"
    assert {"finding Job Entry", "counting"} <= {words for words, _ in told}
    heard = len(told)
    pipeline.pay(ready, RECORDS, DAY).close()
    assert len(told) == heard

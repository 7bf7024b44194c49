"""Which metrics earn a payment: `payments earned by` and `payments on outcomes` cover just these."""

from fractions import Fraction

import pytest

from sibdsl.compile import compile_source
from sibdsl.dates import Period
from sibdsl.model.parameters.in_force import as_written
from sibdsl.model.periods import Segment, segments
from sibdsl.price import Key, build, price
from sibdsl.source import Source
from tests.docs.reading import LANGUAGE, blocks, fences, spliced

FRAME = next(one.text for one in fences(LANGUAGE) if one.notes.get("frame") == "Job Support")
PIECE = """\
scale Met [8]
  by  Job Start
  | Job Start   | equals |
  | less than 3 | 0      |
  | at least 3  | 1      |
end scale

scale Level [8]
  by  Job Start
  | Job Start   | equals |
  | less than 3 | 50%    |
  | at least 3  | 100%   |
end scale

scale Prize [8]
  by  Job Start
  | Job Start   | equals |
  | less than 3 | £0     |
  | at least 3  | £250   |
end scale

scale Slope [8]
  interpolated by  Job Start, flat beyond the ends
  | Job Start | equals |
  | 0         | 0%     |
  | 10        | 100%   |
end scale

scale Rate [8]
  by  Job Start
  | Job Start   | equals                |
  | less than 3 | £10 times Job Kept    |
  | at least 3  | £20 times Job Kept    |
end scale

workings Sums [8]
  | step   | equals                 |
  | Gross  | £400 times Job Kept    |
  | Gated  | Gross times Met        |
end workings

payment Sum [8]
  payer  Council
  payee  Provider
  {pays}
end payment

cap Starts [9]
  covers   payments earned by {metric}
  at most  £0.01 over the contract
  excess   lost
end cap
"""
EVERY = "\n  every  quarter at the end"
#: A sum, and which of the metrics Job Start and Job Kept earn it.
SUMS = (
    ("pays  £400 times Job Kept times Met" + EVERY, {"Job Kept"}),
    ("pays  Gated" + EVERY, {"Job Kept"}),
    ("pays  £400 times Job Kept times Level" + EVERY, {"Job Kept"}),
    ("pays  Rate" + EVERY, {"Job Kept"}),
    ("pays  Prize" + EVERY, {"Job Start"}),
    ("pays  Gated plus Prize" + EVERY, {"Job Start", "Job Kept"}),
    ("pays  the higher of (Gated and Prize)" + EVERY, {"Job Start", "Job Kept"}),
    ("pays  £400 times Level" + EVERY, {"Job Start"}),
    ("pays  £400 times Slope" + EVERY, {"Job Start"}),
    ("pays to date  Gated\n  taken back  never", {"Job Kept"}),
    ("pays to date  £400 times Job Kept minus £1 times Job Start\n  taken back  never", {"Job Start", "Job Kept"}),
    ("for each  Job Start\n  pays  £5", {"Job Start"}),
    ("for each  Job Kept\n  pays  £5\n  paid only if  Job Start is at least 2 in each year", {"Job Kept"}),
)  # fmt: skip


@pytest.mark.parametrize(("pays", "by"), SUMS)
@pytest.mark.parametrize("metric", ["Job Start", "Job Kept"])
def test_a_cap_covers_what_its_metric_earns(pays: str, by: set[str], metric: str) -> None:
    frame = "\n".join(
        text for key, text in blocks(FRAME).items() if key not in ("payment Start Fee", "payment Outcome Fee")
    )
    made = compile_source(Source("earned.sib", spliced(frame, PIECE.format(pays=pays, metric=metric))))
    quarter = next(iter(segments(made.contract)))
    assert quarter == Segment(quarter.statement, Period(quarter.days.start, quarter.days.end))
    counts = {
        Key(quarter, "Job Start", ""): Fraction(5),
        Key(quarter, "Job Kept", "Part Time"): Fraction(2),
    }
    lines = price(build(made.contract, as_written(made.contract)), counts).lines
    assert ("cap_cut" in {one.line.kind for one in lines}) == (metric in by)

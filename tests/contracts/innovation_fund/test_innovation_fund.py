"""The Innovation Fund on records written by hand, and against a second working of the limit for each participant."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from sibdsl.cli.app import run
from tests.contracts.records_run import Row, checks_without_a_finding, paid, refused, write

CONTRACT = Path(__file__).parents[3] / "contracts" / "innovation_fund" / "innovation_fund.sib"
STARTS: Row = ("person_id", "round", "started_on")
OUTCOMES: Row = ("outcome_id", "person_id", "outcome", "achieved_on")

#: The two published cards.
CARDS = {
    "1": {
        "behaviour": 1_300, "attendance": 800, "level 1": 700, "level 2": 2_200, "level 3": 3_300,
        "level 4 or above": 2_000, "ESOL": 1_200, "job 13 weeks": 2_600, "job 26 weeks": 1_000,
    },
    "2": {
        "behaviour": 1_300, "attendance": 1_400, "attitude": 700, "entry level": 900, "basic skills": 900,
        "level 1": 1_100, "level 2": 3_300, "level 3": 5_100, "job 13 weeks": 3_500, "job 26 weeks": 2_000,
    },
}  # fmt: skip
WORDS = sorted(CARDS["1"].keys() | CARDS["2"].keys())


def test_it_checks_and_its_examples_are_met(capsys: pytest.CaptureFixture[str]) -> None:
    # The start is counted for the cards alone, which read the round of it.
    checks_without_a_finding(CONTRACT, capsys, "SIB0505")


def test_a_few_participants(tmp_path: Path) -> None:
    starts = [
        STARTS,
        ("P1", "1", "2012-04-01"),
        ("P2", "2", "2012-10-31"),  # a day before the second round
        ("P3", "2", "2012-11-01"),
        ("P4", "3", "2012-12-01"),  # no such round
        ("P5", "1", "2015-04-01"),  # a day after the first round
        ("P6", "1", "2013-02-01"),
        ("P6", "2", "2013-08-01"),  # joins again, in the second round
        ("P7", "2", "2015-10-31"),
    ]
    outcomes = [
        OUTCOMES,
        ("O01", "P1", "behaviour", "2012-06-30"),  # 1,300
        ("O02", "P1", "attitude", "2012-06-30"),  # not on the first card
        ("O03", "P1", "level 2", "2015-09-30"),  # 2,200 on the last day of the first round's results
        ("O04", "P1", "level 3", "2015-10-01"),  # a day late
        ("O05", "P2", "attendance", "2013-01-07"),
        ("O06", "P3", "attitude", "2012-12-31"),  # 700
        ("O07", "P3", "attitude", "2012-12-31"),  # once for each participant
        ("O08", "P3", "English", "2013-01-07"),  # not on either card
        ("O09", "P4", "behaviour", "2013-01-07"),
        ("O10", "P5", "behaviour", "2015-06-01"),
        ("O11", "P6", "level 3", "2013-07-01"),  # 3,300 by the first card
        ("O12", "P6", "level 2", "2013-10-01"),  # 2,200 by the first card alone
        ("O13", "P7", "job 26 weeks", "2016-04-30"),  # 2,000 on the very last day
        ("O14", "P7", "job 13 weeks", "2016-05-01"),
        ("O15", "P7", "behaviour", ""),
        ("O01", "P1", "behaviour", "2012-06-30"),
    ]
    write(tmp_path, {"starts": starts, "outcomes": outcomes})
    found = paid(CONTRACT, tmp_path, ["Participant Limit=£8,200"], "2016-12-31")
    assert found.paid == {
        ("Round 1 Card", "2012-04-01"): 1_300,
        ("Round 2 Card", "2012-11-01"): 700,
        ("Round 1 Card", "2013-07-01"): 3_300,
        ("Round 1 Card", "2013-10-01"): 2_200,
        ("Round 1 Card", "2015-07-01"): 2_200,
        ("Round 2 Card", "2016-04-01"): 2_000,
    }
    assert found.rows["Starts"] == {"used": 5, "outside": 2, "rejected": 1}
    assert found.rows["Outcomes"]["rejected"] == 2
    assert found.rows["Outcomes"]["duplicate"] == 1


@pytest.mark.parametrize("seed", range(6))
def test_nobody_earns_more_than_the_limit_and_the_order_of_rows_changes_nothing(
    tmp_path: Path, seed: int
) -> None:
    draw = Random(seed)
    limit = draw.choice([8_200, 11_700])
    starts = [(f"P{one}", draw.choice("12"), "2012-12-01") for one in range(6)]
    outcomes: list[Row] = []
    expected = 0
    for person, card, _ in starts:
        own = 0
        for word in draw.sample(WORDS, draw.randint(0, len(WORDS))):
            day = date(2012, 12, 1) + timedelta(days=draw.randrange(0, 1_000, 50))
            outcomes.append((f"O{len(outcomes):03}", person, word, day.isoformat()))
            own += CARDS[card].get(word, 0)
        expected += min(own, limit)
    found = []
    for order in ("first", "second"):
        folder = tmp_path / order
        folder.mkdir()
        draw.shuffle(outcomes)
        draw.shuffle(starts)
        write(folder, {"starts": [STARTS, *starts], "outcomes": [OUTCOMES, *outcomes]})
        found.append(paid(CONTRACT, folder, [f"Participant Limit=£{limit}"], "2016-12-31"))
    assert found[0] == found[1]
    assert found[0].total() == expected


def test_a_limit_for_each_person_must_say_over_what_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(
        CONTRACT,
        "Participant Limit per person over the contract",
        "Participant Limit per person",
        tmp_path,
        capsys,
    )
    assert "SIB0571" in told


@pytest.mark.parametrize("limit", ["£8,199.99", "£11,700.01"])
def test_a_limit_that_no_source_names_is_refused(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(CONTRACT), "--set", f"Participant Limit={limit}"]) == 2
    told = " ".join(capsys.readouterr().out.split())
    assert "at least £8,200 but at most £11,700" in told
    assert f"gives Participant Limit as `{limit}`, which the contract does not allow" in told


def test_formulas_tell_what_the_limit_cuts_of_each_card_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "--formulas", str(CONTRACT), "--set", "Participant Limit=£8,200"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    said = "what is cut by Participant Ceiling of Round 1 Card, lines 1 to 9"
    year = told[told.index("in 2013/14 = ") : told.index("in 2014/15 = ")]
    assert year.count(said) == 1
    assert year.count("what is cut by Participant Ceiling of Round 2 Card, lines 1 to 10") == 1

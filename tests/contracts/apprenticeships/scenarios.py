"""Acceptance scenarios of the payments service, as data: what is submitted of learners, and what is earned of it by month.

All are published as github.com/SkillsFundingAgency/das-paymentsacceptancetesting, in the files named, as they stood at the commit
beside each. What is earned is written `09/17-08/18 1000; 09/18 3000`: so much in each of those months.
"""

from attrs import frozen

Row = dict[str, str]


@frozen
class Scenario:
    """One scenario: what is earned in all, and of the agency and the employer where the source tells them apart.

    `support` is the times from and to which the learner has learning support. `levy` is what the employer's account holds
    by month, written as what is earned is; without it there is always enough.
    """

    file: str
    title: str
    rows: tuple[Row, ...]
    total: str
    agency: str = ""
    employer: str = ""
    support: tuple[tuple[str, str], ...] = ()
    levy: str = ""


COMMITS = {
    "learner_finishes_on_time": "16ae5c861a919c5a0d94dc87fe37f56f55e01fef",
    "learner_finishes_early": "34192d31be5d62950217da648142602125cfa035",
    "learner_finishes_late": "42e71b051236e1cb5f18b45087bad0b4761bb6c4",
    "capping": "7ef9bac2d897ff3de13542fd1c24c3a8d094d4ac",
    "provider_due_amount": "02bfa4350bd56081fc5258bdde64398651cd41cd",
    "earnings_calc": "199c7e864ffcd65ceb5459e5a1646a4efb819f75",
    "incentive_payments": "047a530f45cf351cac79365294943fe7eaa28c08",
    "additional_payments": "00d98f33362b8d74df9542f16162ecc83b8ebd21",
    "small_employers": "05ae071f4b6f3a818a8bad99a997794bf4143e93",
    "maths_and_english": "025b31fe8547d7b405062d16684593a73a5c3c4b",
    "learner_changes_provider": "0c73594f70d823d915fcc8df6014a2a0b93445b1",
    "change_in_circumstances": "1896e7cdb1e4ca937918b423ecbade3d5dae742c",
    "learner_changes_employer": "1af28594550bad3c51ce0967b28beaf1ef6c9116",
    "commitment_effectiveness": "025b31fe8547d7b405062d16684593a73a5c3c4b",
    "employer_stops_payments": "03b6b6f68e407044d12b997f753cb906c759a610",
    "redundancy_payments": "27b059364cff97c48b3f5a92f06f217c074f17a4",
    "ILR_is_submitted_late": "16b4d53e9046c167282fe40273b7e1850fa0e236",
    "maths_and_english_aims": "fc6b25d64eab7a5cf64a0737747c215f2a37a5ba",
    "ontime_ILR_submission": "6bfb9e623f5a30354cf0f6b53343c9341d66d6be",
    "earnings": "092a4e57c150f3845c4e6390fe20c12eb11efc31",
    "early_finish": "52f8669555a238dab68eb8061c760fc9feeb1025",
    "late_finish": "2896166bd493d560cf133ece9e6cc5026f341a92",
    "two_learners_paid_in_priority": "002aa7fbee1b49af4db6d2deffe39c84f85453a0",
    "refunds": "9d4399fe8e6bac348b69f2ff3019b7b8cd9b3c3d",
    "manual_adjustments": "73fd479c9600c3f1489c2087060413d11d7dd37f",
    "definitions": "684cf62adf0606f396a46a37e44452edb16b8b78",
    "payments_calc": "dca937449eba72a4df83bd2966ad1164a123ef38",
    "change_in_ilr": "01e89b96fa0ae4caa489c048c971c2f3421f991f",
}

LEVY, SHARED, SMALL, ALONE = "levy", "co-investment", "small employer", "additional"


def iso(day: str) -> str:
    """`01/09/2017` as a file has it."""
    return "-".join(reversed(day.split("/")))


def row(funding: str, price: int, begun: str, planned: str, ended: str = "", status: str = "continuing", *,
        learner: str = "learner a", most: int = 17_000, young: bool = False, framework: str = "",
        area: str = "elsewhere", aim: str = "programme", prior: str = "", first: str = "",
        before: tuple[int, str, str, str] | None = None) -> Row:  # fmt: skip
    """A price episode. `before` is the price that it takes the place of: how much, from, to, and to when it was planned.

    `first` is the day on which the learning began, where that is another than the episode's own.
    """
    price_before, since, until, planned_before = before or ("", "", "", "")
    return {
        "Learner": learner, "Episode": begun, "Returned On": "", "Deleted On": "", "Aim": aim, "Began On": iso(first or begun), "Started On": iso(begun), "Planned End": iso(planned),
        "Actual End": iso(ended) if ended else "", "Status": status, "Price": str(price), "Band Maximum": str(most),
        "Price Before": str(price_before), "Before From": iso(since), "Before To": iso(until),
        "Before Planned End": iso(planned_before), "Prior Learning": prior, "Funding": funding,
        "Young Learner": "yes" if young else "no",
        "Framework Maximum": framework, "Area": area,
    }  # fmt: skip


def _year(funding: str, price: int, **more: object) -> Row:
    """From 1 September 2017, planned and completed on 8 September 2018."""
    return row(funding, price, "01/09/2017", "08/09/2018", "08/09/2018", "completed", **more)  # type: ignore[arg-type]


_ON_TIME, _EARLY, _LATE = "learner_finishes_on_time", "learner_finishes_early", "learner_finishes_late"
_DUE = "provider_due_amount"
_YEAR = "09/17-08/18 1000; 09/18 3000; 10/18 0"
_TWO = (_year(LEVY, 7_500), _year(LEVY, 15_000, learner="learner b"))

FINISHES = [
    Scenario(_ON_TIME, "a DAS learner, levy available", (_year(LEVY, 15_000),), _YEAR, _YEAR),
    Scenario(_ON_TIME, "a DAS learner, no levy available", (_year(SHARED, 15_000),), _YEAR,
             "09/17-08/18 900; 09/18 2700; 10/18 0", "09/17-08/18 100; 09/18 300; 10/18 0"),
    Scenario(_ON_TIME, "2 DAS learners, only enough levy to cover 1", _TWO, "09/17-08/18 1500; 09/18 4500; 10/18 0",
             "09/17 1350; 10/17-08/18 1400; 09/18 4200; 10/18 0", "09/17 150; 10/17-08/18 100; 09/18 300; 10/18 0",
             levy="09/17 0; 10/17-08/18 500; 09/18-10/18 1500"),
    Scenario(_ON_TIME, "a non-DAS learner", (_year(SHARED, 15_000),), _YEAR,
             "09/17-08/18 900; 09/18 2700; 10/18 0", "09/17-08/18 100; 09/18 300; 10/18 0"),
    Scenario(_EARLY, "a DAS learner, one month early",
             (row(LEVY, 15_000, "01/09/2017", "08/09/2018", "08/08/2018", "completed"),),
             "09/17-07/18 1000; 08/18 4000; 09/18 0", "09/17-07/18 1000; 08/18 4000; 09/18 0"),
    Scenario(_EARLY, "a DAS learner, two months early",
             (row(LEVY, 15_000, "01/09/2017", "08/09/2018", "08/07/2018", "completed"),),
             "09/17-06/18 1000; 07/18 5000; 08/18 0", "09/17-06/18 1000; 07/18 5000; 08/18 0"),
    Scenario(_EARLY, "a non-DAS learner",
             (row(SHARED, 18_750, "01/09/2017", "08/12/2018", "08/09/2018", "completed", most=20_000),),
             "09/17-08/18 1000; 09/18 6750; 10/18 0", "09/17-08/18 900; 09/18 6075; 10/18 0",
             "09/17-08/18 100; 09/18 675; 10/18 0"),
    Scenario(_EARLY, "a non-DAS learner withdraws after the qualifying period",
             (row(SHARED, 15_000, "01/09/2017", "08/09/2018", "08/01/2018", "withdrawn"),),
             "09/17-12/17 1000; 01/18 0", "09/17-12/17 900; 01/18 0", "09/17-12/17 100; 01/18 0"),
    Scenario(_LATE, "a DAS learner, levy available",
             (row(LEVY, 15_000, "01/09/2017", "08/09/2018", "08/10/2018", "completed"),),
             "09/17-08/18 1000; 09/18 0; 10/18 3000; 11/18 0", "09/17-08/18 1000; 09/18 0; 10/18 3000; 11/18 0"),
    Scenario(_LATE, "a non-DAS learner",
             (row(SHARED, 15_000, "01/09/2017", "08/09/2018", "08/12/2018", "completed"),),
             "09/17-08/18 1000; 09/18-11/18 0; 12/18 3000; 01/19 0",
             "09/17-08/18 900; 09/18-11/18 0; 12/18 2700; 01/19 0",
             "09/17-08/18 100; 09/18-11/18 0; 12/18 300; 01/19 0"),
    Scenario(_LATE, "a non-DAS learner withdraws after the planned end",
             (row(SHARED, 15_000, "01/09/2017", "08/09/2018", "08/12/2018", "withdrawn"),),
             "09/17-08/18 1000; 09/18-01/19 0", "09/17-08/18 900; 09/18-01/19 0", "09/17-08/18 100; 09/18-01/19 0"),
    Scenario("capping", "640-AC01, a price above the band",
             (row(LEVY, 18_000, "06/08/2017", "08/08/2018", most=15_000),), "08/17-12/17 1000", "08/17-12/17 1000"),
    Scenario(_DUE, "a DAS learner, levy available", (_year(LEVY, 15_000),), _YEAR, _YEAR),
    Scenario(_DUE, "a DAS learner, no levy available", (_year(SHARED, 15_000),), _YEAR,
             "09/17-08/18 900; 09/18 2700; 10/18 0", "09/17-08/18 100; 09/18 300; 10/18 0"),
    Scenario(_DUE, "a non-DAS learner", (_year(SHARED, 15_000),), _YEAR,
             "09/17-08/18 900; 09/18 2700; 10/18 0", "09/17-08/18 100; 09/18 300; 10/18 0"),
    Scenario(_DUE, "2 DAS learners, only enough levy to cover 1", _TWO, "09/17-08/18 1500; 09/18 4500; 10/18 0",
             "09/17 1350; 10/17-08/18 1400; 09/18 4200; 10/18 0", "09/17 150; 10/17-08/18 100; 09/18 300; 10/18 0",
             levy="09/17 0; 10/17-08/18 500; 09/18 1500"),
    Scenario(_DUE, "1 DAS learner, not enough levy", (_year(LEVY, 15_000),), _YEAR,
             "09/17-08/18 950; 09/18 2850; 10/18 0", "09/17-08/18 50; 09/18 150; 10/18 0",
             levy="09/17-08/18 500; 09/18 1500"),
    Scenario(_DUE, "2 learners, 2 employers, enough levy", _TWO, "09/17-08/18 1500; 09/18 4500; 10/18 0",
             "09/17-08/18 1500; 09/18 4500; 10/18 0"),
    # Each employer has an account of its own, and here a run of its own.
    Scenario(_DUE, "2 learners, 2 employers, not enough levy, employer 1", _TWO[:1], "09/17-08/18 500; 09/18 1500; 10/18 0",
             "", "09/17 50; 10/17-07/18 40; 08/18 25; 09/18 100; 10/18 0", levy="09/17 0; 10/17-07/18 100; 08/18 250; 09/18 500"),
    Scenario(_DUE, "2 learners, 2 employers, not enough levy, employer 2", _TWO[1:], _YEAR, "",
             "09/17-08/18 50; 09/18 150; 10/18 0", levy="09/17-08/18 500; 09/18 1500"),
    *(Scenario("earnings_calc", f"{price:,} over {months} census months",
               (row(LEVY, price, "01/09/2017", end, end, "completed"),), earned)
      for price, months, end, earned in (
          (15_000, 12, "08/09/2018", "09/17-08/18 1000; 09/18 3000"),
          (15_000, 6, "08/03/2018", "09/17-02/18 2000; 03/18 3000"),
          (7_500, 12, "08/09/2018", "09/17-08/18 500; 09/18 1500"),
          (7_500, 6, "08/03/2018", "09/17-02/18 1000; 03/18 1500"),
      )),
]  # fmt: skip

_MORE, _SMALL, _ENGLISH = "additional_payments", "small_employers", "maths_and_english"
_AUGUST = ("06/08/2017", "08/08/2018")


def english(begun: str, planned: str, ended: str = "", status: str = "completed", *, prior: str = "",
             aim: str = "English or maths") -> Row:  # fmt: skip
    return row(ALONE, 471, begun, planned, ended, status, aim=aim, prior=prior)


def _deprived(funding: str, area: str, title: str, half: int) -> Scenario:
    paid = f"08/17-10/17 1000; 11/17 {1000 + half}; 12/17-07/18 1000; 08/18 {half}; 09/18 0"
    return Scenario(_MORE, title, (row(funding, 15_000, *_AUGUST, area=area, framework="9000"),), paid)


def _small(
    title: str, funding: str, total: str, agency: str, employer: str = "", *, young: bool = True
) -> Scenario:
    framework = "9000" if young else ""
    learner = row(funding, 7_500, *_AUGUST, "08/08/2018", "completed", young=young, framework=framework)
    return Scenario(_SMALL, title, (learner,), total, agency, employer)


_INCENTIVE = "08/17-10/17 1000; 11/17 2000; 12/17-07/18 1000; 08/18 1000; 09/18 0"
_UPLIFTED = "08/17-10/17 620; 11/17 1620; 12/17-07/18 620; 08/18 2860; 09/18 0"

ADDITIONAL = [
    Scenario("incentive_payments", "a 16-18 DAS learner", (row(LEVY, 15_000, *_AUGUST, young=True),), _INCENTIVE),
    Scenario(_MORE, "AC1, a 16-18 DAS learner", (row(LEVY, 15_000, *_AUGUST, young=True),), _INCENTIVE),
    Scenario(_MORE, "AC2, a 16-18 DAS learner whose data lock fails",
             (row(LEVY, 15_000, "28/08/2017", "29/08/2018", young=True),), _INCENTIVE),
    Scenario(_MORE, "AC3, a framework at the band maximum",
             (row(SHARED, 9_000, "06/08/2017", "09/08/2018", "10/08/2018", "completed", most=9_000, young=True,
                  framework="9000"),),
             "08/17-10/17 720; 11/17 1720; 12/17-07/18 720; 08/18 3160; 09/18 0",
             "08/17-10/17 660; 11/17 1660; 12/17-07/18 660; 08/18 2980; 09/18 0", "08/17-07/18 60; 08/18 180; 09/18 0"),
    # The source prints 3845 as earned from the agency in 08/18, and 2845 as paid for it a month later.
    Scenario(_MORE, "AC4, a framework below the band maximum",
             (row(SHARED, 8_250, "06/08/2017", "09/08/2018", "10/08/2018", "completed", most=9_000, young=True,
                  framework="9000"),),
             "08/17-10/17 670; 11/17 1670; 12/17-07/18 670; 08/18 3010; 09/18 0",
             "08/17-10/17 615; 11/17 1615; 12/17-07/18 615; 08/18 2845; 09/18 0", "08/17-07/18 55; 08/18 165; 09/18 0"),
    _deprived(SHARED, "1-10%", "AC5, non-DAS, of the most deprived tenth", 300),
    _deprived(SHARED, "11-20%", "AC6, non-DAS, of the next tenth", 150),
    _deprived(SHARED, "21-27%", "AC7, non-DAS, up to 27%", 100),
    Scenario(_MORE, "AC8, non-DAS, not deprived", (row(SHARED, 15_000, *_AUGUST),), "08/17-07/18 1000; 08/18-09/18 0"),
    Scenario(_MORE, "AC9, English and maths, non-DAS",
             (row(SHARED, 15_000, *_AUGUST), english(*_AUGUST, "08/08/2018")), "08/17-07/18 1039.25; 08/18-09/18 0",
             "08/17-07/18 939.25; 08/18-09/18 0", "08/17-07/18 100; 08/18-09/18 0"),
    Scenario(_MORE, "AC10, English and maths, DAS",
             (row(LEVY, 15_000, *_AUGUST), english(*_AUGUST, "08/08/2018")), "08/17-07/18 1039.25; 08/18-09/18 0",
             "08/17-07/18 1039.25; 08/18-09/18 0"),
    _deprived(LEVY, "1-10%", "AC11, DAS, of the most deprived tenth", 300),
    _deprived(LEVY, "11-20%", "AC12, DAS, of the next tenth", 150),
    _deprived(LEVY, "21-27%", "AC13, DAS, up to 27%", 100),
    Scenario(_MORE, "AC14, DAS, not deprived", (row(LEVY, 15_000, *_AUGUST, framework="9000"),),
             "08/17-07/18 1000; 08/18-09/18 0"),
    *(Scenario(_MORE, f"624-AC0{number}, non-DAS, a standard and no framework, {area}",
               (row(SHARED, 15_000, *_AUGUST, area=area),), "08/17-07/18 1000; 08/18-09/18 0")
      for number, area in ((1, "1-10%"), (2, "11-20%"), (3, "21-27%"))),
    _small("AC1, 16-18, a small employer", SMALL, _UPLIFTED, _UPLIFTED),
    _small("AC2, 19-24 with a plan, a small employer", SMALL, _UPLIFTED, _UPLIFTED),
    _small("AC3, 19-24 and a care leaver, a small employer", SMALL, _UPLIFTED, _UPLIFTED),
    _small("AC4, 19-24, a small employer", SHARED, "08/17-07/18 500; 08/18 1500; 09/18 0",
           "08/17-07/18 450; 08/18 1350; 09/18 0", "08/17-07/18 50; 08/18 150; 09/18 0", young=False),
    _small("AC5, 16-18, not a small employer", SHARED, _UPLIFTED,
           "08/17-10/17 570; 11/17 1570; 12/17-07/18 570; 08/18 2710; 09/18 0", "08/17-07/18 50; 08/18 150; 09/18 0"),
    *(Scenario(_ENGLISH, f"DPP-597{which}, fails and takes it again",
               (row(funding, 15_000, *_AUGUST, "08/08/2018", "completed", most=15_000),
                english("06/08/2017", "08/06/2018", "08/05/2018", "withdrawn"),
                english("09/06/2018", "08/06/2019", "08/06/2019", "continuing")),
               "08/17-04/18 1047.10; 05/18 1000; 06/18-07/18 1039.25; 08/18 3039.25; 09/18-05/19 39.25; 06/19 0")
      for which, funding in (("a", SHARED), ("b", LEVY))),
    *(Scenario(_ENGLISH, f"DPP-{title}{which}",
               (row(funding, 15_000, *_AUGUST), english(*_AUGUST, "08/08/2018", prior=prior, aim=aim)), f"08/17-07/18 {month}; 08/18 0")
      for title, prior, aim, month in (
          ("645", "", "above level 2", "1000"), ("646", "75%", "English or maths", "1029.44"),
          ("655", "0%", "English or maths", "1000"),
      )
      for which, funding in (("a", SHARED), ("b", LEVY))),
    *(Scenario(_ENGLISH, f"DPP-644{which}, one level and then the next",
               (row(funding, 15_000, "06/08/2017", "08/08/2019", most=15_000), english(*_AUGUST, "08/08/2018"),
                english("09/08/2018", "08/08/2019", "08/08/2019")),
               "08/17-07/19 539.25; 08/19 0")
      for which, funding in (("a", SHARED), ("b", LEVY))),
]  # fmt: skip

_PROVIDER, _CHANGES, _EMPLOYER, _ILR = (
    "learner_changes_provider", "change_in_circumstances", "learner_changes_employer", "change_in_ilr",
)  # fmt: skip


def _provider_a(ended: str) -> Row:
    return row(LEVY, 7_500, "06/08/2017", "08/08/2018", ended, "withdrawn")


def _standards(
    ended: str, begun: str, planned: str = "04/08/2018", first: str = "04/08/2018"
) -> tuple[Row, ...]:
    """A learner leaves one standard for another, which has a price of its own."""
    return (row(LEVY, 15_000, "03/08/2017", first, ended, "transferred"), row(LEVY, 5_625, begun, planned))


def _total_price(until: str, since: str) -> tuple[Row, ...]:
    """The price of the whole falls from £15,000 to £9,375: what has been earned before counts towards the new one."""
    before = (15_000, "01/08/2017", until, "04/08/2018")
    return (row(LEVY, 15_000, "01/08/2017", "04/08/2018", until, "transferred"),
            row(LEVY, 9_375, since, "04/08/2018", before=before))  # fmt: skip


def _residual(
    begun: str, until: str, since: str, planned: str = "04/08/2018", funding: str = LEVY
) -> tuple[Row, ...]:
    """A new employer agrees a price for what remains."""
    return (row(LEVY, 15_000, begun, planned, until, "transferred"), row(funding, 5_625, since, planned))


_HALF = "08/17-10/17 1000; 11/17-12/17 500"
_HALF_ON = "08/17-10/17 1000; 11/17-07/18 500; 08/18 0"

CHANGES = [
    *(Scenario(_PROVIDER, f"{title}, provider {which}", (learner,), paid, agency)
      for title, which, learner, paid, agency in (
          ("a gap between", "a", _provider_a("04/03/2018"), "08/17-02/18 500; 03/18 0", "08/17-02/18 500; 03/18 0"),
          ("a gap between", "b", row(LEVY, 4_500, "06/06/2018", "20/11/2018"), "06/18-10/18 720; 11/18 0",
           "06/18-10/18 720; 11/18 0"),
          ("the same employer", "a", _provider_a("04/03/2018"), "08/17-02/18 500; 03/18 0", "08/17-02/18 500; 03/18 0"),
          ("the same employer", "b", row(LEVY, 4_500, "05/03/2018", "20/08/2018"), "03/18-07/18 720; 08/18 0",
           "03/18-07/18 720; 08/18 0"),
          ("after the commitment", "a", _provider_a("04/04/2018"), "08/17-03/18 500; 04/18 0", ""),
          ("after the commitment", "b", row(LEVY, 4_500, "05/04/2018", "08/08/2018"), "04/18-07/18 900; 08/18 0",
           "04/18-07/18 900; 08/18 0"),
          ("before the commitment", "a", _provider_a("04/02/2018"), "08/17-01/18 500; 02/18 0", "08/17-01/18 500; 02/18 0"),
          ("before the commitment", "b", row(LEVY, 4_500, "05/02/2018", "20/08/2018"), "02/18-07/18 600; 08/18 0", ""),
      )),
    Scenario(_CHANGES, "another standard", _standards("31/10/2017", "03/11/2017", "01/08/2018", "01/08/2018"), _HALF, _HALF),
    Scenario(_CHANGES, "another standard before the second commitment",
             _standards("31/10/2017", "03/11/2017", "01/08/2018", "01/08/2018"), _HALF, _HALF),
    Scenario(_CHANGES, "a commitment that the submission does not show",
             (row(LEVY, 15_000, "03/08/2017", "04/08/2018"),), "08/17-01/18 1000", "08/17-01/18 1000"),
    Scenario(_CHANGES, "a planned break",
             (row(LEVY, 15_000, "01/09/2017", "08/09/2018", "31/10/2017", "on a break"),
              row(LEVY, 15_000, "03/01/2018", "08/11/2018", before=(15_000, "01/09/2017", "31/10/2017", "08/09/2018"))),
             "09/17-10/17 1000; 11/17-12/17 0; 01/18-10/18 1000; 11/18 0",
             "09/17-10/17 1000; 11/17-12/17 0; 01/18-10/18 1000; 11/18 0"),
    Scenario(_CHANGES, "another price at the end of a month", _total_price("31/10/2017", "01/11/2017"), _HALF_ON, _HALF_ON),
    Scenario(_CHANGES, "another price in the middle of a month", _total_price("09/11/2017", "10/11/2017"), _HALF_ON, _HALF_ON),
    Scenario(_CHANGES, "another price, submitted earlier", _total_price("23/10/2017", "24/10/2017"),
             "08/17-09/17 1000; 10/17-07/18 550; 08/18 0"),
    Scenario(_CHANGES, "another price that the submission does not show",
             (row(LEVY, 15_000, "01/08/2017", "04/08/2018"),), "08/17-07/18 1000; 08/18 0"),
    Scenario(_CHANGES, "another standard in the middle of a month", _standards("10/11/2017", "11/11/2017"), _HALF),
    Scenario(_CHANGES, "another standard in the middle of a month, no commitment",
             _standards("10/11/2017", "11/11/2017"), "08/17-10/17 1000; 11/17-01/18 500"),
    Scenario(_CHANGES, "a commitment in the middle of a month, not submitted",
             (row(LEVY, 15_000, "03/08/2017", "04/08/2018"),), "08/17-01/18 1000"),
    Scenario(_CHANGES, "another standard, later in the month", _standards("18/11/2017", "19/11/2017"), _HALF),
    Scenario(_CHANGES, "another standard, in the next month", _standards("04/12/2017", "05/12/2017"),
             "08/17-11/17 1000; 12/17-01/18 562.50"),
    Scenario(_EMPLOYER, "at the end of a month", _residual("01/08/2017", "31/10/2017", "01/11/2017"), _HALF, _HALF),
    Scenario(_EMPLOYER, "in the middle of a month", _residual("04/08/2017", "09/11/2017", "10/11/2017"), _HALF, _HALF),
    Scenario(_EMPLOYER, "earlier than expected", _residual("04/08/2017", "24/10/2017", "25/10/2017"),
             "08/17-09/17 1000; 10/17-12/17 450", "08/17-09/17 1000; 10/17-12/17 450"),
    Scenario(_EMPLOYER, "from DAS to non-DAS", _residual("03/08/2017", "02/11/2017", "03/11/2017", funding=SHARED), _HALF,
             "08/17-10/17 1000; 11/17-12/17 450", "08/17-10/17 0; 11/17-12/17 50"),
    *(Scenario(_EMPLOYER, f"a commitment in the middle of a month, {title}",
               _residual("01/08/2017", until, since, "28/08/2018"), _HALF, _HALF)
      for title, until, since in (
          ("and the change then", "14/11/2017", "15/11/2017"), ("with a gap", "24/11/2017", "25/11/2017"),
          ("before the new price", "04/11/2017", "05/11/2017"),
      )),
    Scenario(_EMPLOYER, "from non-DAS to DAS",
             (row(SHARED, 6_000, "06/08/2017", "08/08/2018", "31/03/2018", "transferred"),
              row(LEVY, 3_500, "01/04/2018", "08/08/2018")),
             "08/17-03/18 400; 04/18-07/18 700; 08/18 0", "08/17-03/18 360; 04/18-07/18 700; 08/18 0",
             "08/17-03/18 40; 04/18-08/18 0"),
    Scenario(_EMPLOYER, "submitted late", _residual("03/08/2017", "02/11/2017", "03/11/2017"), _HALF, _HALF),
    Scenario(_ILR, "822-AC01, another order of aims, levy",
             (row(LEVY, 9_000, "06/05/2017", "20/05/2018", most=9_000),
              english("06/05/2017", "20/05/2018", status="continuing")), "05/17-08/17 639.25"),
    Scenario(_ILR, "822-AC02, another order of aims, non-levy",
             (row(SHARED, 9_000, "06/05/2017", "20/05/2018", most=9_000),
              english("06/05/2017", "20/05/2018", status="continuing")), "05/17-08/17 639.25",
             "05/17-07/17 579.25", "05/17-07/17 60"),
    Scenario(_ILR, "822-AC03, another number of the learner",
             (row(SHARED, 9_000, "06/05/2017", "20/05/2018", most=9_000),), "05/17-08/17 600", "05/17-08/17 540",
             "05/17-08/17 60"),
    Scenario(_ILR, "852-AC01, another course",
             (row(LEVY, 9_000, "06/05/2017", "20/05/2018", most=9_000),
              english("06/05/2017", "20/05/2018", status="continuing")), "05/17-10/17 639.25", "05/17-10/17 639.25"),
]  # fmt: skip

SCENARIOS = [*FINISHES, *ADDITIONAL, *CHANGES]

"""The rest of the published scenarios of which what is earned can be compared month by month; as `scenarios.py` has them."""

from tests.contracts.apprenticeships.scenarios import (
    LEVY,
    SHARED,
    SMALL,
    Row,
    Scenario,
    english,
    row,
)

REDUNDANT = "redundancy"
_AUGUST = ("06/08/2017", "08/08/2018")
_MORE, _SMALL, _ENGLISH, _PROVIDER, _CHANGES, _ILR, _VERSIONS, _STOPS, _REDUNDANT = (
    "additional_payments", "small_employers", "maths_and_english", "learner_changes_provider", "change_in_circumstances",
    "change_in_ilr", "commitment_effectiveness", "employer_stops_payments", "redundancy_payments",
)  # fmt: skip
_FLAT = "08/17-07/18 1000; 08/18-09/18 0"


def _both(
    title: str, file: str, rows: tuple[Row, ...], total: str, agency: str, employer: str
) -> tuple[Scenario, ...]:
    """A scenario that is told twice: for a learner without levy, and for one with it, whose employer pays nothing."""
    with_levy = tuple(one | {"Funding": LEVY} if one["Funding"] == SHARED else one for one in rows)
    return (Scenario(file, f"{title}, non-DAS", rows, total, agency, employer),
            Scenario(file, f"{title}, DAS", with_levy, total, total, employer and "08/17-07/18 0"))  # fmt: skip


def _on_framework(price: int, title: str, total: str, agency: str, employer: str) -> Scenario:
    """From 16 to 18, planned for 15 months and completed after 12."""
    learner = row(
        SHARED,
        price,
        "06/08/2017",
        "09/11/2018",
        "09/08/2018",
        "completed",
        most=9_000,
        young=True,
        framework="9000",
    )
    return Scenario(_MORE, title, (learner,), total, agency, employer)


ADDITIONAL = [
    Scenario(_MORE, "624-AC04, non-DAS, a standard, not deprived", (row(SHARED, 15_000, *_AUGUST),), _FLAT),
    *(Scenario(_MORE, f"625-AC0{number}, DAS, a standard and no framework, {area}",
               (row(LEVY, 15_000, *_AUGUST, area=area),), _FLAT)
      for number, area in enumerate(("1-10%", "11-20%", "21-27%", "elsewhere"), start=1)),
    *_both("590, English or maths completed three months early", _MORE,
           (row(SHARED, 15_000, "01/08/2017", "08/08/2018"), english("01/08/2017", "08/11/2018", "08/08/2018")),
           "08/17-07/18 1031.40; 08/18 94.20; 09/18 0", "08/17-07/18 931.40; 08/18 94.20", "08/17-07/18 100; 08/18 0"),
    _on_framework(9_000, "581-AC01, a framework at the band maximum, early",
                  "08/17-10/17 576; 11/17 1576; 12/17-07/18 576; 08/18 4888; 09/18 0",
                  "08/17-10/17 528; 11/17 1528; 12/17-07/18 528; 08/18 4564; 09/18 0", "08/17-07/18 48; 08/18 324; 09/18 0"),
    _on_framework(7_500, "581-AC02, a framework below the band maximum, early",
                  "08/17-10/17 496; 11/17 1496; 12/17-07/18 496; 08/18 4348; 09/18 0",
                  "08/17-10/17 456; 11/17 1456; 12/17-07/18 456; 08/18 4078; 09/18 0", "08/17-07/18 40; 08/18 270; 09/18 0"),
    Scenario(_MORE, "591-AC01, English or maths beyond its planned end, non-DAS",
             (row(SHARED, 15_000, "01/08/2017", "08/08/2018", "08/08/2018", "completed"),
              english("01/08/2017", "08/08/2018", "08/11/2018")), "08/17-07/18 1039.25; 08/18 3000; 09/18-12/18 0",
             "08/17-07/18 939.25; 08/18 2700", "08/17-07/18 100; 08/18 300"),
    Scenario(_MORE, "591-AC02, English or maths beyond its planned end, DAS",
             (row(LEVY, 15_000, "01/08/2017", "08/08/2018", "08/08/2018", "completed"),
              english("01/08/2017", "08/08/2018", "08/11/2018")), "08/17-07/18 1039.25; 08/18 3000; 09/18-12/18 0",
             "08/17-07/18 1039.25; 08/18 3000; 09/18-12/18 0"),
    Scenario("maths_and_english_aims", "16-18, English or maths on time, non-DAS",
             (row(SHARED, 15_000, *_AUGUST, young=True), english(*_AUGUST, "08/08/2018")),
             "08/17-10/17 1039.25; 11/17 2039.25; 12/17-07/18 1039.25; 08/18 1000; 09/18 0",
             "08/17-10/17 939.25; 11/17 1939.25; 12/17-07/18 939.25; 08/18 1000; 09/18 0"),
    # A break: what was earned before it counts, and so many hundredths of the English or maths remain.
    *_both("DPP-656, a break, and English or maths taken up again", _ENGLISH,
           (row(SHARED, 15_000, *_AUGUST, "08/01/2018", "on a break"), english(*_AUGUST, "08/01/2018", "on a break"),
            row(SHARED, 15_000, "06/08/2018", "08/03/2019", before=(15_000, "06/08/2017", "08/01/2018", "08/08/2018")),
            english("06/08/2018", "08/03/2019", "08/03/2019", prior="42%")),
           "08/17-12/17 1039.25; 01/18-07/18 0; 08/18-02/19 1028.26; 03/19 0",
           "08/17-12/17 939.25; 01/18 0; 08/18-02/19 928.26", "08/17-12/17 100; 01/18-07/18 0; 08/18-02/19 100; 03/19 0"),
    *_both("DPP-678, provider A", _ENGLISH,
           (row(SHARED, 15_000, *_AUGUST, "08/01/2018", "on a break"), english(*_AUGUST, "08/01/2018", "on a break")),
           "08/17-12/17 1039.25; 01/18 0", "08/17-12/17 939.25; 01/18 0", "08/17-12/17 100; 01/18 0"),
    # The source heads the last months of provider B without levy 07/19 and 08/19; the learning is planned to 08/08/2018.
    *_both("DPP-678, provider B", _ENGLISH,
           (row(SHARED, 15_000, "09/01/2018", "08/08/2018", before=(15_000, "06/08/2017", "08/01/2018", "08/08/2018")),
            english("09/01/2018", "08/08/2018", "08/08/2018", prior="70%")),
           "01/18-07/18 1047.10; 08/18 0", "01/18-07/18 947.10; 08/18 0", "01/18-07/18 100; 08/18 0"),
    *_both("DPP-679, another adjustment of English or maths", _ENGLISH,
           (row(SHARED, 15_000, *_AUGUST), english(*_AUGUST, "08/08/2018", prior="75%")),
           "08/17-07/18 1029.44; 08/18 0", "08/17-07/18 929.44; 08/18 0", "08/17-07/18 100; 08/18 0"),
]  # fmt: skip

_SUPPORTED = row(SHARED, 15_000, *_AUGUST, "10/08/2018", "completed")

SUPPORTED = [
    *(Scenario(_MORE, f"637-{number}, learning support, {title}", (_SUPPORTED | {"Funding": funding},),
               "08/17-07/18 1150; 08/18 3000; 09/18 0", agency, employer, support=(("06/08/2017", "10/08/2018"),))
      for number, title, funding, agency, employer in (
          ("AC01", "non-DAS, a framework", SHARED, "08/17-07/18 1050; 08/18 2700; 09/18 0", "08/17-07/18 100; 08/18 300; 09/18 0"),
          ("AC02", "non-DAS, a standard", SHARED, "08/17-07/18 1050; 08/18 2700; 09/18 0", "08/17-07/18 100; 08/18 300; 09/18 0"),
          ("AC03", "DAS, a framework", LEVY, "08/17-07/18 1150; 08/18 3000; 09/18 0", "08/17-09/18 0"),
          ("AC04", "DAS, a standard", LEVY, "08/17-07/18 1150; 08/18 3000; 09/18 0", "08/17-09/18 0"),
      )),
]  # fmt: skip

_TWO = tuple(row(LEVY, 15_000, "01/08/2017", "28/08/2018", learner=learner) for learner in ("123", "456"))
_PRIORITY, _SPLIT = "two_learners_paid_in_priority", "payments_calc"

#: The account has so much for each month. Who draws on it first changes who of the learners has levy, not what is paid.
LEVIES = [
    *(Scenario(_PRIORITY, f"{balance} of levy each month", _TWO, "08/17-07/18 2000; 08/18 0",
               f"08/17-07/18 {agency}; 08/18 0", f"08/17-07/18 {employer}; 08/18 0", levy=f"08/17-09/18 {balance}")
      for balance, agency, employer in ((2000, 2000, 0), (1000, 1900, 100), (1500, 1950, 50))),
    # £1,000 is due. The source shows what is paid beside what the account is debited: both are the agency's here.
    *(Scenario(_SPLIT, f"a balance of {balance}", (row(LEVY, 15_000, *_AUGUST),), "08/17 1000", f"08/17 {debited + paid}",
               f"08/17 {employer}", levy=f"08/17 {balance}")
      for balance, debited, paid, employer in ((99_999, 1000, 0, 0), (500, 500, 450, 50), (0, 0, 900, 100))),
]  # fmt: skip

_UPLIFTED = "08/17-10/17 620; 11/17 1620; 12/17-07/18 620; 08/18 2860; 09/18 0"


def _small(
    title: str, funding: str, total: str, agency: str, employer: str = "", *, young: bool = True
) -> Scenario:
    learner = row(
        funding, 7_500, *_AUGUST, "08/08/2018", "completed", young=young, framework="9000" if young else ""
    )
    return Scenario(_SMALL, title, (learner,), total, agency, employer)


def _another_employer(title: str, first: str, then: str, agency: str, employer: str) -> Scenario:
    """The learner goes from one employer to another on 5 October 2017; the price stays."""
    learner = (
        row(first, 7_500, *_AUGUST, "04/10/2017", "transferred", young=True, framework="9000"),
        row(then, 7_500, "05/10/2017", "08/08/2018", "08/08/2018", "completed", young=True, framework="9000",
            first="06/08/2017", before=(7_500, "06/08/2017", "04/10/2017", "08/08/2018")),
    )  # fmt: skip
    return Scenario(_SMALL, title, learner, _UPLIFTED, agency, employer)


def _redundant(title: str, funding: str, since: str, total: str, agency: str, *, until: str = "") -> Scenario:
    """Made redundant the day before `since`: the agency pays all from then on. The price stays; `until` is when funding ends."""
    day = f"{int(since[:2]) - 1:02d}{since[2:]}"
    learner = (
        row(funding, 15_000, "03/08/2017", "20/08/2018", day, "transferred", most=15_000),
        row(REDUNDANT, 15_000, since, "20/08/2018", until, "withdrawn" if until else "continuing", most=15_000,
            before=(15_000, "03/08/2017", day, "20/08/2018")),
    )  # fmt: skip
    employer = "08/17-05/18 0" if funding == LEVY else "08/17-01/18 100; 02/18-05/18 0"
    return Scenario(_REDUNDANT, title, learner, total, agency, employer)


EMPLOYERS = [
    _small("AC6, 16-18, the mark of a small employer taken off later", SMALL, _UPLIFTED, _UPLIFTED, "08/17-09/18 0"),
    _small("AC7, 16-18, DAS, a small employer", SMALL, _UPLIFTED, _UPLIFTED, "08/17-09/18 0"),
    _small("AC8, 19-24 with a plan, DAS, a small employer", SMALL, _UPLIFTED, _UPLIFTED, "08/17-09/18 0"),
    _small("AC9, 19-24 and a care leaver, DAS, a small employer", SMALL, _UPLIFTED, _UPLIFTED, "08/17-09/18 0"),
    _small("AC10, 19-24, DAS, a small employer", LEVY, "08/17-07/18 500; 08/18 1500; 09/18 0",
           "08/17-07/18 500; 08/18 1500; 09/18 0", "08/17-09/18 0", young=False),
    _small("AC11, 16-18, DAS, not a small employer", LEVY, _UPLIFTED, _UPLIFTED, "08/17-09/18 0"),
    _another_employer("AC12, from a small employer to a large one", SMALL, SHARED,
                      "08/17-09/17 620; 10/17 570; 11/17 1570; 12/17-07/18 570; 08/18 2710; 09/18 0",
                      "08/17-09/17 0; 10/17-07/18 50; 08/18 150; 09/18 0"),
    _another_employer("AC13, from a large employer to a small one", SHARED, SMALL,
                      "08/17-09/17 570; 10/17 620; 11/17 1620; 12/17-07/18 620; 08/18 2860; 09/18 0",
                      "08/17-09/17 50; 10/17-08/18 0"),
    _redundant("806-AC1, DAS, within the last six months", LEVY, "21/02/2018", "08/17-05/18 1000", "08/17-05/18 1000"),
    _redundant("806-AC2, DAS, earlier: twelve weeks more", LEVY, "20/02/2018", "08/17-04/18 1000; 05/18 0",
               "08/17-04/18 1000; 05/18 0", until="14/05/2018"),
    _redundant("807-AC1, non-DAS, within the last six months", SHARED, "21/02/2018", "08/17-05/18 1000",
               "08/17-01/18 900; 02/18-05/18 1000"),
    _redundant("807-AC2, non-DAS, earlier: twelve weeks more", SHARED, "19/02/2018", "08/17-04/18 1000; 05/18 0",
               "08/17-01/18 900; 02/18-04/18 1000; 05/18 0", until="13/05/2018"),
]  # fmt: skip

_PLANNED = ("05/08/2017", "28/08/2018")


def _assessment(title: str, then: int, month: str, *, residual: bool = False) -> Scenario:
    """The price of the assessment changes on 15 November 2017, in what is agreed for the whole or for what remains."""
    before = None if residual else (15_500, "05/08/2017", "14/11/2017", "28/08/2018")
    learner = (row(LEVY, 15_500, *_PLANNED, "14/11/2017", "transferred", most=27_000),
               row(LEVY, then, "15/11/2017", "28/08/2018", most=27_000, before=before))  # fmt: skip
    return Scenario(_CHANGES, title, learner, f"08/17-10/17 1033.33; 11/17-01/18 {month}",
                    f"08/17-10/17 1033.33; 11/17-01/18 {month}")  # fmt: skip


_PROGRAMME = row(LEVY, 9_000, "06/05/2017", "20/05/2018", most=9_000)
_AIM = english("06/05/2017", "20/05/2018", status="continuing")
_JULY = (
    row(LEVY, 9_000, "06/07/2017", "20/07/2018", most=9_000),
    english("06/07/2017", "20/07/2018", status="continuing"),
)
_PRICED_AGAIN = (row(LEVY, 7_500, "12/05/2017", "20/05/2018", "31/05/2017", "transferred"),
                 row(LEVY, 15_000, "01/06/2017", "20/05/2018", before=(7_500, "12/05/2017", "31/05/2017", "20/05/2018")))  # fmt: skip


def _stopped(title: str, learner: Row, total: str) -> Scenario:
    return Scenario(_STOPS, title, (learner,), total)


CHANGES = [
    _assessment("630-AC01, the assessment dearer", 16_000, "1077.78"),
    _assessment("630-AC02, the assessment cheaper", 14_000, "900"),
    _assessment("630-AC03, the assessment dearer, of what remains", 16_000, "1422.22", residual=True),
    _assessment("630-AC04, the assessment cheaper, of what remains", 14_000, "1244.44", residual=True),
    _assessment("630-AC05, an assessment added", 16_000, "1077.78"),
    Scenario(_CHANGES, "another standard before its commitment starts",
             (row(LEVY, 15_000, "03/08/2017", "04/08/2018", "05/11/2017", "transferred"),
              row(LEVY, 5_625, "06/11/2017", "04/08/2018")), "08/17-10/17 1000; 11/17-12/17 500"),
    Scenario(_ILR, "852-AC02, another reference of the aim", (_PROGRAMME, _AIM), "05/17-10/17 639.25", "05/17-10/17 639.25"),
    Scenario(_ILR, "852-AC03, the aim deleted", (_PROGRAMME,), "05/17-10/17 600", "05/17-10/17 600"),
    Scenario(_ILR, "852-AC04, from a standard to a framework", (_PROGRAMME, _AIM), "05/17-10/17 639.25", "05/17-10/17 639.25"),
    Scenario(_ILR, "865-AC01, started later, with an aim", _JULY, "05/17-06/17 0; 07/17-10/17 639.25",
             "05/17-06/17 0; 07/17-10/17 639.25"),
    # The source prints 600 as earned from the agency in 07/17 and 08/17, and pays 639.25 for both.
    Scenario(_ILR, "865-AC02, started later", _JULY, "05/17-06/17 0; 07/17-10/17 639.25"),
    *(Scenario(_VERSIONS, title, _PRICED_AGAIN, "05/17 500; 06/17-07/17 1045.45", "05/17 500; 06/17-07/17 1045.45")
      for title in ("another price in month 2", "another price in month 2, another priority later")),
    Scenario(_VERSIONS, "several versions of a commitment", (row(LEVY, 7_500, "12/05/2017", "20/05/2018"),),
             "05/17-07/17 500", "05/17-07/17 500"),
    *(_stopped(title, row(LEVY, 15_000, "01/09/2017", "08/09/2018"), "09/17-03/18 1000")
      for title in ("stopped midway", "the first submission after the stop")),
    _stopped("700-AC01, an employer that has never paid levy", row(LEVY, 15_000, "05/08/2017", "20/08/2018"), "08/17-10/17 1000"),
    *(_stopped(title, row(LEVY, 15_000, "15/08/2017", "20/08/2018", young=True), "08/17-10/17 1000; 11/17 2000; 12/17 1000")
      for title in ("884-AC01, withdrawn before 90 days", "884-AC02, cancelled after 90 days")),
    _stopped("884-AC03, a price of one pound", row(LEVY, 1, "15/08/2017", "20/08/2018", young=True),
             "08/17-10/17 0.07; 11/17 1000.07; 12/17 0.07"),
    Scenario(_PROVIDER, "16-18, 90 days before the transfer, provider a",
             (row(LEVY, 7_500, *_AUGUST, "14/11/2017", "withdrawn", young=True),), "08/17-10/17 500; 11/17 1000; 12/17 0",
             "08/17-10/17 500; 11/17 1000; 12/17 0"),
    Scenario(_PROVIDER, "16-18, 90 days before the transfer, provider b",
             (row(LEVY, 5_625, "15/11/2017", "08/08/2018", young=True, first="06/08/2017"),), "11/17-01/18 500", "11/17-01/18 500"),
    Scenario(_PROVIDER, "16-18, a transfer in a later month, provider a",
             (row(LEVY, 7_500, *_AUGUST, "14/12/2017", "withdrawn", young=True),), "08/17-10/17 500; 11/17 1500; 12/17 0",
             "08/17-10/17 500; 11/17 1500; 12/17 0"),
    Scenario(_PROVIDER, "16-18, a transfer in a later month, provider b",
             (row(LEVY, 5_625, "15/12/2017", "08/09/2018", young=True, first="06/08/2017"),), "11/17 0; 12/17-02/18 500",
             "11/17 0; 12/17-02/18 500"),
]  # fmt: skip


def _finish(file: str, ended: str, total: str, title: str = "levy available") -> Scenario:
    return Scenario(
        file,
        title,
        (row(LEVY, 15_000, "01/09/2017", "08/09/2018", ended, "completed" if ended else "continuing"),),
        total,
    )


_YEAR = "09/17-08/18 1000; 09/18 3000; 10/18 0"

FINISHES = [
    _finish("ILR_is_submitted_late", "", "09/17-08/18 1000", "months after the learning has started"),
    _finish("ontime_ILR_submission", "08/09/2018", _YEAR),
    _finish("earnings", "08/09/2018", _YEAR),
    _finish("early_finish", "08/08/2018", "09/17-07/18 1000; 08/18 4000; 09/18 0"),
    _finish("late_finish", "08/10/2018", "09/17-08/18 1000; 09/18 0; 10/18 3000; 11/18 0"),
    # So many census months from 1 September 2017, and in them four fifths of £1,000 for each and what is kept for completion.
    *(Scenario("definitions", f"{months} census months to {planned}",
               (row(LEVY, months * 1_250, "01/09/2017", planned, planned, "completed", most=20_000),), total)
      for months, planned, total in (
          (12, "08/09/2018", "09/17-08/18 1000; 09/18 3000; 10/18 0"),
          (12, "29/09/2018", "09/17-08/18 1000; 09/18 3000; 10/18 0"),
          (13, "30/09/2018", "09/17-08/18 1000; 09/18 4250; 10/18 0"),
      )),
    *(Scenario("definitions", f"15,000 over {months} census months",
               (row(LEVY, 15_000, "01/09/2017", planned, planned, "completed"),), total)
      for months, planned, total in (
          (12, "08/09/2018", "09/17-08/18 1000; 09/18 3000"), (6, "08/03/2018", "09/17-02/18 2000; 03/18 3000"),
      )),
    *(Scenario("earnings_calc", f"{price:,} over {months} census months, {late} late",
               (row(LEVY, price, "01/09/2017", planned, ended, "completed"),), total)
      for price, months, late, planned, ended, total in (
          (15_000, 12, 4, "08/09/2018", "08/01/2019", "09/17-08/18 1000; 09/18-12/18 0; 01/19 3000; 02/19 0"),
          (15_000, 6, 1, "08/03/2018", "08/04/2018", "09/17-02/18 2000; 03/18 0; 04/18 3000; 05/18 0"),
          (7_500, 12, 3, "08/09/2018", "08/12/2018", "09/17-08/18 500; 09/18-11/18 0; 12/18 1500; 01/19 0"),
          (7_500, 6, 2, "08/03/2018", "08/05/2018", "09/17-02/18 1000; 03/18-04/18 0; 05/18 1500; 06/18 0"),
      )),
]  # fmt: skip

MORE = [*ADDITIONAL, *SUPPORTED, *LEVIES, *EMPLOYERS, *CHANGES, *FINISHES]

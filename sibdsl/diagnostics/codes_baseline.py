"""Codes SIB0593 to SIB0599: acceptance of evidence, and days set against one's own time before."""

from sibdsl.diagnostics.diagnostic import Code

_RECORDS = """
        records Jobs
          one row per  Job
          spell        from Started On to the day before Ended On, open while blank
          | column         | holds      | blank    | must be                                 |
          | Job ID         | identifier | rejected | any                                     |
          | Person ID      | person     | rejected | any                                     |
          | Started On     | date       | rejected | any                                     |
          | Ended On       | date       | allowed  | any                                     |
          | Hours Per Week | hours      | rejected | more than 0 hours but at most 168 hours |
          | Claimed On     | date       | allowed  | any                                     |
          | Rejected On    | date       | allowed  | any                                     |
        end records
"""
_GOOD = f"""{_RECORDS}
        metric Job Start
          kind          output
          counts        rows of Jobs
          among         Service Users
          dated         Started On
          evidenced by  Claimed On, within 6 months, deemed accepted after 20 days,
                        unless rejected on Rejected On
        end metric

        payment Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
"""


def _metric(counts: str, window: str) -> str:
    return f"""
        metric Days Fewer
          kind     outcome
          counts   {counts}
          among    Service Users
          window   {window}
        end metric
"""


_FEWER = "fewer days of Jobs, more days not counted"
_WINDOW = "1 year from joining date, against the 1 year before"
_GOOD_DAYS = f"""{_metric(_FEWER, _WINDOW)}
        payment Day Fee
          payer     Council
          payee     Charity
          for each  Days Fewer
          pays      £100
        end payment
"""


def _routes(tied: str) -> str:
    return f"""
        metric Job Start
          kind        output
          counts      rows of Jobs
          among       Service Users
          dated       Started On
          per person  first only
        end metric

        routes Work
          per person  one route, the first listed
        {tied}  | route  | metrics   |
          | Steady | Job Entry |
          | Begun  | Job Start |
        end routes

        payment Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
"""


CODES = (
    Code(
        "SIB0593",
        "deemed-unless",
        "Silence is taken for acceptance, and nothing would break it",
        "What is deemed accepted was not rejected in time. Records that cannot say that something was rejected cannot tell the "
        "one from the other.",
        f"""{_RECORDS}
        metric Job Start
          kind          output
          counts        rows of Jobs
          among         Service Users
          dated         Started On
          evidenced by  Claimed On, within 6 months, deemed accepted after 20 days
        end metric
""",
        _GOOD,
    ),
    Code(
        "SIB0594",
        "accepted-by-itself",
        "One column says two things of a claim",
        "The day of a claim, the day on which it was accepted and the day on which it was rejected are three days, and each has "
        "a column of its own.",
        f"""{_RECORDS}
        metric Job Start
          kind          output
          counts        rows of Jobs
          among         Service Users
          dated         Started On
          evidenced by  Claimed On, within 6 months, accepted on Claimed On, unless rejected on Rejected On
        end metric
""",
        _GOOD,
    ),
    Code(
        "SIB0595",
        "who-had-more",
        "Fewer days are counted, and nothing says what becomes of who had more",
        "One person has ten days fewer than before, another four days more. Ten days are saved if what is more is not counted, "
        "and six if it is taken off. Both are meant by some contracts.",
        _metric("fewer days of Jobs", _WINDOW),
        _GOOD_DAYS,
    ),
    Code(
        "SIB0596",
        "against-what-time",
        "Days are set against no time, or a time against no days",
        "Fewer days are fewer than in as long a time before the window. The line that gives the window names that time too, and "
        "no other measure needs it.",
        _metric(_FEWER, "1 year from joining date"),
        _GOOD_DAYS,
    ),
    Code(
        "SIB0597",
        "not-as-long",
        "A time is set against one that is not as long",
        "In two years people have more days than in one, whatever became of them. What is compared must be as long as what it "
        "is compared with.",
        _metric(_FEWER, "1 year from joining date, against the 2 years before"),
        _GOOD_DAYS,
    ),
    Code(
        "SIB0598",
        "no-tie",
        "Routes that cannot tie say what counts if they do",
        "Where the first route listed counts of all that somebody earned, the days of the results settle nothing. A line `if tied` "
        "would have to mean something else.",
        _routes("  if tied     in the order below\n"),
        _routes(""),
    ),
)

"""Codes SIB0593 to SIB0599: acceptance of evidence."""

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
)

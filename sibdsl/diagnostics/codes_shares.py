"""Codes SIB0476 and SIB0477: the end of a window, and shares of its days."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0476",
        "end-of-no-window",
        "The end of a window is read where there is none",
        "`end of window` is the last day of a time that each member of the cohort has in a metric. The metric must say which.",
        """
        metric Job Entry
          kind       outcome
          counts     rows of Jobs
          among      Service Users
          only if    Started On is before end of window
          held       for 6 weeks from Started On
          dated      on the day after
          banded by  Hours, as recorded
        end metric
        """,
        """
        metric Job Entry
          kind       outcome
          counts     rows of Jobs
          among      Service Users
          window     1 year from joining date
          within     window
          only if    Started On is before end of window
          held       for 6 weeks from Started On
          dated      on the day after
          banded by  Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0477",
        "share-of-what-time",
        "A share of days is averaged, and nothing says of what time",
        "A share is of the days of a window that each member has. Somebody followed for two years is not set beside somebody "
        "followed for one.",
        """
        metric Time In Work
          kind      outcome
          averages  share of days of Jobs
          among     Service Users
          measured  over the contract
        end metric

        payment Work Fee
          payer     Council
          payee     Charity
          for each  Time In Work
          pays      £1,000
        end payment
        """,
        """
        metric Time In Work
          kind      outcome
          averages  share of days of Jobs
          among     Service Users
          window    1 year from joining date
          measured  over the contract
        end metric

        payment Work Fee
          payer     Council
          payee     Charity
          for each  Time In Work
          pays      £1,000
        end payment
        """,
    ),
)

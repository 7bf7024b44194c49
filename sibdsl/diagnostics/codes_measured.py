"""Codes SIB0488 to SIB0494 and SIB0630 to SIB0639: tables of metrics, and over which days metrics are measured."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0489",
        "cell-says-no-condition",
        "A cell of a table of metrics says nothing of its column",
        "Under the name of a column, a cell says what that column is in the rows that the metric counts: a value, several of "
        "them, a range, `blank`, or `any`. Under `among` it names cohorts.",
        """
        metrics Job Entries
          kind    outcome
          counts  rows of Jobs
          among   Service Users
          dated   Started On
          | metric    | Hours Per Week    |
          | Short Job | required          |
          | Long Job  | at least 16 hours |
        end metrics

        payment Job Start Fee
          payer  Council
          payee  Charity
          | for each  | pays   |
          | Short Job | £700   |
          | Long Job  | £1,350 |
        end payment
        """,
        """
        metrics Job Entries
          kind    outcome
          counts  rows of Jobs
          among   Service Users
          dated   Started On
          | metric    | Hours Per Week     |
          | Short Job | less than 16 hours |
          | Long Job  | at least 16 hours  |
        end metrics

        payment Job Start Fee
          payer  Council
          payee  Charity
          | for each  | pays   |
          | Short Job | £700   |
          | Long Job  | £1,350 |
        end payment
        """,
    ),
)

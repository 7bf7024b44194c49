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
    Code(
        "SIB0490",
        "rows-of-nobody",
        "A line speaks of people where the table names none",
        "A metric over a table that has no column for a person counts its rows, whoever they concern. So there is no first row "
        "of a person, no tie between two of theirs, and no tracking.",
        """
        records Open Days
          one row per Open Day
          | column  | holds | blank    |
          | Held On | date  | rejected |
        end records

        metric Open Day
          kind        output
          counts      rows of Open Days
          dated       Held On
          per person  first only
        end metric

        payment Open Day Fee
          payer     Council
          payee     Charity
          for each  Open Day
          pays      £50
        end payment
        """,
        """
        records Open Days
          one row per Open Day
          | column  | holds | blank    |
          | Held On | date  | rejected |
        end records

        metric Open Day
          kind    output
          counts  rows of Open Days
          dated   Held On
        end metric

        payment Open Day Fee
          payer     Council
          payee     Charity
          for each  Open Day
          pays      £50
        end payment
        """,
    ),
)

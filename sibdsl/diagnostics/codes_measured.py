"""Codes SIB0488 to SIB0494 and SIB0630 to SIB0639: tables of metrics, and over which days metrics are measured."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0488",
        "measured-outside",
        "A metric is measured at a time that the payment period does not hold",
        "Results are earned in the payment period only, so what is measured outside it could never be paid.",
        """
        metric Average Hours
          kind      output
          averages  Hours Per Week of Jobs
          among     Service Users
          dated     Started On
          measured  once on 1 April 2020
        end metric

        payment Hours Fee
          payer     Council
          payee     Charity
          for each  Average Hours
          pays      £10
        end payment
        """,
        """
        metric Average Hours
          kind      output
          averages  Hours Per Week of Jobs
          among     Service Users
          dated     Started On
          measured  once on 31 March 2020
        end metric

        payment Hours Fee
          payer     Council
          payee     Charity
          for each  Average Hours
          pays      £10
        end payment
        """,
    ),
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
    Code(
        "SIB0491",
        "adds-up-and-is-measured",
        "A metric adds up, and says over which days it is measured",
        "Rows, people, days and sums lie each in the period of its own date, and limits and totals add them up over any time. "
        "Only averages, different values and determinations are measured over days that the metric names.",
        """
        metric Job Start
          kind      outcome
          counts    rows of Jobs
          among     Service Users
          dated     Started On
          measured  in each year
        end metric

        payment Job Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £700
        end payment
        """,
        """
        metric Job Start
          kind    outcome
          counts  rows of Jobs
          among   Service Users
          dated   Started On
        end metric

        payment Job Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0492",
        "over-other-days",
        "A quantity is given for days over which its metric is not measured",
        "An average of two quarters is not the sum of theirs. So the quantity of a metric that does not add up is given, and "
        "expected, for the time over which it is measured, or for a period within that time.",
        """
        metric Average Hours
          kind      output
          averages  Hours Per Week of Jobs
          among     Service Users
          dated     Started On
          measured  in each quarter
        end metric

        payment Hours Fee
          payer     Council
          payee     Charity
          for each  Average Hours
          pays      £10
        end payment

        example Twenty Hours
          in  2016/17
          given
          | metric        | quantity |
          | Average Hours | 20       |
          expect
          | payment   | pays |
          | Hours Fee | £200 |
        end example
        """,
        """
        metric Average Hours
          kind      output
          averages  Hours Per Week of Jobs
          among     Service Users
          dated     Started On
          measured  in each quarter
        end metric

        payment Hours Fee
          payer     Council
          payee     Charity
          for each  Average Hours
          pays      £10
        end payment

        example Twenty Hours
          in  2016/17 quarter 2
          given
          | metric        | quantity |
          | Average Hours | 20       |
          expect
          | payment   | pays |
          | Hours Fee | £200 |
        end example
        """,
    ),
    Code(
        "SIB0493",
        "tiers-of-what-does-not-add-up",
        "Tiers count up what does not add up",
        "Tiers say what the first units pay and what further ones do, so units are counted up over time. The averages of four "
        "quarters have no total that means anything, and people told apart in each year may be the same people.",
        """
        metric People Placed
          kind      output
          counts    different Person ID of Jobs
          among     Service Users
          dated     Started On
          measured  in each year
        end metric

        payment Placing Fee
          payer     Council
          payee     Charity
          for each  People Placed
          tiers     over the contract
          | units    | pays |
          | first 20 | £700 |
          | further  | £300 |
        end payment
        """,
        """
        metric People Placed
          kind      output
          counts    different Person ID of Jobs
          among     Service Users
          dated     Started On
          measured  over the contract
        end metric

        payment Placing Fee
          payer     Council
          payee     Charity
          for each  People Placed
          tiers     over the contract
          | units    | pays |
          | first 20 | £700 |
          | further  | £300 |
        end payment
        """,
    ),
    Code(
        "SIB0494",
        "metric-without-a-row",
        "A column is read of a metric that picks no row of a person",
        "`Started On of Job Start` is a column of the row that a metric picked for the same person. Averages and the like are made "
        "of many rows, and rows that are nobody's are not a person's.",
        """
        metric Average Hours
          kind      output
          averages  Hours Per Week of Jobs
          among     Service Users
          dated     Started On
          measured  over the contract
        end metric

        metric Job Start
          kind     output
          counts   rows of Jobs
          among    Service Users
          only if  Started On is after Started On of Average Hours
          dated    Started On
        end metric

        payment Hours Fee
          payer  Council
          payee  Charity
          | for each      | pays |
          | Average Hours | £10  |
          | Job Start     | £10  |
        end payment
        """,
        """
        metric Average Hours
          kind      output
          averages  Hours Per Week of Jobs
          among     Service Users
          dated     Started On
          measured  over the contract
        end metric

        metric Job Start
          kind     output
          counts   rows of Jobs
          among    Service Users
          only if  Started On is after joining date
          dated    Started On
        end metric

        payment Hours Fee
          payer  Council
          payee  Charity
          | for each      | pays |
          | Average Hours | £10  |
          | Job Start     | £10  |
        end payment
        """,
    ),
    Code(
        "SIB0630",
        "nothing-to-measure",
        "There is no row to average or to read",
        "An average of no rows is not nought, and neither is a determination that nobody made. The quantity is blank: it is left "
        "out, and what would be paid on it is not paid.",
    ),
    Code(
        "SIB0631",
        "measured-outside-as-given",
        "A metric is measured on a day, given from outside, that the payment period does not hold",
        "Nothing dated outside the payment period earns, so there would be nothing to measure.",
    ),
)

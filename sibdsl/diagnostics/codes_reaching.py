"""Codes SIB0457 to SIB0459: amounts that people reach, and evidence."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0457",
        "reaches-what",
        "Nobody, or everybody, reaches what is to be reached",
        "Each person's rows are added up until they come to an amount. So the metric counts people, and the amount is of the "
        "column's own kind and above nought: nought is reached before anything is added.",
        """
        metric Long Hours
          kind     outcome
          counts   people
          among    Service Users
          reaches  £100 in Hours Per Week of Jobs, by Started On
          dated    on the day reached
        end metric
        """,
        """
        metric Long Hours
          kind     outcome
          counts   people
          among    Service Users
          reaches  100 hours in Hours Per Week of Jobs, by Started On
          dated    on the day reached
        end metric

        payment Hours Fee
          payer     Council
          payee     Charity
          for each  Long Hours
          pays      £100
        end payment
        """,
    ),
    Code(
        "SIB0458",
        "dated-on-the-day-reached",
        "A metric that reaches an amount is dated otherwise, or one that reaches none is dated so",
        "Several rows add up to an amount, each with a date of its own. The result has one: the day on which the amount is "
        "reached.",
        """
        metric Long Hours
          kind     outcome
          counts   people
          among    Service Users
          reaches  100 hours in Hours Per Week of Jobs, by Started On
          dated    Started On
        end metric
        """,
        """
        metric Long Hours
          kind     outcome
          counts   people
          among    Service Users
          reaches  100 hours in Hours Per Week of Jobs, by Started On
          dated    on the day reached
        end metric

        payment Hours Fee
          payer     Council
          payee     Charity
          for each  Long Hours
          pays      £100
        end payment
        """,
    ),
    Code(
        "SIB0459",
        "evidenced-by-itself",
        "A result is evidenced by its own date",
        "The evidence for a result comes on some day after it, or not at all. The column that dates the result is filled for "
        "each result, so it can prove nothing.",
        """
        metric Job Start
          kind       output
          counts     rows of Jobs
          among      Service Users
          dated      Started On
          evidenced by  Started On, within 6 months
        end metric
        """,
        """
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
        end records

        metric Job Start
          kind       output
          counts     rows of Jobs
          among      Service Users
          dated      Started On
          evidenced by  Claimed On, within 6 months
        end metric

        payment Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
        """,
    ),
)

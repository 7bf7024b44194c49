"""Codes SIB0540 to SIB0547: steps, sums worked out from quantities, conditions of payment, metrics made of metrics."""

from sibdsl.diagnostics.diagnostic import Code

_SHARE = """
        metric Full Time Share
          kind      outcome
          equals    Job Entry divided by 20
          measured  in each year
        end metric
"""

CODES = (
    Code(
        "SIB0540",
        "steps-leave-a-value-out",
        "The rows of a table of steps do not hold every value once",
        "Whatever the quantity comes to, one row must say what is paid: with a hole nobody knows, with an overlap there are "
        "two answers. Each row begins at the very value at which the one before it ends, and says which of the two has it.",
        """
        payment Growth Fee
          payer  Council
          payee  Charity
          steps  by Job Entry
          every  year at the end
          | Job Entry    | pays   |
          | less than 20 | £0     |
          | more than 20 | £5,000 |
        end payment
        """,
        """
        payment Growth Fee
          payer  Council
          payee  Charity
          steps  by Job Entry
          every  year at the end
          | Job Entry   | pays   |
          | at most 20  | £0     |
          | more than 20 | £5,000 |
        end payment
        """,
    ),
    Code(
        "SIB0541",
        "payment-below-nought",
        "A payment may come to less than nought, and nothing says what becomes of that",
        "A payment of less than nothing would be money back. What is meant must be said. If a column holds what is never below "
        "nought, such as a cost, it `must be at least 0`. Else one line says what becomes of it: `taken back never` pays "
        "nothing below nought; `taken back from later payments` keeps it and takes it from what the payment comes to later; "
        "`taken back by repayment` makes it a line of its own, which the payee owes the payer.",
        """
        payment Saving
          payer  Council
          payee  Charity
          pays   £50,000 minus £700 times Job Entry
          every  year at the end
        end payment
        """,
        """
        payment Saving
          payer     Council
          payee     Charity
          pays      £50,000 minus £700 times Job Entry
          every     year at the end
          taken back  by repayment
        end payment
        """,
    ),
    Code(
        "SIB0542",
        "sum-of-which-days",
        "A sum does not say over which days its quantities count",
        "The same rate on the results of a quarter, of a year and of the contract pays different sums, on different days. A "
        "count has no days of its own, so the payment must say them.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          pays   £700 times Job Entry
        end payment
        """,
        """
        payment Job Fee
          payer  Council
          payee  Charity
          pays   £700 times Job Entry
          every  quarter at the end
        end payment
        """,
    ),
    Code(
        "SIB0543",
        "measured-over-other-days",
        "A metric is measured over other days than it is used for",
        "Averages and shares do not add up, so the figure of a year says nothing of its quarters. What reads such a metric must "
        "speak of the same days.",
        f"""{_SHARE}
        payment Share Fee
          payer  Council
          payee  Charity
          pays   £5,000 times Full Time Share
          every  quarter at the end
        end payment
        """,
        f"""{_SHARE}
        payment Share Fee
          payer  Council
          payee  Charity
          pays   £5,000 times Full Time Share
        end payment
        """,
    ),
    Code(
        "SIB0544",
        "points-of-no-line",
        "The points of a line are not in order",
        "A line runs from each printed point to the next, so there are two points or more, the lowest first, and no two at one "
        "place.",
        """
        payment Growth Fee
          payer         Council
          payee         Charity
          interpolated  by Job Entry, flat beyond the ends
          every         year at the end
          | Job Entry | pays   |
          | 20        | £5,000 |
          | 10        | £0     |
        end payment
        """,
        """
        payment Growth Fee
          payer         Council
          payee         Charity
          interpolated  by Job Entry, flat beyond the ends
          every         year at the end
          | Job Entry | pays   |
          | 10        | £0     |
          | 20        | £5,000 |
        end payment
        """,
    ),
    Code(
        "SIB0545",
        "condition-of-which-days",
        "A condition of payment does not say over which days it counts",
        "Twenty results in a quarter and twenty over the contract are different conditions. A count has no days of its own; a "
        "metric that is measured over days of its own is read as it was last measured, and takes no others.",
        """
        payment Job Fee
          payer         Council
          payee         Charity
          for each      Job Entry
          pays          £700
          paid only if  Job Entry is at least 20
        end payment
        """,
        """
        payment Job Fee
          payer         Council
          payee         Charity
          for each      Job Entry
          pays          £700
          paid only if  Job Entry is at least 20 in each year
        end payment
        """,
    ),
    Code(
        "SIB0546",
        "worked-out-from-itself",
        "Figures are worked out from one another",
        "What is worked out from itself has no value. One of the figures must be counted from records, or given.",
        """
        metric First Share
          kind      outcome
          equals    Job Entry divided by Second Share
          measured  in each year
        end metric

        metric Second Share
          kind      outcome
          equals    Job Entry divided by First Share
          measured  in each year
        end metric
        """,
        """
        metric First Share
          kind      outcome
          equals    Job Entry divided by 20
          measured  in each year
        end metric

        metric Second Share
          kind      outcome
          equals    First Share divided by 2
          measured  in each year
        end metric

        payment Share Fee
          payer  Council
          payee  Charity
          pays   £5,000 times Second Share
        end payment
        """,
    ),
    Code(
        "SIB0547",
        "weights-not-whole",
        "The weights of a scorecard do not come to 100%",
        "With other weights the best score is not 100%, and a line such as 80% means something else than the parties read.",
        """
        scorecard Total Score
          kind      outcome
          measured  in each year
          | area   | weight | measured by             |
          | Starts | 40%    | Job Entry divided by 50 |
          | Stays  | 50%    | Job Entry divided by 20 |
        end scorecard

        payment Bonus
          payer  Council
          payee  Charity
          pays   £5,000 times Total Score
        end payment
        """,
        """
        scorecard Total Score
          kind      outcome
          measured  in each year
          | area   | weight | measured by             |
          | Starts | 40%    | Job Entry divided by 50 |
          | Stays  | 60%    | Job Entry divided by 20 |
        end scorecard

        payment Bonus
          payer  Council
          payee  Charity
          pays   £5,000 times Total Score
        end payment
        """,
    ),
)

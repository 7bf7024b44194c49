"""Codes SIB0432 to SIB0438: payments, block advances and caps."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0432",
        "payers-out-of-order",
        "The payers do not follow one another",
        "Successive payers are named in the order of their dates, each up to and including its last day. One here would end "
        "before it begins.",
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties

        payment Job Fee
          payer     Fund to 31 March 2018, Council to 31 March 2017, then Fund, by date of result
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties

        payment Job Fee
          payer     Fund to 31 March 2017, Council to 31 March 2018, then Fund, by date of result
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0433",
        "phase-outside-service",
        "A change of payer lies outside the service period",
        "The day on which one payer gives way to the next lies outside the service period, so one of them may never pay. "
        "Check the year.",
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties

        payment Job Fee
          payer     Fund to 31 March 2008, then Council, by date of result
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties

        payment Job Fee
          payer     Fund to 31 March 2018, then Council, by date of result
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0434",
        "band-unknown",
        "There is no such band",
        "The metric is counted in bands, and this is not the name of one of them; or a quantity of it does not say in which "
        "band it falls. The message lists the bands.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £700   |
          | Job Entry | Over 16  | £1,350 |
        end payment
        """,
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £700   |
          | Job Entry | From 16  | £1,350 |
        end payment
        """,
    ),
    Code(
        "SIB0435",
        "other-currency",
        "An amount is in another currency",
        "All amounts of a contract are in its own currency. Put this one into it, or change the line `currency`.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      $700
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0436",
        "set-off-without-time",
        "It is not said over which time a block is set off",
        "A block advance is met from fees of a certain time: one year, each year, or the whole contract. Which it is decides "
        "when fees are paid again.",
        """
        block advance Upfront Block
          payee        Charity
          set off      in money, as fees fall due
          unused part  kept
          | payer   | paid on      | pays    | set against |
          | Council | 1 April 2016 | £10,000 | Job Fee     |
        end block advance
        """,
        """
        block advance Upfront Block
          payee        Charity
          set off      in money, as fees fall due
          unused part  kept
          | payer   | paid on      | pays    | set against        |
          | Council | 1 April 2016 | £10,000 | Job Fee in 2016/17 |
        end block advance
        """,
    ),
    Code(
        "SIB0437",
        "not-payments",
        "A cap covers payments, and this is something else",
        "A cap limits payments: all of them, those from a payer, to a payee, for a metric or under a clause. Describe them, "
        "as in `payments from Council`.",
        """
        cap Ceiling
          excess  lost
          | covers  | at most                   |
          | Council | £90,000 over the contract |
        end cap
        """,
        """
        cap Ceiling
          excess  lost
          | covers                | at most                   |
          | payments from Council | £90,000 over the contract |
        end cap
        """,
    ),
    Code(
        "SIB0438",
        "limit-without-time",
        "It is not said over which time a limit runs",
        "£90,000 in each year and £90,000 over the contract are different limits. Write which is meant.",
        """
        cap Ceiling
          excess  lost
          | covers                | at most |
          | payments from Council | £90,000 |
        end cap
        """,
        """
        cap Ceiling
          excess  lost
          | covers                | at most              |
          | payments from Council | £90,000 in each year |
        end cap
        """,
    ),
)

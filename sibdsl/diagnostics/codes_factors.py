"""Codes SIB0449 to SIB0460: payers who share, what multiplies a payment, and rates that differ by year."""

from sibdsl.diagnostics.diagnostic import Code

_PARTIES = """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties
"""

CODES = (
    Code(
        "SIB0449",
        "shares-not-whole",
        "The shares do not add up to the whole",
        "Payers who share a line pay all of it between them, to the penny. Their percentages come to 100%, or one of them pays "
        "the rest, of which something must be left.",
        f"""{_PARTIES}
        payment Job Fee
          payer     70% Council, 20% Fund
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
        f"""{_PARTIES}
        payment Job Fee
          payer     70% Council, 30% Fund
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0450",
        "shares-do-not-fit",
        "The shares do not fit one another",
        "Each payer of a shared line has one share: a percentage, or an amount with one payer who pays the rest. Percentages and "
        "amounts cannot stand together, since either could come first.",
        f"""{_PARTIES}
        payment Job Fee
          payer     £100 Council, £50 Fund
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
        f"""{_PARTIES}
        payment Job Fee
          payer     £100 Council, the rest Fund
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0451",
        "limit-or-factor-first",
        "It is open whether the limit or the factor comes first",
        "A payment that is multiplied and has a limit of its own says which comes first: £1,000 held to £900 and then taken at "
        "80% is £720; taken at 80% and then held to £900 it is £800.",
        """
        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  80%
          at most        £90,000 over the contract
          excess         lost
        end payment
        """,
        """
        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  80%
          limits         after multiplying
          at most        £90,000 over the contract
          excess         lost
        end payment
        """,
    ),
    Code(
        "SIB0452",
        "no-order-needed",
        "There is nothing to put in order",
        "A line says whether limits come before multiplying. It has a meaning only in a payment that is multiplied and that "
        "has a limit of its own.",
        """
        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  80%
          limits         after multiplying
        end payment
        """,
        """
        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  80%
        end payment
        """,
    ),
    Code(
        "SIB0453",
        "amount-said-twice",
        "What is paid stands in two places",
        "A column headed by a period or a band holds amounts. Beside it no line and no other column may say what is paid, nor "
        "may some columns be for periods and others for bands.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          pays      £700
          | for each  | pays at Under 16 | pays at From 16 |
          | Job Entry | £700             | £1,350          |
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          | for each  | pays at Under 16 | pays at From 16 |
          | Job Entry | £700             | £1,350          |
        end payment
        """,
    ),
    Code(
        "SIB0454",
        "two-rates-for-one-day",
        "A day has two rates",
        "Columns headed by periods follow one another. Here the days of two of them overlap, so that a result of those days has "
        "two rates.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          | for each  | pays in 1 April 2016 to 1 April 2017 | pays in 1 April 2017 to 31 March 2020 |
          | Job Entry | £700                                 | £800                                  |
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          | for each  | pays in 1 April 2016 to 31 March 2017 | pays in 1 April 2017 to 31 March 2020 |
          | Job Entry | £700                                  | £800                                  |
        end payment
        """,
    ),
    Code(
        "SIB0455",
        "no-year-here",
        "There is no year here",
        "`read at the year` takes what a printed table holds for the contract year of a result. It stands in what a payment is "
        "multiplied by, and nowhere else.",
        """
        table Index
          | Year | Factor |
          | 1    | 1.00   |
          | 2    | 1.02   |
          | 3    | 1.04   |
          | 4    | 1.06   |
        end table

        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700 times Factor read at the year
        end payment
        """,
        """
        table Index
          | Year | Factor |
          | 1    | 1.00   |
          | 2    | 1.02   |
          | 3    | 1.04   |
          | 4    | 1.06   |
        end table

        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  Factor read at the year
        end payment
        """,
    ),
    Code(
        "SIB0456",
        "year-not-printed",
        "The table does not print a year",
        "A payment is multiplied by what a table prints for each contract year, and the table has no row for one of the years "
        "of the payment period.",
        """
        table Index
          | Year      | Factor |
          | "2016/17" | 1.00   |
          | "2017/18" | 1.02   |
        end table

        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  Factor read at the year
        end payment
        """,
        """
        table Index
          | Year      | Factor |
          | "2016/17" | 1.00   |
          | "2017/18" | 1.02   |
          | "2018/19" | 1.04   |
          | "2019/20" | 1.06   |
        end table

        payment Job Fee
          payer          Council
          payee          Charity
          for each       Job Entry
          pays           £700
          multiplied by  Factor read at the year
        end payment
        """,
    ),
)

#: What the whole contract shows.
CHECKS = (
    Code(
        "SIB0550",
        "day-without-rate",
        "A day has no rate",
        "The rates of a payment differ by day, and results of some days of the payment period have none. Nothing is taken for "
        "granted: £0 is written where nothing is paid.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          | for each  | pays in 2016/17 | pays in 2017/18 |
          | Job Entry | £700            | £800            |
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          | for each  | pays in 2016/17 | pays in 2017/18 | pays in 1 April 2018 to 31 March 2020 |
          | Job Entry | £700            | £800            | £0                                    |
        end payment
        """,
    ),
)

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
)

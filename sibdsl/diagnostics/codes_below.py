"""Codes SIB0561 to SIB0563: what becomes of what a payment comes to below nought."""

from sibdsl.diagnostics.diagnostic import Code

_SUM = """
        payment Job Fee
          payer         Council
          payee         Charity
          pays to date  £700 times Job Entry
          taken back    {}
        end payment
"""

CODES = (
    Code(
        "SIB0561",
        "paid-to-date-taken-back",
        "What is paid to date is to be taken back",
        "A sum to date, a rate for all units and a threshold pay by how much what there is to date exceeds all that was paid "
        "before. A fall pays nothing more until it is made up, and what has been paid stays paid: that is `taken back never`. "
        "No other way is carried out here.",
        _SUM.format("by repayment"),
        _SUM.format("never"),
    ),
    Code(
        "SIB0562",
        "taken-back-of-nothing",
        "A payment never comes to less than nought, and says what becomes of it",
        "A count of people, rows or days is never below nought, nor is a sum whose column `must be at least 0`. The line changes "
        "nothing. Where money was to be paid back for results that were lost, another payment has to say so.",
        """
        payment Job Fee
          payer       Council
          payee       Charity
          for each    Job Entry
          pays        £700
          taken back  by repayment
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
        "SIB0563",
        "below-nought-here",
        "An amount below nought stands where it cannot be meant",
        "Examples and scenarios may give and expect less than nought, and a printed table may hold it. A rate below nought would "
        "turn payer and payee round: what a payee pays is a payment of its own.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | pays       |
          | Job Entry | minus £700 |
        end payment
        """,
        """
        payment Job Fee
          payer  Charity
          payee  Council
          | for each  | pays |
          | Job Entry | £700 |
        end payment
        """,
    ),
)

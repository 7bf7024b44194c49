"""Codes SIB0570 to SIB0573: limits for each person, what is carried forward, and what others pay beyond limits."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0570",
        "limit-for-each-person-on-what-is-nobodys",
        "A limit for each person covers what no single person earns",
        "A limit for each person adds up what the results of one person earn. Under tiers, sums to date and metrics that do "
        "not add up, what is paid hangs on everybody's results together, so no part of it is one person's.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          tiers     over the contract
          at most   £2,000 per person over the contract
          excess    lost
          | units    | pays |
          | first 20 | £700 |
          | further  | £300 |
        end payment
        """,
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
          at most   £2,000 per person over the contract
          excess    lost
        end payment
        """,
    ),
    Code(
        "SIB0571",
        "limit-for-each-person-without-a-time",
        "A limit for each person does not say over what time",
        "A person's results may lie years apart. A limit for each person says whether it runs over the contract or begins "
        "again each year, so that everybody fills it alike.",
        """
        cap Of Each Person
          covers   payments from Council
          at most  £2,000 per person
          excess   lost
        end cap
        """,
        """
        cap Of Each Person
          covers   payments from Council
          at most  £2,000 per person over the contract
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0572",
        "nothing-later-to-carry-to",
        "What exceeds a limit has no later time to be carried to",
        "What is carried forward is paid when the limit begins again, in the next year or quarter. A limit that runs once, over "
        "the contract or in one year, does not begin again.",
        """
        cap Ceiling
          covers   payments from Council
          at most  £2,000 over the contract
          excess   carried forward
        end cap
        """,
        """
        cap Ceiling
          covers   payments from Council
          at most  £2,000 in each year
          excess   carried forward
        end cap
        """,
    ),
    Code(
        "SIB0573",
        "payer-of-the-excess-is-limited-too",
        "Who pays the excess is under the limit too",
        "Where another party pays what exceeds a limit, the limit must cover the payments of others alone. Else what that "
        "party pays in their place would be cut again.",
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Fund    | co-commissioner |
          | Charity | provider        |
        end parties

        cap Ceiling
          covers   payments to Charity
          at most  £2,000 over the contract
          excess   paid by Fund
        end cap
        """,
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Fund    | co-commissioner |
          | Charity | provider        |
        end parties

        cap Ceiling
          covers   payments from Council
          at most  £2,000 over the contract
          excess   paid by Fund
        end cap
        """,
    ),
)

"""Codes SIB0534 to SIB0539, SIB0548 and SIB0549: limits that are shares, the order of caps, blocks and dates of payment."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0534",
        "share-before-or-after-itself",
        "A limit that is a share of payments does not say whether before or after itself",
        "Where a cap is a share of payments among which are those that it cuts, 38% of them before the cut is another amount "
        "than 38% of what is paid in the end: of £1,000, £400 of it under the cap, £380 and £367.74. A limit in money is the same "
        "before and after itself, and takes neither.",
        """
        cap Part Of Council
          covers   payments from Council
          at most  38% of payments over the contract
          excess   lost
        end cap
        """,
        """
        cap Part Of Council
          covers   payments from Council
          at most  38% of payments over the contract, after this limit
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0535",
        "cap-across-contracts-in-a-contract",
        "A cap of one contract runs across contracts",
        "A contract's cap covers payments of that contract alone. Caps that several contracts share stand in the programme "
        "that holds them.",
        """
        cap Fund Ceiling
          across   North
          covers   payments from Council
          at most  £2,000 over the contract
          excess   lost
        end cap
        """,
        """
        cap Fund Ceiling
          covers   payments from Council
          at most  £2,000 over the contract
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0536",
        "caps-in-a-ring",
        "Nothing says which cap comes first",
        "Caps that come after one another in a ring have no first. Limits for each person come before all other caps, so they "
        "come after none.",
        """
        cap Ceiling
          covers     payments from Council
          at most    £2,000 in each year
          excess     lost
          after cap  Ceiling
        end cap
        """,
        """
        cap Ceiling
          covers   payments from Council
          at most  £2,000 in each year
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0537",
        "share-of-all-or-more",
        "A limit is 100% or more of payments",
        "A limit that is a share of payments is less than all of them. What is at most 100% of all payments is limited by nothing.",
        """
        cap Part Of Council
          covers   payments from Council
          at most  100% of payments over the contract, before this limit
          excess   lost
        end cap
        """,
        """
        cap Part Of Council
          covers   payments from Council
          at most  50% of payments over the contract, before this limit
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0539",
        "due-years-later",
        "What is stated falls due years after its statement",
        "What a statement states falls due some days, weeks or months after the last day of its period. More than five years is "
        "taken for a slip of the pen.",
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          due             300 months after each statement
          rounding        each line, half up, to the penny
        end contract
        """,
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          due             30 days after each statement
          rounding        each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0548",
        "block-without-that-time",
        "A block advance has no time for what it says",
        "A block is paid on one day, so no payer follows another. What is unused of it is unused at the end of the time in "
        "which it is set off: a block that is set off against nothing has none, and one that is set off over the whole contract "
        "has nothing later to be carried to.",
        """
        block advance First Year
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £2,000
          set against  Job Fee over the contract
          set off      in money, as fees fall due
          unused part  carried forward
        end block advance

        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
        """
        block advance First Year
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £2,000
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  carried forward
        end block advance

        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0549",
        "money-below-the-penny",
        "What is paid is not rounded",
        "What a line comes to is paid, so it is whole pennies or whole pounds. Metrics, scores and steps of workings are exact "
        "without a word of it; rounding once, over all lines of a statement, is `each statement`.",
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        none
        end contract
        """,
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each statement, half up, to the penny
        end contract
        """,
    ),
)

"""Codes SIB0513 to SIB0524, SIB0528, SIB0529 and SIB0531: payments, block advances, caps and examples as a whole."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0513",
        "block-date-outside",
        "A block is paid outside the payment period",
        "Payments are made in the payment period. A block advance dated before or after it would never be paid. Check the "
        "year, or let the payment period hold the day.",
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2015
          pays         £10,000
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance
        """,
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £10,000
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance
        """,
    ),
    Code(
        "SIB0514",
        "time-outside",
        "A limit or set off lies outside the payment period",
        "The cap or set off runs over days in which nothing is paid, so it has no effect. Check the year.",
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 2026/27
          excess   lost
        end cap
        """,
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 2016/17
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0515",
        "example-date-outside",
        "An example lies outside the payment period",
        "On the day of this example, or in the period that it expects payments for, the contract pays nothing, so the example "
        "tests nothing. Check the year.",
        """
        example Too Early
          as of  31 March 2015
          given records Referrals
          | Person ID | Referred On  |
          | "P1"      | 1 March 2015 |
          given records Jobs
          | Job ID | Person ID | Started On   | Ended On | Hours Per Week |
          | "J1"   | "P1"      | 2 March 2015 | blank    | 16             |
          expect
          | payer   | pays |
          | Council | £0   |
        end example
        """,
        """
        example In Time
          as of  30 June 2016
          given records Referrals
          | Person ID | Referred On  |
          | "P1"      | 1 April 2016 |
          given records Jobs
          | Job ID | Person ID | Started On   | Ended On | Hours Per Week |
          | "J1"   | "P1"      | 2 April 2016 | blank    | 16             |
          expect
          | payer   | pays   |
          | Council | £1,350 |
        end example
        """,
    ),
    Code(
        "SIB0516",
        "paid-twice",
        "One event is paid twice by one payer",
        "Two payments have the same payer pay the same payee for the same result. Both are paid. That may be meant, as a fee "
        "and a bonus; more often one of the two replaced the other and was left standing.",
        """
        payment Job Bonus
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £200
        end payment
        """,
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £900   |
          | Job Entry | From 16  | £1,550 |
        end payment
        """,
    ),
    Code(
        "SIB0517",
        "row-twice",
        "Two rows of a tariff pay for the same thing",
        "Two rows of one payment name the same metric, band, payer and payee. Nobody can say whether the second replaces the "
        "first or adds to it. Take one of them out.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £700   |
          | Job Entry | From 16  | £1,350 |
          | Job Entry | From 16  | £1,400 |
        end payment
        """,
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £700   |
          | Job Entry | From 16  | £1,400 |
        end payment
        """,
    ),
    Code(
        "SIB0518",
        "rows-overlap",
        "A tariff pays for all bands and for one of them",
        "`all` can be read as every band, so that one of them earns both amounts, or as all others. Give each band a row of "
        "its own. If both amounts are meant, put the second into a payment of its own name.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band    | pays   |
          | Job Entry | all     | £700   |
          | Job Entry | From 16 | £1,350 |
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
        "SIB0519",
        "block-no-fees",
        "A block would meet no fees",
        "A block advance is set off against fees that its payer owes its payee. Here the payer owes that payee no such fee in "
        "those days, so the block would never be met and the fees would be paid on top of it. Name a payment of the same two "
        "parties.",
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties

        block advance Upfront Block
          payee        Charity
          set off      in money, as fees fall due
          unused part  kept
          | payer | paid on      | pays    | set against        |
          | Fund  | 1 April 2016 | £10,000 | Job Fee in 2016/17 |
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
        "SIB0520",
        "block-late",
        "A block is paid after the fees that it meets",
        "Fees are set off against the block from the first day named, and the block is paid only later. Until then the payee "
        "would have neither. Pay the block by the first statement, or set it against later fees.",
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 October 2016
          pays         £10,000
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance
        """,
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £10,000
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance
        """,
    ),
    Code(
        "SIB0521",
        "block-units",
        "A block in units has no single rate",
        "A block set off in units buys so many results at their rate. The payments that it is set against have several rates, "
        "or a rate of nought, so the number of units is open. Set it off in money, or against a payment with one rate.",
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £10,000
          set against  Job Fee in 2016/17
          set off      in units, as fees fall due
          unused part  kept
        end block advance
        """,
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £10,000
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance
        """,
    ),
    Code(
        "SIB0522",
        "block-above-cap",
        "A block is larger than the cap that covers it",
        "A block advance is paid whole and counts towards every cap that covers it. Here blocks alone come to more than the "
        "cap, which would be broken before any result is counted. One of the two amounts is wrong, or the cap was meant for "
        "other payments.",
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £110,200
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance

        cap Ceiling
          covers   payments from Council
          at most  £90,000 in each year
          excess   lost
        end cap
        """,
        """
        block advance Upfront Block
          payer        Council
          payee        Charity
          paid on      1 April 2016
          pays         £110,200
          set against  Job Fee in 2016/17
          set off      in money, as fees fall due
          unused part  kept
        end block advance

        cap Ceiling
          covers   payments by results from Council
          at most  £90,000 in each year
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0523",
        "cap-covers-nothing",
        "A cap covers no payment",
        "No payment that the contract makes answers the description, or only block advances do, which are paid whole. The cap "
        "looks like a protection and gives none. Name the payments that are to be limited.",
        """
        cap Ceiling
          covers   payments from Charity
          at most  £90,000 over the contract
          excess   lost
        end cap
        """,
        """
        cap Ceiling
          covers   payments to Charity
          at most  £90,000 over the contract
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0524",
        "cap-never-binds",
        "A cap can never bind",
        "Another cap on the same payments, or on more of them, keeps them below this one whatever happens. Three years at "
        "£30,000 each can never reach £120,000. Lower it, or take it out.",
        """
        cap Ceiling
          excess  lost
          | covers                | at most                    |
          | payments from Council | £20,000 in each year       |
          | payments from Council | £120,000 over the contract |
        end cap
        """,
        """
        cap Ceiling
          excess  lost
          | covers                | at most                   |
          | payments from Council | £20,000 in each year      |
          | payments from Council | £70,000 over the contract |
        end cap
        """,
    ),
    Code(
        "SIB0528",
        "pays-itself",
        "A party pays itself",
        "Payer and payee are one party, so no money would move. One of the two names is wrong.",
        """
        block advance Upfront Block
          payee        Charity
          set off      in money, as fees fall due
          unused part  kept
          | payer   | paid on      | pays    | set against |
          | Charity | 1 April 2016 | £10,000 | none        |
        end block advance
        """,
        """
        block advance Upfront Block
          payee        Charity
          set off      in money, as fees fall due
          unused part  kept
          | payer   | paid on      | pays    | set against |
          | Council | 1 April 2016 | £10,000 | none        |
        end block advance
        """,
    ),
    Code(
        "SIB0529",
        "part-year",
        "A yearly amount meets part of a year",
        "The payment period begins or ends inside a contract year, quarter or month, and an amount holds `in each` of them. "
        "The amount applies in full to the part, not by the share of its days. It is a note: if another amount is meant for "
        "the part, give it a row of its own.",
        """
        contract Example
          service period  1 June 2016 to 31 March 2019
          payment period  1 June 2016 to 31 March 2020
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        cap Ceiling
          covers   payments from Council
          at most  £90,000 in each year
          excess   lost
        end cap
        """,
        """
        contract Example
          service period  1 June 2016 to 31 May 2019
          payment period  1 June 2016 to 31 May 2020
          currency        GBP
          years           begin 1 June
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        cap Ceiling
          covers   payments from Council
          at most  £90,000 in each year
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0531",
        "payer-never-pays",
        "A payer's turn never comes",
        "Payers follow one another by date, and the days of one of them hold no day on which payments are made. It is named as "
        "a payer and pays nothing. Check the dates.",
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties

        contract Example
          service period  1 April 2016 to 31 March 2019
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or before 31 January 2019
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric

        payment Job Fee
          payer     Council to 31 March 2019, then Fund, by date of result
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
          payer     Council to 31 March 2018, then Fund, by date of result
          payee     Charity
          for each  Job Entry
          pays      £700
        end payment
        """,
    ),
    Code(
        "SIB0532",
        "cap-exceeded-by-block",
        "A later block can exceed a cap",
        "A cap fills period by period, and a block advance is paid whole. Where the block comes after fees that the same cap "
        "covers, the fees may have filled the cap by then, and the block goes over it. Leave the block out of the cap, or cap "
        "each year, so that the block comes first.",
        """
        block advance Second Block
          payer        Council
          payee        Charity
          paid on      1 April 2017
          pays         £20,000
          set against  Job Fee in 2017/18
          set off      in money, as fees fall due
          unused part  kept
        end block advance

        cap Ceiling
          covers   payments from Council
          at most  £90,000 over the contract
          excess   lost
        end cap
        """,
        """
        block advance Second Block
          payer        Council
          payee        Charity
          paid on      1 April 2017
          pays         £20,000
          set against  Job Fee in 2017/18
          set off      in money, as fees fall due
          unused part  kept
        end block advance

        cap Ceiling
          covers   payments from Council
          at most  £90,000 in each year
          excess   lost
        end cap
        """,
    ),
)

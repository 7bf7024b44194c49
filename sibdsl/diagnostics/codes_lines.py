"""Codes SIB0401 to SIB0422, SIB0431, SIB0445, SIB0446 and SIB0499: lines, tables, dates, plain values, kinds of file."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0401",
        "line-twice",
        "A line is said twice",
        "This line may stand once in its block, because two would contradict each other or say the same again. Keep the one "
        "that is meant.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      £700
          pays      £900
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
        "SIB0402",
        "line-missing",
        "A line is missing",
        "The block cannot be carried out without this line, and no meaning is assumed in its place. The message shows a line "
        "that would do: write it with your own terms.",
        """
        payment Job Fee
          payer     Council
          for each  Job Entry
          pays      £700
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
        "SIB0403",
        "table-missing",
        "A table is missing",
        "This block says what it says in a table, and there is none. Add one under the headings that the message shows.",
    ),
    Code(
        "SIB0404",
        "heading-twice",
        "Two columns have one heading",
        "A table's columns are told apart by their headings. Two with the same heading would both claim the same meaning: keep "
        "one, or head the other as what it is.",
        """
        parties
          | party   | role         | role     |
          | Council | commissioner | verifier |
          | Charity | provider     | manager  |
        end parties
        """,
        """
        parties
          | party   | role                   |
          | Council | commissioner, verifier |
          | Charity | provider, manager      |
        end parties
        """,
    ),
    Code(
        "SIB0405",
        "heading-unknown",
        "A table has no such column here",
        "Each kind of table knows certain headings, and this is not one of them. If it were passed over in silence, what "
        "stands in the column would look as if it counted. Use one of the headings that the message lists.",
        """
        parties
          | party   | role         | pays |
          | Council | commissioner | £700 |
          | Charity | provider     | £0   |
        end parties
        """,
        """
        parties
          | party   | role         | note                |
          | Council | commissioner | "Pays for each job" |
          | Charity | provider     | "Finds the jobs"    |
        end parties
        """,
    ),
    Code(
        "SIB0406",
        "column-missing",
        "A table lacks a column",
        "The table cannot be read without this column. Add it, with a cell in each row.",
        """
        records Referrals
          one row per Referral
          | column      | holds  |
          | Person ID   | person |
          | Referred On | date   |
        end records
        """,
        """
        records Referrals
          one row per Referral
          | column      | holds  | blank    |
          | Person ID   | person | rejected |
          | Referred On | date   | rejected |
        end records
        """,
    ),
    Code(
        "SIB0407",
        "cells-wrong",
        "A row has too many or too few cells",
        "Each row has one cell for each heading. When one is missing, those after it would be read under the wrong heading. "
        "Write `all`, `none` or `blank` where a cell says nothing; a bar inside a name must be put in quotes.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays   |
          | Job Entry | Under 16 | £700   |
          | Job Entry | £1,350   |
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
        "SIB0408",
        "no-such-day",
        "There is no such day",
        "The calendar does not have this day, or not in every year. Which day is meant, the last of the month or the first of "
        "the next, is for the parties to say.",
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 1 April 2016 to 31 September 2017
          excess   lost
        end cap
        """,
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 1 April 2016 to 30 September 2017
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0409",
        "nought",
        "A number cannot be used here",
        "A length of time of nought, or one longer than any contract, or a division by nought has no meaning. Write the "
        "number that is meant.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 0 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0410",
        "no-such-year",
        "There is no such year or quarter",
        "A contract year is written by the two calendar years that it touches, `2016/17`; quarters run from 1 to 4, and years "
        "are counted from 1. Two years in one need two rows.",
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 2016/18
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
        "SIB0411",
        "ends-before-it-begins",
        "A time ends before it begins",
        "Both days belong to a stretch of time, and the first cannot come after the last. The two have been swapped, or one "
        "year is wrong.",
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 1 April 2018 to 31 March 2017
          excess   lost
        end cap
        """,
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 in 1 April 2018 to 31 March 2019
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0420",
        "name-expected",
        "A name is needed",
        "This place names something that the contract defines or refers to. Names are words that begin with a capital, "
        "without quotes.",
        """
        particulars
          | particular | holds | default |
          | "Job Rate" | money | £700    |
        end particulars
        """,
        """
        particulars
          | particular | holds | default |
          | Job Rate   | money | £700    |
        end particulars

        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      Job Rate
        end payment
        """,
    ),
    Code(
        "SIB0421",
        "not-a-type",
        "It is not said what is held",
        "Under `holds` stands what sort of value is expected: `date`, `money`, `hours`, `yes or no` and so on. That is how "
        "impossible values in the records are found, and how £ are kept from being added to people.",
        """
        particulars
          | particular | holds   | default |
          | Job Rate   | Council | £700    |
        end particulars
        """,
        """
        particulars
          | particular | holds | default |
          | Job Rate   | money | £700    |
        end particulars

        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      Job Rate
        end payment
        """,
    ),
    Code(
        "SIB0422",
        "not-a-value",
        "A value is needed",
        "This place holds an amount, a date, a number or one of a few words, and something else stands there. The message "
        "says which values would do.",
        """
        records Referrals
          one row per Referral
          | column      | holds  | blank    |
          | Person ID   | person | rejected |
          | Referred On | date   | none     |
        end records
        """,
        """
        records Referrals
          one row per Referral
          | column      | holds  | blank    |
          | Person ID   | person | rejected |
          | Referred On | date   | rejected |
        end records
        """,
    ),
    Code(
        "SIB0431",
        "line-and-column",
        "Said on a line and in a column too",
        "What all rows share stands on a line above the table; what differs stands in a column. The same fact in both places "
        "could be said two ways: keep the line when it is the same for every row, and the column when it is not.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | payer   | for each  | pays |
          | Council | Job Entry | £700 |
        end payment
        """,
        """
        payment Job Fee
          payee  Charity
          | payer   | for each  | pays |
          | Council | Job Entry | £700 |
        end payment
        """,
    ),
    Code(
        "SIB0445",
        "one-contract-a-file",
        "A file holds more than one contract",
        "A file holds one contract, so that everyone can say which text was signed. Modules and rule packs that several "
        "contracts share have files of their own.",
        """
        rule pack Conditions
          note  "Conditions of a fund."
        end rule pack
        """,
        """
        rule Bounded
          requires  payments from Council are at most £90,000
          tested    over the contract
          against   every quantity
        end rule
        """,
    ),
    Code(
        "SIB0446",
        "no-contract",
        "The file holds no contract",
        "A contract file has a block `contract` with the contract's name, its periods and its currency. This file has none: "
        "it may be a module, or its first lines were lost. `sib init` writes a contract to start from.",
        """
        parties
          | party   | role         |
          | Council | commissioner |
        end parties
        """,
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          currency        GBP
          years           begin 1 April
          statements      quarterly
          rounding        each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0499",
        "not-carried-out-yet",
        "This version cannot carry it out yet",
        "The language has this clause, and a later version of `sib` will carry it out. This one cannot, and pays nothing "
        "rather than something else than the contract says. Write the clause in another way, or wait.",
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 over the programme
          excess   lost
        end cap
        """,
        """
        cap Ceiling
          covers   payments from Council
          at most  £90,000 over the contract
          excess   lost
        end cap
        """,
    ),
)

"""Codes SIB0412 to SIB0419, SIB0423 to SIB0430 SIB0447 and SIB0448: the heading, records, cohorts, bands, metrics and examples."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0412",
        "joining-date-misplaced",
        "Joining date has no meaning here",
        "The joining date is the day on which a person joined the cohort, so it can be spoken of in a metric that is counted "
        "among a cohort. In the cohort itself nobody has joined yet. Name a column of the records instead.",
        """
        cohort Service Users
          rows        Referrals
          only if     Referred On is on or after joining date
          joins on    Referred On
          if several  earliest Referred On
        end cohort
        """,
        """
        cohort Service Users
          rows        Referrals
          only if     Referred On is in the service period
          joins on    Referred On
          if several  earliest Referred On
        end cohort
        """,
    ),
    Code(
        "SIB0413",
        "kinds-mixed",
        "Two kinds of value are mixed",
        "Money, counts, hours, dates and shares are kept apart: £700 is an amount, 700 is a number. Mixing them is nearly "
        "always a slip, and one that changes what is paid. The message names both sides.",
        """
        payment Job Fee
          payer     Council
          payee     Charity
          for each  Job Entry
          pays      700
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
        "SIB0414",
        "not-a-column",
        "Something else than a column or a number stands here",
        "Only a column of the records can be blank, and the ends of a band are plain numbers. Name a column, or write the "
        "number.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          not if      joining date is blank
          held        for 6 weeks from Started On
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
          not if      Hours Per Week is blank
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0415",
        "range-empty",
        "A range holds nothing",
        "The lower end of the range lies above its upper end, so no number is in it and nothing would be paid for it. The "
        "two ends have been swapped, or one is wrong.",
        """
        bands Hours
          by  Hours Per Week
          | band     | holds                                     |
          | Under 16 | less than 16 hours                        |
          | From 16  | at least 16 hours                         |
          | Part     | at least 30 hours but less than 16 hours  |
        end bands
        """,
        """
        bands Hours
          by  Hours Per Week
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | at least 16 hours  |
        end bands
        """,
    ),
    Code(
        "SIB0416",
        "nobody-has-role",
        "No party has this role",
        "The clause speaks of all parties of a role, such as `from co-commissioners`, and the contract has none. Give a party "
        "that role under `parties`, or name the party that is meant.",
        """
        cap Ceiling
          covers   payments from co-commissioners
          at most  £90,000 over the contract
          excess   lost
        end cap
        """,
        """
        cap Ceiling
          covers   payments from commissioners
          at most  £90,000 over the contract
          excess   lost
        end cap
        """,
    ),
    Code(
        "SIB0417",
        "clocks-disagree",
        "The contract's periods do not fit each other",
        "A contract has two clocks: the service period, in which people enter and results are earned, and the payment period, "
        "in which they are paid for, often with a run-off. The payment period holds the whole service period, and the last "
        "day for new entrants lies in the service period.",
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2018
          currency        GBP
          years           begin 1 April
          statements      quarterly
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
          rounding        each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0418",
        "currency-unknown",
        "The currency is not known",
        "A contract's amounts are in one currency, named by its three letters such as GBP. This is not one that contracts "
        "can use here.",
        """
        contract Example
          service period  1 April 2016 to 31 March 2019
          payment period  1 April 2016 to 31 March 2020
          currency        GPB
          years           begin 1 April
          statements      quarterly
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
          rounding        each line, half up, to the penny
        end contract
        """,
    ),
    Code(
        "SIB0419",
        "role-missing",
        "A party has no role",
        "Each party has at least one role. Rules and caps may speak of roles, so a party without one would be left out of "
        "them in silence. The message lists the roles.",
        """
        parties
          | party   | role         |
          | Council | commissioner |
          | Charity | none         |
        end parties
        """,
        """
        parties
          | party   | role         |
          | Council | commissioner |
          | Charity | provider     |
        end parties
        """,
    ),
    Code(
        "SIB0423",
        "blank-in-spell",
        "It is not said what a blank end means",
        "The end of a spell may be blank, and a blank can mean that it still lasts or that nobody knows. The first counts "
        "towards a result, the second does not. Write `, open while blank`, or let a blank be `rejected`.",
        """
        records Jobs
          one row per Job
          spell  from Started On to the day before Ended On
          | column         | holds      | blank    |
          | Job ID         | identifier | rejected |
          | Person ID      | person     | rejected |
          | Started On     | date       | rejected |
          | Ended On       | date       | allowed  |
          | Hours Per Week | hours      | rejected |
        end records
        """,
        """
        records Jobs
          one row per Job
          spell  from Started On to the day before Ended On, open while blank
          | column         | holds      | blank    |
          | Job ID         | identifier | rejected |
          | Person ID      | person     | rejected |
          | Started On     | date       | rejected |
          | Ended On       | date       | allowed  |
          | Hours Per Week | hours      | rejected |
        end records
        """,
    ),
    Code(
        "SIB0424",
        "whose-rows",
        "It is not said whose rows these are",
        "Results are counted for each person once, so the records must have one column, and only one, that says who it was. "
        "Write `person` under `holds` for that column.",
        """
        records Referrals
          one row per Referral
          | column      | holds      | blank    |
          | Person ID   | identifier | rejected |
          | Referred On | date       | rejected |
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
        "SIB0425",
        "not-a-range",
        "A band holds no range",
        "A band holds a range of numbers: `less than 16 hours`, `at least 16 hours but less than 30 hours`, `exactly 16 "
        "hours`. A bare number does not say on which side the others fall.",
        """
        bands Hours
          by  Hours Per Week
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | at least 16 hours  |
          | Sixteen  | 16 hours           |
        end bands
        """,
        """
        bands Hours
          by  Hours Per Week
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | at least 16 hours  |
        end bands
        """,
    ),
    Code(
        "SIB0426",
        "nothing-to-hold",
        "These records do not say how long something lasts",
        "Something is held from the day on which it starts to the day on which it ends. The records must say which columns "
        "those are, in a line `spell`, and the metric counts from the first of them.",
        """
        records Jobs
          one row per Job
          | column         | holds      | blank    |
          | Job ID         | identifier | rejected |
          | Person ID      | person     | rejected |
          | Started On     | date       | rejected |
          | Hours Per Week | hours      | rejected |
        end records
        """,
        """
        records Jobs
          one row per Job
          spell  from Started On to the day before Ended On, open while blank
          | column         | holds      | blank    |
          | Job ID         | identifier | rejected |
          | Person ID      | person     | rejected |
          | Started On     | date       | rejected |
          | Ended On       | date       | allowed  |
          | Hours Per Week | hours      | rejected |
        end records
        """,
    ),
    Code(
        "SIB0427",
        "no-last-day-held",
        "Nothing is held, so there is no last day held",
        "A result may be dated on the day after something has been held for long enough, or on the last day of it. Without a "
        "line `held` there is no such day. Add it, or name the column that dates the result.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
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
        "SIB0428",
        "bands-of-another-column",
        "The bands are of a column that these records lack",
        "Bands are ranges of one column, and a metric can use them when the records that it counts have that column.",
        """
        records Referrals
          one row per Referral
          | column      | holds  | blank    |
          | Person ID   | person | rejected |
          | Referred On | date   | rejected |
          | Need        | number | rejected |
        end records

        bands Needs
          by  Need
          | band | holds       |
          | Low  | less than 5 |
          | High | at least 5  |
        end bands

        metric Job Start
          kind        output
          counts      rows of Jobs
          among       Service Users
          dated       Started On
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Needs, as recorded
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
        "SIB0429",
        "first-over-what",
        "The first of all, or the first in each band?",
        "A person whose first job is under 16 hours and whose second is over it has one first job, or one in each band: the "
        "two readings pay differently. Write which is meant.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only
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
          per person  first only, in each band
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0430",
        "tie-open",
        "Nothing says which of two counts, if tied",
        "Two jobs that start on one day, one in each band, tie for the first, and the contract pays differently for them. "
        "Say which counts, by a column that settles it.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
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
        "SIB0447",
        "boundary-against-bands",
        "An assumption contradicts the bands",
        "An assumption about a boundary says on which side a value falls that the source leaves open, and why. The bands are "
        "what is paid, and here they say something else. Make the two agree.",
        """
        assumption Sixteen Hours
          takes   16 hours in Under 16
          reason  "The source has rows for less and for more than 16 hours."
        end assumption
        """,
        """
        assumption Sixteen Hours
          takes   16 hours in From 16
          reason  "The source has rows for less and for more than 16 hours."
        end assumption
        """,
    ),
    Code(
        "SIB0448",
        "example-of-two-kinds",
        "An example gives quantities and records",
        "An example is worked out from quantities, which test the payments, or from records, which test what is counted as "
        "well. From both it could come out two ways. Make two examples of it.",
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          given records Referrals
          | Person ID | Referred On  |
          | "P1"      | 1 April 2016 |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
        """
        example First Quarter
          in  2016/17 quarter 1
          given
          | metric    | band     | quantity |
          | Job Entry | Under 16 | 6        |
          expect
          | payer   | pays   |
          | Council | £4,200 |
        end example
        """,
    ),
)

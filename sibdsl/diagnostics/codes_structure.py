"""Codes SIB0501 to SIB0512 and SIB0525 to SIB0527, SIB0530: bands, unused terms, metrics and dates."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0501",
        "band-gap",
        "Gap in a band",
        "The bands of a tariff must hold every possible value once. Here some value falls in none of them: a result with that "
        "value would be reached, verified and paid nothing. Say in the bands on which side it falls; where the source leaves "
        "it open, an assumption records the choice and its reason.",
        """
        bands Hours
          by  Hours Per Week
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | more than 16 hours |
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
        "SIB0502",
        "band-overlap",
        "Two bands hold the same value",
        "A value that falls in two bands has two rates, and the contract does not say which is paid. Let one band stop where "
        "the other begins: `less than 16 hours`, then `at least 16 hours`.",
        """
        bands Hours
          by  Hours Per Week
          | band     | holds             |
          | Under 16 | at most 16 hours  |
          | From 16  | at least 16 hours |
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
        "SIB0503",
        "band-empty",
        "Nothing can fall in a band",
        "No value that the records allow lies in this band, so its rate is never paid: a week has 168 hours. Check the "
        "number, or take the row out.",
        """
        bands Hours
          by  Hours Per Week
          | band      | holds                                    |
          | Under 16  | less than 16 hours                       |
          | From 16   | at least 16 hours but at most 168 hours  |
          | Full Time | more than 168 hours                      |
        end bands

        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band      | pays   |
          | Job Entry | Under 16  | £700   |
          | Job Entry | From 16   | £1,350 |
          | Job Entry | Full Time | £1,500 |
        end payment
        """,
        """
        bands Hours
          by  Hours Per Week
          | band      | holds                                   |
          | Under 16  | less than 16 hours                      |
          | From 16   | at least 16 hours but at most 35 hours  |
          | Full Time | more than 35 hours                      |
        end bands

        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band      | pays   |
          | Job Entry | Under 16  | £700   |
          | Job Entry | From 16   | £1,350 |
          | Job Entry | Full Time | £1,500 |
        end payment
        """,
    ),
    Code(
        "SIB0504",
        "band-unpaid",
        "A tariff leaves a band out",
        "The payment has rates for some bands of a metric and none for another, so results in that band earn nothing from it. "
        "Add the row; where nothing is meant, write `nothing`, so that the next reader knows.",
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays |
          | Job Entry | Under 16 | £700 |
        end payment
        """,
        """
        payment Job Fee
          payer  Council
          payee  Charity
          | for each  | band     | pays    |
          | Job Entry | Under 16 | £700    |
          | Job Entry | From 16  | nothing |
        end payment
        """,
    ),
    Code(
        "SIB0505",
        "metric-unpaid",
        "A metric is never paid",
        "The metric is defined and counted, and no payment is made for it. A fee may have been forgotten. If the metric is "
        "there for other clauses to speak of, this is a note and may stay.",
        """
        metric Job Start
          kind        output
          counts      rows of Jobs
          among       Service Users
          dated       Started On
          per person  first only
        end metric
        """,
        """
        metric Job Start
          kind        output
          counts      rows of Jobs
          among       Service Users
          dated       Started On
          per person  first only
        end metric

        payment Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
        """,
    ),
    Code(
        "SIB0506",
        "party-unused",
        "A party neither pays nor is paid",
        "No payment or block advance names this party. That is usual for a manager, an investor or a verifier, which are not "
        "reported; for others a clause may be missing.",
        """
        parties
          | party   | role            |
          | Council | commissioner    |
          | Charity | provider        |
          | Fund    | co-commissioner |
        end parties
        """,
        """
        parties
          | party   | role         |
          | Council | commissioner |
          | Charity | provider     |
          | Auditor | verifier     |
        end parties
        """,
    ),
    Code(
        "SIB0507",
        "particular-unused",
        "No clause reads a particular",
        "The particular is declared, may be asked for and given, and changes nothing. A clause may hold the amount in figures "
        "where this name was meant.",
        """
        particulars
          | particular | holds | default |
          | Job Rate   | money | £700    |
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
        "SIB0508",
        "assumption-unused",
        "An assumption decides nothing",
        "No clause reads the assumption, or it speaks of a boundary at which no band begins or ends. It is listed as a choice "
        "that the parties made, and the contract pays the same without it.",
        """
        assumption Fifteen Hours
          takes   15 hours in Under 16
          reason  "The source does not say."
        end assumption
        """,
        """
        assumption Sixteen Hours
          takes   16 hours in From 16
          reason  "The source does not say."
        end assumption
        """,
    ),
    Code(
        "SIB0509",
        "column-unused",
        "No clause reads a column",
        "The contract asks for this fact about each person, and no cohort or metric reads it. Records hold nothing that no "
        "clause reads. Take the column out, or write the clause that was to read it. Columns that identify rows are not "
        "reported.",
        """
        records Referrals
          one row per Referral
          | column        | holds  | blank    |
          | Person ID     | person | rejected |
          | Referred On   | date   | rejected |
          | Date Of Birth | date   | allowed  |
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
        "SIB0510",
        "records-unused",
        "No clause reads a table of records",
        "The contract asks for these records, and no cohort or metric counts them. Take them out, or write the clause that was "
        "to count them.",
        """
        records Surveys
          one row per Survey
          | column      | holds  | blank    |
          | Person ID   | person | rejected |
          | Answered On | date   | rejected |
        end records
        """,
        """
        records Surveys
          one row per Survey
          | column      | holds  | blank    |
          | Person ID   | person | rejected |
          | Answered On | date   | rejected |
        end records

        metric Survey Answered
          kind        output
          counts      rows of Surveys
          among       Service Users
          dated       Answered On
          per person  first only
        end metric

        payment Survey Fee
          payer     Council
          payee     Charity
          for each  Survey Answered
          pays      £20
        end payment
        """,
    ),
    Code(
        "SIB0511",
        "cohort-unused",
        "Nothing is counted among a cohort",
        "A cohort says who counts. No metric is counted among this one, so it has no effect; a metric may name another "
        "cohort by mistake.",
        """
        cohort Self Referred
          rows        Referrals
          joins on    Referred On
          if several  latest Referred On
        end cohort
        """,
        """
        cohort Service Users
          rows        Referrals
          joins on    Referred On
          if several  latest Referred On
        end cohort
        """,
    ),
    Code(
        "SIB0512",
        "bands-unused",
        "No metric uses a set of bands",
        "The bands are defined and no metric is counted in them, so no rate depends on them.",
        """
        bands Full Time
          by  Hours Per Week
          | band     | holds              |
          | Under 35 | less than 35 hours |
          | From 35  | at least 35 hours  |
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
        "SIB0525",
        "metric-circle",
        "Metrics wait for each other",
        "A metric may speak of the row that another one counted. Where each speaks of the other, or one of itself, none can "
        "ever be counted. Let one of them speak of a column of its own row instead.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after Started On of Job Entry
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
          only if     Started On is on or after joining date
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0526",
        "never-reached",
        "Nobody can reach it",
        "Put together, the conditions, the time for which something must be held and the end of payments leave no day on "
        "which this could happen and still be paid. Often a year is wrong.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is in the service period
          held        for 5 years from Started On
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
          only if     Started On is in the service period
          held        for 5 months from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0527",
        "last-start",
        "A late start earns nothing",
        "Payments end some time after the service does, or with it, and a result that takes months needs that time. Whoever "
        "starts after the day named can do everything that the contract asks and earn nothing. It is a note: the parties "
        "should know the day before they sign.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 18 months from Started On
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
          held        for 12 months from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0530",
        "dated-before-held",
        "A result is dated before it is known",
        "The result is dated by a day on which nobody knows yet whether it will be held for long enough. When it is, its "
        "period may have been stated, and it is paid as an adjustment in a later statement. That may be meant, for instance "
        "where the payer changes by that date.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 6 weeks from Started On
          dated       Started On
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
)

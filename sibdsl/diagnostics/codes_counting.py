"""Codes SIB0461 to SIB0467 and SIB0533: tables printed in a contract, tracking, days and sums."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0461",
        "table-cell",
        "A cell of a table does not hold one value, or not one like the others",
        "Whatever reads the table must know what it finds there. Each cell holds one value, and all cells of a column hold the "
        "same kind. A code or a name stands as it is; a code that looks like a number, or begins with a small letter, is put "
        "in quotes.",
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
          | 10   | no     |
        end table
        """,
        """
        table Job Codes
          | Code | Counts |
          | "J1" | yes    |
          | "10" | no     |
        end table

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Counts read at Job ID is yes
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0462",
        "table-key-twice",
        "Two rows of a table have the same key",
        "The first column of a table is its key: what is read at a key stands on its row. With two such rows it could be "
        "either, and the two need not agree.",
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
          | J1   | no     |
        end table
        """,
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
          | J2   | no     |
        end table

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Counts read at Job ID is yes
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0463",
        "read-at-which",
        "A name could be read in two places",
        "Two tables have a column of this name, or the row has two codes at which it could be read. Say which is meant.",
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
        end table

        records Jobs
          one row per  Job
          spell        from Started On to the day before Ended On, open while blank
          | column         | holds             | blank    |
          | Job ID         | identifier        | rejected |
          | Person ID      | person            | rejected |
          | Started On     | date              | rejected |
          | Ended On       | date              | allowed  |
          | Hours Per Week | hours             | rejected |
          | First Code     | code in Job Codes | rejected |
          | Last Code      | code in Job Codes | rejected |
        end records

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Counts is yes
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
        end table

        records Jobs
          one row per  Job
          spell        from Started On to the day before Ended On, open while blank
          | column         | holds             | blank    |
          | Job ID         | identifier        | rejected |
          | Person ID      | person            | rejected |
          | Started On     | date              | rejected |
          | Ended On       | date              | allowed  |
          | Hours Per Week | hours             | rejected |
          | First Code     | code in Job Codes | rejected |
          | Last Code      | code in Job Codes | rejected |
        end records

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Counts read at First Code is yes
          only if     Counts read at Last Code is yes
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0464",
        "value-for-each",
        "A particular has a value for each of something, or has not",
        "A particular that holds a value for each of something is read at the one that is meant, with `read at`. A particular "
        "with one value for all is written alone.",
        """
        particulars
          | particular  | holds                | default  |
          | Least Hours | hours for each Level | required |
        end particulars

        records Jobs
          one row per  Job
          spell        from Started On to the day before Ended On, open while blank
          | column         | holds      | blank    |
          | Job ID         | identifier | rejected |
          | Person ID      | person     | rejected |
          | Started On     | date       | rejected |
          | Ended On       | date       | allowed  |
          | Hours Per Week | hours      | rejected |
          | Level          | count      | rejected |
        end records

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Hours Per Week is at least Least Hours
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
        """
        particulars
          | particular  | holds                | default  |
          | Least Hours | hours for each Level | required |
        end particulars

        records Jobs
          one row per  Job
          spell        from Started On to the day before Ended On, open while blank
          | column         | holds      | blank    |
          | Job ID         | identifier | rejected |
          | Person ID      | person     | rejected |
          | Started On     | date       | rejected |
          | Ended On       | date       | allowed  |
          | Hours Per Week | hours      | rejected |
          | Level          | count      | rejected |
        end records

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Hours Per Week is at least Least Hours read at Level
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0465",
        "not-tracked",
        "The cohort is not tracked",
        "The metric counts days of tracking, or keeps to them, and the cohort does not say from when to when its members are "
        "tracked. Nothing outside that time counts, so it decides what is paid.",
        """
        metric Days In Work
          kind    outcome
          counts  days of Jobs
          among   Service Users
          within  tracking
          dated   each day
        end metric

        payment Work Fee
          payer     Council
          payee     Charity
          for each  Days In Work
          pays      £5
        end payment
        """,
        """
        cohort Service Users
          rows        Referrals
          joins on    Referred On
          if several  earliest Referred On
          tracked     for 12 months from Referred On
        end cohort

        metric Days In Work
          kind    outcome
          counts  days of Jobs
          among   Service Users
          within  tracking
          dated   each day
        end metric

        payment Work Fee
          payer     Council
          payee     Charity
          for each  Days In Work
          pays      £5
        end payment
        """,
    ),
    Code(
        "SIB0466",
        "dated-each-day",
        "Days are not dated each by itself, or other results are",
        "A stay of three months lies in several statement periods. `dated each day` puts each of its days into its own. A "
        "metric that counts days says so; any other is dated by one day of each result.",
        """
        metric Days In Work
          kind    outcome
          counts  days of Jobs
          among   Service Users
          dated   Started On
        end metric

        payment Work Fee
          payer     Council
          payee     Charity
          for each  Days In Work
          pays      £5
        end payment
        """,
        """
        metric Days In Work
          kind    outcome
          counts  days of Jobs
          among   Service Users
          dated   each day
        end metric

        payment Work Fee
          payer     Council
          payee     Charity
          for each  Days In Work
          pays      £5
        end payment
        """,
    ),
    Code(
        "SIB0467",
        "quantity-not-of-metric",
        "A quantity is not one that its metric could have",
        "People, events and days are counted in whole numbers from 0. Days with a weight, and sums, may have decimals; a sum "
        "of money is written with its sign.",
        """
        scenario Few
          | metric    | band    | quantity | in                |
          | Job Entry | From 16 | 2.5      | 2016/17 quarter 1 |
        end scenario
        """,
        """
        scenario Few
          | metric    | band    | quantity | in                |
          | Job Entry | From 16 | 2        | 2016/17 quarter 1 |
        end scenario
        """,
    ),
    Code(
        "SIB0533",
        "table-never-read",
        "No clause reads a table",
        "A printed table looks as if it decided something. Nothing is read from this one, so nothing in it changes what is paid. "
        "Read it in a condition or a weight, or take it out.",
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
        end table
        """,
        """
        table Job Codes
          | Code | Counts |
          | J1   | yes    |
        end table

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          only if     Started On is on or after joining date
          only if     Counts read at Job ID is yes
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
)

"""Codes SIB0586 to SIB0592: groups of words as bands, in which row a band is read, several cohorts, columns by year."""

from sibdsl.diagnostics.diagnostic import Code

_AREAS = """
        records Referrals
          one row per Referral
          | column      | holds                     | blank    |
          | Person ID   | person                    | rejected |
          | Referred On | date                      | rejected |
          | Area        | one of North, South, West | rejected |
        end records
"""
_TWO = """
        cohort Newcomers
          rows        Referrals
          only if     Referred On is on or after 1 April 2017
          joins on    Referred On
          if several  earliest Referred On
          tracked     for 6 months from Referred On
        end cohort
"""
_FEE = """
        payment Other Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
"""

CODES = (
    Code(
        "SIB0586",
        "not-a-group",
        "A band of words holds no words",
        "The column holds words, so its bands are groups: each row names the values that the band holds, with commas between. "
        "`the rest` holds every value that no other band does. A blank is in no band.",
        _AREAS
        + """
        bands Areas
          by  Area
          | band | holds       |
          | Near | North, West |
          | Far  | at least 2  |
        end bands

        metric Job Start
          kind       output
          counts     rows of Jobs
          among      Service Users
          dated      Started On
          banded by  Areas, as recorded at joining
        end metric

        payment Other Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
        """,
        _AREAS
        + """
        bands Areas
          by  Area
          | band | holds       |
          | Near | North, West |
          | Far  | the rest    |
        end bands

        metric Job Start
          kind       output
          counts     rows of Jobs
          among      Service Users
          dated      Started On
          banded by  Areas, as recorded at joining
        end metric

        payment Other Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £100
        end payment
        """,
    ),
    Code(
        "SIB0587",
        "nobody-joined",
        "Bands are read at joining where the rows are nobody's",
        "`as recorded at joining` reads the row by which the person joined the cohort. Rows of records that name no person have "
        "no such row.",
        """
        records Open Days
          one row per Open Day
          | column | holds | blank    |
          | Held   | date  | rejected |
          | Guests | count | rejected |
        end records

        bands Sizes
          by  Guests
          | band  | holds        |
          | Small | less than 10 |
          | Large | at least 10  |
        end bands

        metric Open Day
          kind       output
          counts     rows of Open Days
          dated      Held
          banded by  Sizes, as recorded at joining
        end metric

        payment Other Fee
          payer     Council
          payee     Charity
          for each  Open Day
          pays      £100
        end payment
        """,
        """
        records Open Days
          one row per Open Day
          | column | holds | blank    |
          | Held   | date  | rejected |
          | Guests | count | rejected |
        end records

        bands Sizes
          by  Guests
          | band  | holds        |
          | Small | less than 10 |
          | Large | at least 10  |
        end bands

        metric Open Day
          kind       output
          counts     rows of Open Days
          dated      Held
          banded by  Sizes, as recorded
        end metric

        payment Other Fee
          payer     Council
          payee     Charity
          for each  Open Day
          pays      £100
        end payment
        """,
    ),
    Code(
        "SIB0588",
        "bands-of-a-path",
        "Bands are said to be of a column of something",
        "Bands are of a column, by its name. Each metric says in which row it reads that column: `as recorded` is the row that "
        "brought the result, `as recorded at joining` the one by which the person joined.",
        """
        bands Hours
          by  Hours Per Week of Jobs
          | band     | holds              |
          | Under 16 | less than 16 hours |
          | From 16  | at least 16 hours  |
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
        "SIB0589",
        "band-of-several-rows",
        "A band is read in one of several rows, and nothing says in which",
        "A person reaches an amount by several rows, and each may have another value in the banded column. The row by which they "
        "joined is one.",
        """
        metric Hours Reached
          kind       outcome
          counts     people
          among      Service Users
          reaches    100 hours in Hours Per Week of Jobs, by Started On
          dated      on the day reached
          banded by  Hours, as recorded
        end metric

        payment Other Fee
          payer     Council
          payee     Charity
          for each  Hours Reached
          pays      £100
        end payment
        """,
        """
        records Referrals
          one row per Referral
          | column      | holds     | blank    |
          | Person ID   | person    | rejected |
          | Referred On | date      | rejected |
          | Severe      | yes or no | rejected |
        end records

        bands Need
          by  Severe
          | band  | holds |
          | Great | yes   |
          | Other | no    |
        end bands

        metric Hours Reached
          kind       outcome
          counts     people
          among      Service Users
          reaches    100 hours in Hours Per Week of Jobs, by Started On
          dated      on the day reached
          banded by  Need, as recorded at joining
        end metric

        payment Other Fee
          payer     Council
          payee     Charity
          for each  Hours Reached
          pays      £100
        end payment
        """,
    ),
    Code(
        "SIB0590",
        "tracked-by-which",
        "Several cohorts follow their members for a time each",
        "Tracking is a cohort's own. Somebody who is in two cohorts would be followed for two times, and nothing says which of "
        "them counts.",
        _TWO
        + """
        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Newcomers, Service Users
          within  tracking
          dated   Started On
        end metric
        """
        + _FEE,
        _TWO
        + """
        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Newcomers
          within  tracking
          dated   Started On
        end metric
        """
        + _FEE,
    ),
    Code(
        "SIB0591",
        "joined-by-which-row",
        "The row by which people joined is read, and several cohorts join them by rows of different sorts",
        "People, windows, shares of days and bands at joining are read in the row by which a person joined. Where a metric names "
        "several cohorts, that row must be of the same records, and the same column its joining date.",
        """
        cohort Workers
          rows        Jobs
          joins on    Started On
          if several  earliest Started On
        end cohort

        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Service Users, Workers
          window  1 year from joining date
          within  window
          dated   Started On
        end metric
        """
        + _FEE,
        """
        cohort Workers
          rows        Jobs
          joins on    Started On
          if several  earliest Started On
        end cohort

        metric Job Start
          kind     output
          counts   rows of Jobs
          among    Service Users, Workers
          only if  Started On is on or after joining date
          dated    Started On
        end metric
        """
        + _FEE,
    ),
    Code(
        "SIB0592",
        "cohort-twice",
        "A cohort is named twice",
        "Members of any of the cohorts count, each person once. A cohort that is named twice adds nobody.",
        """
        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Service Users, Service Users
          dated   Started On
        end metric
        """
        + _FEE,
        """
        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Service Users
          dated   Started On
        end metric
        """
        + _FEE,
    ),
)

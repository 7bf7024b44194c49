"""Codes SIB0468 to SIB0479: rules for each person."""

from sibdsl.diagnostics.diagnostic import Code

CODES = (
    Code(
        "SIB0468",
        "so-many-per-person",
        "How many results of a person count is half said",
        "`per person at most 2` can mean two in each year, or two and no more. The time must be written. A limit of 0 counts "
        "nobody.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 6 weeks from Started On
          dated       on the day after
          per person  at most 2, over all bands
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
          per person  at most 2 in each year, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0469",
        "route-metric",
        "What stands in a route is no metric, is earned by nobody, or stands in two routes",
        "Of each person only the route earned first counts. A metric in two routes would be taken away by one and kept by the "
        "other; and a figure that is worked out over many people is earned by none of them.",
        """
        routes Work
          per person  one route, the first earned
          if tied     in the order below
          | route | metrics   |
          | Fast  | Job Entry |
          | Slow  | Job Entry |
        end routes
        """,
        """
        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Service Users
          dated   Started On
        end metric

        payment Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £300
        end payment

        routes Work
          per person  one route, the first earned
          if tied     in the order below
          | route | metrics   |
          | Fast  | Job Start |
          | Slow  | Job Entry |
        end routes
        """,
    ),
    Code(
        "SIB0470",
        "one-route",
        "A block of routes has one route",
        "Routes exclude each other. One alone excludes nothing, so a route is missing, or the block does nothing.",
        """
        routes Work
          per person  one route, the first earned
          if tied     in the order below
          | route | metrics   |
          | Fast  | Job Entry |
        end routes
        """,
        """
        metric Job Start
          kind    output
          counts  rows of Jobs
          among   Service Users
          dated   Started On
        end metric

        payment Start Fee
          payer     Council
          payee     Charity
          for each  Job Start
          pays      £300
        end payment

        routes Work
          per person  one route, the first earned
          if tied     in the order below
          | route | metrics   |
          | Fast  | Job Start |
          | Slow  | Job Entry |
        end routes
        """,
    ),
    Code(
        "SIB0471",
        "gap-in-months",
        "A gap in a holding is limited in months or years",
        "Days of gaps are counted, in one gap or in all of them. A month has 28 to 31 days, so a limit in months would be a "
        "different number for each gap. Write days or weeks.",
        """
        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          held        for 6 weeks from Started On, gaps of at most 1 month in all
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
          held        for 6 weeks from Started On, gaps of at most 30 days in all
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0472",
        "days-held",
        "It is not said which days of a holding count, or there are none",
        "Where days count only once something has been held for a time, they may count from its first day, or only the days "
        "after that time. The two pay different sums, so one must be written. Rows that are counted have no such days.",
        """
        metric Job Entry
          kind       outcome
          counts     days of Jobs
          among      Service Users
          held       for 6 weeks from Started On
          banded by  Hours, as recorded
          dated      each day
        end metric
        """,
        """
        metric Job Entry
          kind       outcome
          counts     days of Jobs
          among      Service Users
          held       for 6 weeks from Started On, counting later days
          banded by  Hours, as recorded
          dated      each day
        end metric
        """,
    ),
    Code(
        "SIB0473",
        "net-of-days",
        "Net of which days is not said, or cannot be",
        "`net of` leaves out a day that another metric counts for the same person. The second reading, as many days less "
        "whenever they were, is closed by the words `on the same days`. Only days can be left out so, and of another metric.",
        """
        metric Short Days
          kind    outcome
          counts  days of Jobs
          among   Service Users
          dated   each day
        end metric

        metric Job Entry
          kind       outcome
          counts     days of Jobs
          among      Service Users
          net of     Short Days
          banded by  Hours, as recorded
          dated      each day
        end metric
        """,
        """
        metric Short Days
          kind     outcome
          counts   days of Jobs
          among    Service Users
          only if  Hours Per Week is less than 4
          dated    each day
        end metric

        payment Short Fee
          payer     Council
          payee     Charity
          for each  Short Days
          pays      £1
        end payment

        metric Job Entry
          kind       outcome
          counts     days of Jobs
          among      Service Users
          net of     Short Days, on the same days
          banded by  Hours, as recorded
          dated      each day
        end metric
        """,
    ),
    Code(
        "SIB0474",
        "window-half-said",
        "A window that nothing keeps to, or a line that keeps to one that is not there",
        "`window` says from when to when, for each person; `within window` says that what lies outside does not count. One "
        "without the other changes nothing, or says nothing.",
        """
        metric Job Entry
          kind       outcome
          counts     rows of Jobs
          among      Service Users
          window     638 days from joining date
          held       for 6 weeks from Started On
          dated      on the day after
          banded by  Hours, as recorded
        end metric
        """,
        """
        metric Job Entry
          kind       outcome
          counts     rows of Jobs
          among      Service Users
          window     638 days from joining date
          within     window
          held       for 6 weeks from Started On
          dated      on the day after
          banded by  Hours, as recorded
        end metric
        """,
    ),
    Code(
        "SIB0475",
        "any-day-of-what",
        "Days are asked for of rows that have none, or of nobody",
        "`any day of` looks at other rows of the same person, and at the days on which they last. The records must say how "
        "long a row lasts, and whose it is.",
        """
        records Visits
          one row per  Visit
          | column     | holds  | blank    |
          | Person ID  | person | rejected |
          | Visited On | date   | rejected |
        end records

        metric Job Entry
          kind        outcome
          counts      rows of Jobs
          among       Service Users
          not if      any day of Visits is in the 1 year before Started On
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
          not if      any day of Jobs is in the 1 year before Started On
          held        for 6 weeks from Started On
          dated       on the day after
          per person  first only, over all bands
          if tied     lowest Job ID
          banded by   Hours, as recorded
        end metric
        """,
    ),
)

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
)

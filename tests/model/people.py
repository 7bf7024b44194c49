"""People and one metric, and a sum that may fall below nought, for small contracts of tests that are about payment."""

PEOPLE = """\
records Jobs
  one row per Job
  | column     | holds  | blank    |
  | Person ID  | person | rejected |
  | Started On | date   | rejected |
end records

cohort People
  rows        Jobs
  joins on    Started On
  if several  earliest Started On
end cohort

metric Job
  kind        outcome
  counts      rows of Jobs
  among       People
  dated       Started On
  per person  first only
end metric
"""

SAVED = """
records Accounts
  one row per Account
  | column  | holds | blank    |
  | Made On | date  | rejected |
  | Saving  | money | rejected |
end records

metric Saved
  kind   outcome
  sums   Saving of Accounts
  dated  Made On
end metric
"""

"""A proof reckons with blanks: a floor that only measured figures keep is not proved."""

from sibdsl.check.rules.judge import Judge
from sibdsl.compile import compile_source
from sibdsl.model.parameters.in_force import as_written
from sibdsl.source import Source
from tests.frame import complete

CLAUSES = """
metric Job Start
  kind        output
  counts      rows of Jobs
  among       Service Users
  dated       Started On
  per person  first only
end metric

metric Share
  kind      outcome
  equals    Job Start divided by {by}
  measured  in each quarter
end metric

payment Job Fee
  payer     Council
  payee     Charity
  pays      £100 times Share
  at least  £50 in each quarter
end payment

rule Floor
  requires  payments from Council are at least £50
  tested    in each claim
  against   every quantity
end rule
"""


def says(by: str) -> str:
    contract = compile_source(Source("blank.sib", complete(CLAUSES.format(by=by)))).contract
    return Judge(contract, as_written(contract)).decide(contract.rules[0]).says


def test_a_share_of_a_fixed_number_is_always_there() -> None:
    assert says("20") == "holds"


def test_a_share_of_those_who_were_counted_may_be_blank_and_pay_nothing() -> None:
    assert says("Job Entry") != "holds"

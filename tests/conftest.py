"""Rings of tests, and how many examples each looks at.

`make quick` runs what takes a minute in all: the modules that tests/slow_modules.txt does not name, with few examples.
`make test` runs everything but what is marked `deep`, and repeats itself exactly: each property on examples enough to see a
plain fault. `make deep` looks far and wide. A test that makes its own cases or prices each many times asks for a share of the
profile's examples, so that it too looks further in `make deep`.
"""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import engine

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=25,
    print_blob=True,
    # Not which parts of an example matter: that traces every line that is run, for minutes.
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
settings.register_profile(
    "quick",
    settings.get_profile("ci"),
    max_examples=15,
)
settings.register_profile(
    "deep",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES") or 5_000),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
#: Seconds in which a failing example is made smaller, for each test that fails. `make deep` takes the library's own five minutes.
SHRINKING = 20
# The first failure as it was found: sooner than a small one.
settings.register_profile(
    "first",
    settings.get_profile("ci"),
    phases=[Phase.explicit, Phase.generate],
)
# Messages are as wide wherever they are tested, also where tests run side by side.
os.environ["COLUMNS"] = "100"
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
settings.load_profile(PROFILE)
if PROFILE != "deep":
    engine.MAX_SHRINKING_SECONDS = SHRINKING  # the library has no setting for it
# All that is made while tests are collected stays.
gc.disable()

TESTS = Path(__file__).parent
SLOW = frozenset((TESTS / "slow_modules.txt").read_text(encoding="utf-8").split())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow modules, so that `-m "not slow"` leaves them out."""
    for item in items:
        if item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).as_posix() in SLOW:
            item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the collector of unused objects off what is there for good: going through it took an eighth of all the time."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """Let the libraries clear up after themselves."""
    gc.unfreeze()

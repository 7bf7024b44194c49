"""Hypothesis profiles: the same few examples everywhere, or many new ones on request.

`HYPOTHESIS_PROFILE=deep pytest` looks far and wide; the default repeats itself exactly.
"""

import os

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=60,
    print_blob=True,
)
settings.register_profile(
    "deep",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# The first failure as it was found: minutes sooner than the smallest.
settings.register_profile(
    "first",
    settings.get_profile("ci"),
    phases=[Phase.explicit, Phase.generate],
)
# Messages are as wide wherever they are tested, also where tests run side by side.
os.environ["COLUMNS"] = "100"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

"""A short name for what a contract means, so that parties can sign one version and anyone can tell it from another."""

from __future__ import annotations

import json
from hashlib import sha256

from attrs import evolve

from sibdsl.model.nodes import Contract
from sibdsl.model.to_json import plain

#: Changes only when the same meaning comes to be written down otherwise, which a signed contract should never see.
FORM = "sibdsl.meaning/1"


def fingerprint(contract: Contract) -> str:
    """SHA-256, in hex, of the meaning: all that can change a payment, a rule or how a clause is cited.

    Layout, comments, file names, notes, reasons, sources and explanations take no part; nor do scenarios and
    examples, which try a contract and change nothing in it. Clause labels and the parties' own words do. A text that was
    read with other dates than its own has the fingerprint of the text as it is signed.
    """
    return contract.signed or sha256(meaning(contract).encode()).hexdigest()


def meaning(contract: Contract) -> str:
    """What is hashed: JSON with sorted keys and no spaces, so that one meaning has one spelling."""
    bare = evolve(contract, scenarios=(), examples=())
    form = {"form": FORM, "contract": plain(bare, meaning=True)}
    return json.dumps(form, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def short(fingerprint_: str) -> str:
    """The first eight digits as people read them out: `7f3a-91c2`."""
    return f"{fingerprint_[:4]}-{fingerprint_[4:8]}"

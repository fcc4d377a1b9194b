"""How many examples hypothesis makes up."""

from __future__ import annotations

import os

TIMES = float(os.environ.get("NFI_EXAMPLES", "0.5"))
"""Every number of examples is multiplied by this: 4 looks eight times as far as the usual run."""


def examples(usual: int) -> int:
    """The number of examples of a test whose usual number is this; at least one."""
    return max(1, round(usual * TIMES))

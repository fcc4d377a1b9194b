"""How many examples hypothesis makes up."""

from __future__ import annotations

import os

TIMES = float(os.environ.get("NFI_EXAMPLES", "1"))
"""Every number of examples is multiplied by this: 4 looks four times as far, and takes about as long."""


def examples(usual: int) -> int:
    """The number of examples of a test whose usual number is this; at least one."""
    return max(1, round(usual * TIMES))

"""pandera is loaded without pandas on Spark, and Spark can be used all the same."""

from __future__ import annotations

import subprocess
import sys


def test_a_check_loads_nothing_of_spark_and_leaves_it_to_be_loaded() -> None:
    asked = (
        "import sys; from specs.schema import ready_pandera; ready_pandera(); "
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'pyspark']; "
        "import pyspark"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", asked], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")

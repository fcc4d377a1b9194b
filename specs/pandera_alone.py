"""pandera, loaded without pandas on Spark.

pandera loads `pyspark.pandas` wherever PySpark is installed: a second of waiting and a warning, for something
that no check here uses.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_PANDAS_ON_SPARK = "pyspark.pandas"


@contextmanager
def _without_pandas_on_spark() -> Iterator[None]:
    """Have an import of pandas on Spark fail, as where PySpark is not installed; not if it is loaded."""
    if _PANDAS_ON_SPARK in sys.modules:
        yield
        return
    sys.modules[_PANDAS_ON_SPARK] = None  # type: ignore[assignment]  # how Python is told not to look
    try:
        yield
    finally:
        del sys.modules[_PANDAS_ON_SPARK]


# where Spark is loaded already, its first check asks for pandas on Spark all the same
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
with _without_pandas_on_spark():
    import pandera.pandas as pandera
    from pandera.typing import pyspark as _  # noqa: F401, which the first check would load

__all__ = ["pandera"]

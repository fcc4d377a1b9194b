"""What can go wrong with Spark, in one line each: what, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from specs.errors import NfiError, OutputUnwritable

LEAST_PYSPARK = (4, 1)
LEAST_JAVA = 17


class SparkUnusable(NfiError):
    """Spark is not there, or not in a version that can be used."""


class SparkUnreachable(NfiError):
    """A Spark server does not answer."""


class SparkFailed(NfiError):
    """Spark gave up."""


def not_installed() -> SparkUnusable:
    """PySpark or sqlglot is missing."""
    return SparkUnusable("Spark is not installed beside nfi. Install it: pip install 'nfi[spark]'.")


def pyspark_too_old(found: str) -> SparkUnusable:
    """PySpark lacks what is needed."""
    least = ".".join(map(str, LEAST_PYSPARK))
    return SparkUnusable(
        f"PySpark {found} is too old: {least} or later is needed. "
        "Install it: pip install --upgrade 'nfi[spark]'."
    )


def server_differs(server: str, client: str) -> SparkUnusable:
    """The server is older than its client or than what is needed."""
    return SparkUnusable(
        f"the Spark server has version {server}, PySpark here {client}. "
        f"Install the server's here (4.1 or later): pip install 'pyspark[connect]=={server}'."
    )


def no_java(where: str | None) -> SparkUnusable:
    """Java cannot be started."""
    place = (
        f"JAVA_HOME is {where}, and there is no Java in it" if where else "there is no Java on this machine"
    )
    return SparkUnusable(
        f"Spark runs on Java, and {place}. Install Java {LEAST_JAVA} or later "
        "(Debian, Ubuntu: openjdk-17-jre-headless; elsewhere: adoptium.net), or set JAVA_HOME to it."
    )


def java_too_old(found: int) -> SparkUnusable:
    """Java lacks what Spark needs."""
    return SparkUnusable(
        f"Java {found} is too old for Spark: {LEAST_JAVA} or later is needed. Install it "
        "(Debian, Ubuntu: openjdk-17-jre-headless; elsewhere: adoptium.net), or set JAVA_HOME to it."
    )


def unreachable(url: str) -> SparkUnreachable:
    """Nobody answers at a URL."""
    return SparkUnreachable(
        f"the Spark server {shown(url)} does not answer. Is the address right, is the server running, "
        "and may this machine reach it?"
    )


def not_allowed(url: str) -> SparkUnreachable:
    """A server answers, and refuses."""
    return SparkUnreachable(
        f"the Spark server {shown(url)} refuses the connection. Is the token in it right?"
    )


def workers_differ(theirs: str | None, ours: str) -> SparkUnusable:
    """Workers cannot run what is sent to them."""
    if theirs is None:
        return SparkUnusable(
            "Spark's workers have no nfi, or lack what it needs. Install on them what this machine has: "
            f"pip install nfi=={ours}."
        )
    return SparkUnusable(
        f"Spark's workers have nfi {theirs}, this machine has {ours}. "
        f"Install the same on both: pip install nfi=={ours}."
    )


def shown(url: str) -> str:
    """A URL without what may be a secret."""
    return url.partition(";")[0].partition("/;")[0].rstrip("/")


_DISK = re.compile(
    r"No space left on device|not enough space|Disk quota exceeded|DISK_FULL|ENOSPC", re.IGNORECASE
)
_TOO_LARGE = re.compile(r"maxResultSize|Total size of serialized results|RESULT_TOO_LARGE", re.IGNORECASE)
_MEMORY = re.compile(
    r"OutOfMemoryError|Java heap space|GC overhead limit|UNABLE_TO_ACQUIRE_MEMORY|MemoryError|"
    r"Container killed by YARN for exceeding|exitCode: 137|exit code 137|OOMKilled|ArrowMemoryError",
)
_LOST = re.compile(
    r"ExecutorLostFailure|Executor lost|SparkContext was shut down|SparkContext has been shut down|"
    r"Python worker exited unexpectedly|Connection refused|Py4JNetworkError|Error while sending or receiving|"
    r"Answer from Java side is empty|UNAVAILABLE|Job \d+ cancelled|session.*(closed|expired)",
    re.IGNORECASE,
)
_NO_MODULE = re.compile(r"No module named '(nfi|specs|matching|outputs|pyarrow|pydantic|rapidfuzz|numpy)")
_MISMATCH = re.compile(r"PYTHON_VERSION_MISMATCH|different minor version than that in driver")
_FAILED = re.compile(r"Job aborted|Task .* failed \d+ times|STAGE_MATERIALIZATION")


@contextmanager
def spark_faults() -> Iterator[None]:
    """What Spark raises inside, in words; what is a fault of nfi's own goes through.

    Raises:
        OutputUnwritable: no space for working files.
        SparkUnusable: workers cannot run nfi.
        SparkFailed: not enough memory, too large a result, a lost executor, a task that failed for good.
    """
    try:
        yield
    except NfiError:
        raise
    except Exception as fault:
        said = f"{type(fault).__name__}: {fault}"
        for pattern, made in _SAID:
            if pattern.search(said):
                raise made from fault
        if _FAILED.search(said) and not _is_ours(said):
            raise SparkFailed(
                "a task failed on Spark's workers each time it was tried. What failed is in their log; "
                "try again, or with fewer rows."
            ) from fault
        raise


_SAID: tuple[tuple[re.Pattern[str], NfiError], ...] = (
    (
        _DISK,
        OutputUnwritable(
            "the disk of Spark's working files is full. Free some space where spark.local.dir and its "
            "warehouse are, or name a larger disk."
        ),
    ),
    (
        _TOO_LARGE,
        SparkFailed(
            "a result is larger than what this machine may take from Spark. "
            "Allow more: spark.driver.maxResultSize, and spark.driver.memory with it."
        ),
    ),
    (
        _MEMORY,
        SparkFailed(
            "Spark has not enough memory for this step. Allow more (spark.executor.memory, "
            "spark.driver.memory; of a local Spark --memory), or use more partitions."
        ),
    ),
    (_NO_MODULE, workers_differ(None, version("nfi"))),
    (
        _MISMATCH,
        SparkUnusable(
            "Spark's workers run another version of Python than this machine. Install the same there, or set "
            "PYSPARK_PYTHON to it."
        ),
    ),
    (
        _LOST,
        SparkFailed(
            "Spark was lost: an executor or the server went away and did not come back. "
            "Look at its log for the reason, often too little memory, and run this again."
        ),
    ),
)


def _is_ours(said: str) -> bool:
    """Whether a function of nfi's failed, and not what runs it."""
    return "PythonException" in said

"""Sessions of Spark: one on this machine, or one on a server by Spark Connect."""

from __future__ import annotations

import importlib
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from matching.engines import spark_faults as faults
from matching.engines.duckdb import BATCH_ROWS
from specs.private_files import working_folder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TRIES = 4
"""How often a task is tried: on one machine Spark would try once."""
PATIENCE = 20
"""Seconds that a server has to answer."""
ASKED_AGAIN = 6
"""How often a server that went away is asked again, at growing distances: for a minute or two in all; the
client would go on for ten. What it had worked out is gone with it; only a network that failed comes back."""

SETTINGS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.skewJoin.enabled": "true",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.enforceReservedKeywords": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.execution.arrow.useLargeVarTypes": "false",
    "spark.sql.groupByAliases": "true",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.orderByOrdinal": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.storeAssignmentPolicy": "ANSI",
}
"""What the rows that come out depend on, and what keeps one key with many rows from filling one worker."""
_JAVA = "-XX:+UseParallelGC"
"""Spark's pages of memory are large pieces, for which Java's usual collector begins far too often."""
_QUIET_LOG = """status = error
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c: %m%n%ex
"""


@contextmanager
def local_session(
    folder: Path | None = None,
    *,
    memory: str = "2g",
    cores: int | str = "*",
    settings: dict[str, str] | None = None,
    java: str = "",
) -> Iterator[SparkSession]:
    """A session on this machine, ended with the block. It says nothing and leaves nothing behind.

    Args:
        folder: gets a private folder for all that Spark writes, gone with the session; None: the system's
            own place for temporary files.
        memory: of Spark, such as '4g'. Its Python workers come on top.
        cores: how many to use; '*': all.
        settings: Spark's own, over those made here.
        java: further options of Java, such as '-XX:TieredStopAtLevel=1' where only little is worked on.

    Raises:
        SparkUnusable: Spark or Java is missing or too old.
    """
    usable_pyspark()
    usable_java()
    with (
        working_folder((folder or Path(tempfile.gettempdir())).absolute()) as private,
        _started(private, {**_settings_on_disk(private, memory, java), **(settings or {})}, cores) as session,
    ):
        yield session


@contextmanager
def _started(private: Path, settings: dict[str, str], cores: int | str) -> Iterator[SparkSession]:
    with quiet():
        from pyspark import SparkConf, SparkContext  # noqa: PLC0415
        from pyspark.java_gateway import launch_gateway  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415

    conf = SparkConf(loadDefaults=False).setMaster(f"local[{cores},{_TRIES}]").setAppName("nfi")
    conf.setAll(list(settings.items()))
    with (private / "log").open("wb") as log, _python_of_workers():
        gateway: Any = launch_gateway(conf, {"stdout": log, "stderr": log})  # type: ignore[no-untyped-call]
        try:
            context = SparkContext(conf=conf, gateway=gateway)
        except BaseException:
            _end(gateway)
            raise
    session = SparkSession(context)
    try:
        yield session
    finally:
        with suppress(Exception):  # it may have gone before
            session.stop()
        _end(gateway)
        SparkContext._gateway = SparkContext._jvm = None  # so that another can be started


def _end(gateway: Any) -> None:
    """End the Java of a session."""
    with suppress(Exception):
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process:
        process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        if process.poll() is None:
            process.kill()


@contextmanager
def _python_of_workers() -> Iterator[None]:
    """Have workers run the Python that runs here."""
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYSPARK_PYTHON"]
        else:
            os.environ["PYSPARK_PYTHON"] = before


def _settings_on_disk(private: Path, memory: str, more_java: str) -> dict[str, str]:
    for name in ("work", "java", "warehouse"):
        (private / name).mkdir(mode=0o700)
    quiet = private / "log4j2.properties"
    quiet.write_text(_QUIET_LOG, encoding="ascii")
    places = f'-Dlog4j2.configurationFile="{quiet.as_uri()}" -Djava.io.tmpdir="{private / "java"}"'
    cores = os.cpu_count() or 1
    return {
        **SETTINGS,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"{places} {_JAVA} {more_java}",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.maxResultSize": "0",
        "spark.driver.memory": memory,
        "spark.local.dir": str(private / "work"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.codegen.cache.maxEntries": "2000",
        "spark.sql.shuffle.partitions": str(2 * cores),
        "spark.sql.warehouse.dir": (private / "warehouse").as_uri(),
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "1024",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


@contextmanager
def remote_session(url: str, *, patience: float = PATIENCE) -> Iterator[SparkSession]:
    """A session on a server, by Spark Connect, ended with the block.

    Args:
        url: such as 'sc://host:15002'.
        patience: seconds that the server has to answer.

    Raises:
        SparkUnusable: PySpark is missing, or of another version than the server.
        SparkUnreachable: nobody answers there, or refuses.
    """
    usable_pyspark()
    if urlsplit(url).scheme != "sc" or not urlsplit(url).hostname:
        raise faults.SparkUnreachable(
            f"{faults.shown(url)}: not the address of a Spark server. Write sc://host:15002."
        )
    session = _connected(url, patience)
    try:
        _ask_again(session)
        for name, value in SETTINGS.items():  # once, and not again for every query
            session.conf.set(name, value)
        yield session
    finally:
        with suppress(Exception), trying_once(session):  # the server may have gone
            session.stop()


def _ask_again(session: SparkSession) -> None:
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415

    client: Any = session.client
    client.set_retry_policies([DefaultPolicy(max_retries=ASKED_AGAIN)])


@contextmanager
def trying_once(session: SparkSession) -> Iterator[None]:
    """Have a server asked once, where the client would ask one that is gone again for ten minutes."""
    if not is_remote(session):
        yield
        return
    client: Any = session.client
    policies = client.get_retry_policies()
    client.set_retry_policies([])
    try:
        yield
    finally:
        client.set_retry_policies(policies)


def _connected(url: str, patience: float) -> SparkSession:
    """A session that has answered once."""
    with quiet():
        from pyspark.sql.connect.session import SparkSession as Remote  # noqa: PLC0415

    made: list[Any] = []
    answer: Future[str] = Future()

    def ask() -> None:
        try:
            with quiet():
                made.append(Remote.builder.remote(url).create())
                answer.set_result(str(made[0].version))
        except BaseException as fault:
            answer.set_exception(fault)

    Thread(target=ask, daemon=True).start()
    try:
        version = answer.result(timeout=patience)
        check_server(version)
    except BaseException as fault:
        for each in made:  # else it would be asked again when this process ends, for ten minutes
            with suppress(Exception):
                each.client.close()
        if isinstance(fault, faults.SparkUnusable) or not isinstance(fault, Exception):
            raise
        if re.search("UNAUTHENTICATED|PERMISSION_DENIED", str(fault)):
            raise faults.not_allowed(url) from fault
        raise faults.unreachable(url) from fault
    session: SparkSession = made[0]
    return session


def is_remote(session: SparkSession) -> bool:
    """Whether a session is one of Spark Connect."""
    return type(session).__module__.startswith("pyspark.sql.connect")


def usable_pyspark() -> None:
    """See that PySpark and sqlglot are there.

    Raises:
        SparkUnusable: they are not, or too old.
    """
    # nothing here goes through pandas
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    # what is set has to hold wherever a session is from
    warnings.filterwarnings("ignore", "The SQL config '.*' has been deprecated", UserWarning)
    # a server that went away is told in words
    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]", UserWarning)
    try:
        with quiet():
            version = importlib.import_module("pyspark").__version__
            for name in ("sqlglot", "pyspark.sql", "grpc", "zstandard"):
                importlib.import_module(name)
    except ImportError as fault:
        raise faults.not_installed() from fault
    if _numbers(version) < faults.LEAST_PYSPARK:
        raise faults.pyspark_too_old(version)


def check_server(version: str) -> None:
    """See that the server of a session has the version of PySpark here.

    Raises:
        SparkUnusable: it has another.
    """
    client = importlib.import_module("pyspark").__version__
    if _numbers(version) != _numbers(client) or _numbers(version) < faults.LEAST_PYSPARK:
        raise faults.server_differs(version, client)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def usable_java() -> None:
    """See that there is a Java that Spark runs on.

    Raises:
        SparkUnusable: there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not java:
        raise faults.no_java(None)
    try:
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as fault:
        raise faults.no_java(home) from fault
    found = re.search(r'version "(?:1\.)?(\d+)', asked.stderr + asked.stdout)
    if found and int(found[1]) < faults.LEAST_JAVA:
        raise faults.java_too_old(int(found[1]))


@contextmanager
def quiet() -> Iterator[None]:
    """Leave out PySpark's log of faults: they are told in words."""
    log = logging.getLogger("SQLQueryContextLogger")
    was_off, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was_off

"""A Spark Connect server of its own process: it gives what DuckDB gives, also where it loses workers, and is
told of when it goes away itself."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bench.ledger import HISTORY
from bench.lost_workers import EXECUTORS, PYTHONS, losing_workers
from bench.same_results import differences, run_on
from bench.spark_extracts import extracts_of_sample
from matching.engines import spark_session
from matching.engines.duckdb import DuckDBEngine
from matching.engines.spark import SparkEngine
from matching.engines.spark_faults import SparkFailed, SparkUnusable
from matching.engines.spark_session import remote_session, usable_java

pytestmark = pytest.mark.xdist_group("spark")

REPORTS = ("same-creditor-invoice-amount",)
PAYMENTS = 1_000
STARTING = 120
"""Seconds that a server may take to listen."""
BETWEEN_LOSSES = 4.0
"""Seconds."""
QUICK = "-XX:TieredStopAtLevel=1"


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it as the system does when memory runs out."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server on this machine with two executors, gone with the test."""
    try:
        usable_java()
    except SparkUnusable as reason:
        pytest.skip(str(reason))
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.extraJavaOptions": QUICK,
        "spark.driver.host": "127.0.0.1",
        "spark.executor.extraJavaOptions": QUICK,
        "spark.local.dir": tmp_path / "local",
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.warehouse.dir": tmp_path / "warehouse",
        "spark.ui.enabled": "false",
    }
    found = importlib.util.find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    submit = Path(found.origin).parent / "bin" / "spark-submit"
    command = [submit, "--master", "local-cluster[2,1,1024]", "--driver-memory", "1g"]
    command += [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
    log = tmp_path / "server.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
            cwd=tmp_path,
            env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        )
    made = Server(f"sc://127.0.0.1:{port}", process, log)
    try:
        until = time.monotonic() + STARTING
        while not _listens(port):
            assert process.poll() is None, log.read_text(errors="replace")[-2_000:]
            assert time.monotonic() < until, log.read_text(errors="replace")[-2_000:]
            time.sleep(0.2)
        yield made
    finally:
        made.kill()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="workers are found by what Linux says of processes")
def test_a_server_that_loses_workers_gives_what_duckdb_gives(server: Server, tmp_path: Path) -> None:
    extracts = {HISTORY: extracts_of_sample(tmp_path, PAYMENTS)[HISTORY]}
    here = run_on(DuckDBEngine(), extracts, tmp_path / "here", REPORTS)
    with (
        remote_session(server.url) as session,
        SparkEngine(session, driver_rows=0) as engine,
        losing_workers(server.process.pid, BETWEEN_LOSSES) as killed,
    ):
        there = run_on(engine, extracts, tmp_path / "there", REPORTS)
    assert killed[EXECUTORS]
    assert killed[PYTHONS]
    assert "Lost task" in server.log.read_text(errors="replace")
    assert pq.read_metadata(here.work / "matches" / "cases.parquet").num_rows
    assert differences(here, there) == []


def test_a_server_that_goes_away_is_told_of(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "ASKED_AGAIN", 1)
    with remote_session(server.url) as session, SparkEngine(session, driver_rows=0) as engine:
        assert engine.sql("select 1 as n")["n"].to_pylist() == [1]
        server.kill()
        with pytest.raises(SparkFailed, match="the server went away"):
            engine.sql("select 2 as n")

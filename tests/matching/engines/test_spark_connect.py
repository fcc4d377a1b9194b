"""A Spark Connect server of its own process: it gives what DuckDB gives, and is told of when it goes away."""

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
from bench.spark_equal import differences, extracts_of_sample, run_on
from matching.engines import spark_session
from matching.engines.duckdb import DuckDBEngine
from matching.engines.spark import SparkEngine
from matching.engines.spark_faults import SparkFailed, SparkUnusable
from matching.engines.spark_session import remote_session, usable_java

REPORTS = ("same-creditor-invoice-amount",)
PAYMENTS = 1_000
STARTING = 120
"""Seconds that a server may take to listen."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it as the system does when memory runs out."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server on this machine, gone with the test."""
    try:
        usable_java()
    except SparkUnusable as reason:
        pytest.skip(str(reason))
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": tmp_path / "local",
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.warehouse.dir": tmp_path / "warehouse",
        "spark.ui.enabled": "false",
    }
    found = importlib.util.find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    submit = Path(found.origin).parent / "bin" / "spark-submit"
    command = [submit, "--master", "local[2]", "--driver-memory", "1g"]
    command += ["--driver-java-options", "-XX:TieredStopAtLevel=1"]
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
    made = Server(f"sc://127.0.0.1:{port}", process)
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


@pytest.mark.xdist_group("spark")
def test_a_server_gives_what_duckdb_gives_and_is_told_of_when_it_goes(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extracts = {HISTORY: extracts_of_sample(tmp_path, PAYMENTS)[HISTORY]}
    here = run_on(DuckDBEngine(), extracts, tmp_path / "here", REPORTS)
    monkeypatch.setattr(spark_session, "ASKED_AGAIN", 1)
    with remote_session(server.url) as session, SparkEngine(session, driver_rows=0) as engine:
        there = run_on(engine, extracts, tmp_path / "there", REPORTS)
        assert pq.read_metadata(here.work / "matches" / "cases.parquet").num_rows
        assert differences(here, there) == []
        server.kill()
        with pytest.raises(SparkFailed, match="the server went away"):
            engine.sql("select 1 as n")

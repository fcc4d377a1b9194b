"""What goes wrong with Spark is told in one line that says what to do."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from typing import Any

import pytest

from matching.engines.spark_faults import (
    SparkFailed,
    SparkUnreachable,
    SparkUnusable,
    shown,
    spark_faults,
    workers_differ,
)
from matching.engines.spark_session import check_server, remote_session, usable_java, usable_pyspark
from specs.errors import NfiError, OutputUnwritable


@pytest.mark.parametrize(
    ("said", "kind", "advice"),
    [
        ("Job aborted: java.io.IOException: No space left on device", OutputUnwritable, "Free some space"),
        (
            "Total size of serialized results of 9 tasks is bigger than spark.driver.maxResultSize",
            SparkFailed,
            "maxResultSize",
        ),
        ("java.lang.OutOfMemoryError: Java heap space", SparkFailed, "executor.memory"),
        ("ExecutorLostFailure (executor 3 exited): Slave lost", SparkFailed, "went away"),
        (
            "Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times",
            SparkFailed,
            "each time it was tried",
        ),
        ("ModuleNotFoundError: No module named 'matching'", SparkUnusable, "pip install nfi"),
        ("[PYTHON_VERSION_MISMATCH] Python in worker has different version", SparkUnusable, "PYSPARK_PYTHON"),
    ],
)
def test_a_fault_of_spark_is_one_line_with_advice(said: str, kind: type[NfiError], advice: str) -> None:
    with pytest.raises(kind, match=advice) as caught, spark_faults():
        raise RuntimeError(f"An error occurred\n{said}\n\tat org.apache.spark")
    assert "\n" not in str(caught.value)


def test_a_fault_of_our_own_stays_what_it_is() -> None:
    with pytest.raises(KeyError), spark_faults():
        raise KeyError("ours")
    with pytest.raises(RuntimeError, match="PythonException"), spark_faults():
        raise RuntimeError("Job aborted: Task 3 failed 4 times: PythonException: KeyError: 'ours'")


@pytest.mark.parametrize("missing", ["pyspark", "sqlglot"])
def test_without_pyspark_or_sqlglot_it_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = importlib.import_module

    def lacking(name: str) -> Any:
        if name == missing:
            raise ModuleNotFoundError(name)
        return whole(name)

    monkeypatch.setattr(importlib, "import_module", lacking)
    with pytest.raises(SparkUnusable, match=r"pip install 'nfi\[spark\]'"):
        usable_pyspark()


def test_an_old_pyspark_or_another_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyspark  # noqa: PLC0415

    check_server(pyspark.__version__)
    with pytest.raises(SparkUnusable, match=r"server has version 3\.5\.1"):
        check_server("3.5.1")
    monkeypatch.setattr(pyspark, "__version__", "4.0.2")
    with pytest.raises(SparkUnusable, match=r"PySpark 4\.0\.2 is too old"):
        usable_pyspark()


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(SparkUnusable, match=r"JAVA_HOME is .*nowhere"):
        usable_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SparkUnusable, match=r"no Java on this machine.*openjdk-17"):
        usable_java()


@pytest.mark.parametrize(
    ("version", "is_old"), [("1.8.0_392", True), ("11.0.2", True), ("17.0.15", False), ("21", False)]
)
def test_an_old_java_is_refused(
    version: str, is_old: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2024-01-01' >&2\n", encoding="ascii")
    java.chmod(0o700)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if is_old:
        with pytest.raises(SparkUnusable, match="is too old for Spark: 17"):
            usable_java()
    else:
        usable_java()


def test_a_server_that_does_not_answer_is_given_up_soon() -> None:
    begun = time.monotonic()
    with (
        pytest.raises(SparkUnreachable, match=r"sc://127\.0\.0\.1:9 does not answer"),
        remote_session("sc://127.0.0.1:9/;token=secret", patience=2),
    ):
        pass
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("url", ["localhost:15002", "http://localhost:15002", "sc://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SparkUnreachable, match="Write sc://host:15002"), remote_session(url):
        pass


def test_no_token_is_shown() -> None:
    assert shown("sc://host:15002/;token=secret;use_ssl=true") == "sc://host:15002"


def test_workers_with_another_nfi_are_named() -> None:
    assert "nfi 0.0.9" in str(workers_differ("0.0.9", "0.1.0"))
    assert "pip install nfi==0.1.0" in str(workers_differ(None, "0.1.0"))

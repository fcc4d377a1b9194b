"""Where large work runs: on this machine, or on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from specs.engine import Engine
from specs.engine_extract import ExtractEngine
from specs.errors import NfiError


class EngineName(StrEnum):
    """The engines that there are, as a person names them."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class EngineUnclear(NfiError):
    """What was said about the engine does not go together."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What a person says about where large work runs."""

    name: EngineName = EngineName.DUCKDB
    remote: str | None = None
    """The address of a Spark Connect server, such as 'sc://host:15002'; None: Spark runs on this machine."""
    memory: str | None = None
    """How much the engine may use on this machine, such as '4GB'; None: what the engine finds fit."""

    def __post_init__(self) -> None:
        if self.remote and self.name is not EngineName.SPARK:
            raise EngineUnclear(f"--remote {self.remote}: is for Spark. Add --engine spark.")


THIS_MACHINE = EngineChoice()


def uses_this_disk(wanted: EngineChoice | Engine) -> bool:
    """Whether an engine is known to put what does not fit into memory onto the disk that it is told."""
    return isinstance(wanted, EngineChoice) and wanted.name is EngineName.DUCKDB


def reads_extracts(wanted: EngineChoice | Engine) -> bool:
    """Whether an engine reads extracts itself, from places that it alone may know."""
    if isinstance(wanted, EngineChoice):
        return wanted.name is EngineName.SPARK
    return isinstance(wanted, ExtractEngine)


@contextmanager
def running(wanted: EngineChoice | Engine, folder: Path) -> Iterator[Engine]:
    """An engine that is ready: one that a caller has already, or one that is gone again at the end.

    Args:
        wanted: an engine, such as `SparkEngine(spark)` in a notebook; or what a person says about one.
        folder: private; for working files.

    Raises:
        NfiError: what Spark needs is not installed, or cannot be reached.
    """
    # each takes long to load, and only one is wanted
    if not isinstance(wanted, EngineChoice):
        yield wanted
    elif wanted.name is EngineName.DUCKDB:
        from matching.engines.duckdb import DuckDBEngine  # noqa: PLC0415

        yield DuckDBEngine(temporary=folder, memory=wanted.memory)
    else:
        from matching.engines.limits import memory_of  # noqa: PLC0415
        from matching.engines.spark import SparkEngine  # noqa: PLC0415
        from matching.engines.spark_session import local_session, remote_session  # noqa: PLC0415

        if wanted.remote:
            session = remote_session(wanted.remote)
        elif wanted.memory:
            session = local_session(folder, memory=f"{memory_of(wanted.memory) >> 20}m")
        else:
            session = local_session(folder)
        with session as spark, SparkEngine(spark) as engine:
            yield engine

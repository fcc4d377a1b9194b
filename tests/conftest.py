"""What tests of every room share: the command line as a person meets it, a small sample, real data."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from nfi.__main__ import main
from nfi.sample import SampleSummary, make_sample
from tests.examples import examples
from tests.typed import Nfi, Outcome

# How long something takes is measured in bench/, where nothing else runs.
settings.register_profile("nfi", deadline=None, max_examples=examples(16))
settings.load_profile("nfi")

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from matching.engines.spark import SparkEngine

REAL_DATA = Path(__file__).parents[1].parent / "shared" / "data"


@pytest.fixture
def nfi(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Nfi:
    """Run a command as typed: arguments in; exit code, standard output and standard error out."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["nfi", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """A small sample with every kind of thing planted. Read it; do not change it."""
    folder = tmp_path_factory.mktemp("sample")
    return make_sample(folder, employees=300, creditors=400, payments=3_000, seed=11)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real ledgers; tests that need it are skipped where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("real ledgers are not part of the project: no ../shared/data beside it")
    return REAL_DATA


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One Spark for all tests that need it, which are in the xdist group "spark": each worker has its own."""
    from matching.engines.spark_faults import SparkUnusable  # noqa: PLC0415
    from matching.engines.spark_session import local_session, usable_java  # noqa: PLC0415

    try:
        usable_java()
    except SparkUnusable as reason:
        pytest.skip(str(reason))
    # of a few rows each: compiling a query takes longer than going through it as it stands
    settings = {
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    quick = "-XX:TieredStopAtLevel=1"
    folder = tmp_path_factory.mktemp("spark")
    with local_session(folder, memory="1g", cores=2, settings=settings, java=quick) as session:
        yield session


@pytest.fixture(scope="session")
def spark_engine(spark_session: SparkSession) -> Iterator[SparkEngine]:
    """The engine over it. It asks small tables as well, which it would leave to DuckDB otherwise."""
    from matching.engines.spark import SparkEngine  # noqa: PLC0415

    with SparkEngine(spark_session, driver_rows=0) as engine:
        yield engine

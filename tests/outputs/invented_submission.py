"""Data sets as a check leaves them, and packages of them; every value is invented.

Records go through the real check as a file of a submission does: text under the published names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyzipper

from matching.engines.duckdb import DuckDBEngine
from outputs.sealed.age_keys import Recipients
from outputs.submitted.checked_data_set import CheckedDataSet
from outputs.submitted.manifest import CheckRun
from outputs.submitted.recheck import SentFile
from outputs.submitted.submission import Progress, SubmissionSummary, SubmissionTerms, build_submission
from outputs.written.spec_format import TYPES, NegativeSign, as_specified
from outputs.written.written_form import WrittenForm
from specs.catalogues import CATALOGUE, load_specification
from specs.check import CheckTerms, check_extracts
from specs.lookups import LookupTable
from specs.mapping import as_sent
from specs.parts import SaidPart, assign_parts
from specs.read import ExtractFormat
from specs.specification import CURRENT_EXERCISE, CharacterSet, Specification, read_specification

GOLDEN = Path(__file__).parents[1] / "golden" / "submission"
ALLOTMENTS_FILE = GOLDEN / "specification.yaml"
ALLOTMENTS = read_specification(ALLOTMENTS_FILE)
"""Plot, Tenant, Let since, Rent, Hours of water, Remarks: every format occurs."""
PASSPHRASE = "orbit-lantern-velvet-moss"
BODY = "Anytown Parish Council"
DAY = date(2026, 10, 1)
UTF_8 = WrittenForm(characters=CharacterSet.UTF_8)

Row = tuple[object, ...]
ROWS: Sequence[Row] = (
    ("007", "Nadia O'Neill", date(2019, 4, 1), 4250, 1600, None),
    ("012", 'Owen "Digger" Price, jnr', date(2024, 2, 29), -1200, None, "two sheds\nand a pond"),
    ("101", "Zoë Müller", None, 0, 50, None),
)
TWO_FAULTS: Sequence[Row] = (*ROWS, ("102", None, None, 1, 1, None), ("102", "Ivy Fell", None, 2, None, None))
"""With a tenant who is missing and a plot that stands twice: an error each of two checks."""


def typed(rows: Sequence[Row], specification: Specification = ALLOTMENTS) -> pa.RecordBatch:
    """Typed records of the specification's columns."""
    schema = pa.schema([(field.column, TYPES[field.format]) for field in specification.fields])
    return pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)


def extract_of(
    records: pa.RecordBatch, specification: Specification, name: str, absent: Sequence[str] = ()
) -> SentFile:
    """Typed records as an extract that has them under the published names, but for those that are absent."""
    fields = [field for field in specification.fields if field.name not in absent]
    written = [
        as_specified(records.column(field.column), field.format, NegativeSign.LEADING).cast(pa.string())
        for field in fields
    ]
    text = pa.RecordBatch.from_arrays(written, names=[field.name for field in fields])

    content = repr((name, text.to_pylist())).encode()

    def columns() -> Iterator[pa.RecordBatch]:
        if text.num_rows:
            yield text

    return SentFile(
        path=PurePosixPath(name),
        sha256=sha256(content).hexdigest(),
        bytes=len(content),
        format=ExtractFormat("comma-separated", encoding="UTF-8"),
        headings=tuple(text.schema.names),
        first_row=2,
        columns=columns,
    )


def checked_records(
    folder: Path,
    extracts: Mapping[str, pa.RecordBatch],
    specification: Specification = ALLOTMENTS,
    *,
    parts: Sequence[SaidPart] = (),
    absent: Sequence[str] = (),
    lookups: Mapping[str, LookupTable] | None = None,
    others: Mapping[str, Path] | None = None,
    **more: Any,
) -> CheckedDataSet:
    """Check typed records, by the name of their extract; `more` is what the package knows besides."""
    result = check_extracts(
        [extract_of(records, specification, name, absent) for name, records in extracts.items()],
        specification,
        as_sent(specification, absent=tuple(absent), not_held=()),
        CheckTerms(
            today=DAY,
            others=dict(others or {}),
            lookups={column: table.codes for column, table in (lookups or {}).items()} or None,
        ),
        workspace=folder,
        engine=DuckDBEngine(temporary=folder),
    )
    given = {
        "specification": specification,
        "specification_file": file_of(specification),
        "records": result.records,
        "record": result.record,
        "run": CheckRun(tool="nfi 0.0.0", libraries={}, made_from={"day": DAY.isoformat()}),
        "lookups": dict(lookups or {}),
        "parts": assign_parts(specification, result.record, tuple(parts)).parts,
    }
    return CheckedDataSet(**(given | more))  # type: ignore[arg-type]


def file_of(specification: Specification) -> Path:
    """The catalogue file of a specification."""
    if specification.dataset == ALLOTMENTS.dataset:
        return ALLOTMENTS_FILE
    return CATALOGUE / specification.exercise / f"{specification.dataset}.yaml"


def allotments(folder: Path, rows: Sequence[Row] = ROWS, **more: Any) -> CheckedDataSet:
    """Allotments as their check leaves them in a folder."""
    return checked_records(folder, {"allotments-extract.csv": typed(rows)}, **more)


def of_catalogue(folder: Path, dataset: str, exercise: str = CURRENT_EXERCISE) -> CheckedDataSet:
    """A data set of the catalogue with two records, in which no more than their references is filled."""
    specification = load_specification(dataset, exercise)
    return checked_records(folder, {f"{dataset}.csv": referring(specification, "1", "2")}, specification)


def referring(specification: Specification, *references: str) -> pa.RecordBatch:
    """Typed records with nothing but a reference each, in the first field."""
    blanks = [None] * (len(specification.fields) - 1)
    return typed([(reference, *blanks) for reference in references], specification)


def pensions(folder: Path) -> CheckedDataSet:
    """Pensioners and deferred pensions, checked as one data set of two extracts; no gratuities."""
    specification = load_specification("pensions")

    return checked_records(
        folder,
        {
            "deferred.csv": referring(specification, "P7", "P8"),
            "current.csv": referring(specification, "P1", "P2", "P3"),
        },
        specification,
        parts=(SaidPart("pensions", 3, "deferred.csv"), SaidPart("pensions", 1, "current.csv")),
    )


def package_of(
    data_sets: CheckedDataSet | Sequence[CheckedDataSet],
    target: Path,
    *,
    seal: str | Recipients | Callable[[], str] = PASSPHRASE,
    overwrite: bool = False,
    sign: Callable[[bytes], bytes] | None = None,
    placed: Callable[[], None] = lambda: None,
    progress: Progress = lambda _: None,
    **terms: Any,
) -> SubmissionSummary:
    """Package data sets; `terms` are those of a `SubmissionTerms`."""
    return build_submission(
        [data_sets] if isinstance(data_sets, CheckedDataSet) else data_sets,
        target,
        SubmissionTerms(**({"body": BODY} | terms)),
        seal=seal,
        engine=lambda folder: DuckDBEngine(temporary=folder),
        sign=sign,
        overwrite=overwrite,
        placed=placed,
        progress=progress,
    )


def contents(package: Path, passphrase: str = PASSPHRASE) -> dict[str, bytes]:
    """Every file of a package, in the order in which they stand in it."""
    with pyzipper.AESZipFile(package) as archive:
        archive.setpassword(passphrase.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def unpacked(package: Path, folder: Path) -> Path:
    """A folder with every file of a package."""
    for name, content in contents(package).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder

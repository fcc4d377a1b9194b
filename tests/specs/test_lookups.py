"""Look-up tables of coded fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.engines.duckdb import DuckDBEngine
from specs.catalogues import load_specification
from specs.check_record import CheckRecord, FindingCount
from specs.errors import MappingInvalid
from specs.lookups import (
    GivenLookup,
    LookupIncomplete,
    LookupNotUsable,
    LookupTable,
    add_lookup,
    coded_without_table,
    read_lookup,
)
from specs.parse import record_schema
from specs.specification import Severity

PAYROLL = load_specification("payroll")


def table(folder: Path, text: str) -> Path:
    file = folder / "departments.csv"
    file.write_bytes(text.encode())
    return file


def checked(folder: Path, departments: Sequence[str | None]) -> Path:
    """Checked records of a payroll that say nothing but the department."""
    file = folder / "payroll.parquet"
    rows = [{"source_row": row, "department": each} for row, each in enumerate(departments, start=2)]
    pq.write_table(pa.Table.from_pylist(rows, schema=record_schema(PAYROLL)), file)
    return file


def test_the_first_column_holds_codes_and_the_second_meanings_in_the_order_given(tmp_path: Path) -> None:
    file = table(tmp_path, "Code,Meaning,Since\n02,Housing,2020\n 01 , Roads,\n02,Housing,2021\n")
    lookup = read_lookup(file)
    assert list(lookup.meanings.items()) == [("02", "Housing"), ("01", "Roads")]
    assert lookup.codes == {"01", "02"}
    assert "Housing" not in repr(lookup)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("Code\n01\n", "needs two columns", id="no meanings"),
        pytest.param("Code,Meaning\n01,Housing\n,Roads\n", "row 3 has no code", id="no code"),
        pytest.param("Code,Meaning\n01,\n", "row 2 has no meaning", id="no meaning"),
        pytest.param(
            "Code,Meaning\n01,Housing\n01,Roads\n", "row 3 gives a code a second", id="two meanings"
        ),
        pytest.param("", "is empty", id="nothing in it"),
        pytest.param("code,meaning\r\n", "no records", id="headings only"),
    ],
)
def test_a_table_that_explains_nothing_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(MappingInvalid, match=fault):
        read_lookup(table(tmp_path, text))


def test_a_table_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"departments\.csv: is not there"):
        read_lookup(tmp_path / "departments.csv")


def test_it_is_written_whole_as_csv() -> None:
    lookup = LookupTable({"007": "Spies, inc.", "=1+1": 'so-called "formula"', "Ü": "two\nlines"})
    assert lookup.as_csv().decode() == (
        'code,meaning\r\n007,"Spies, inc."\r\n=1+1,"so-called ""formula"""\r\nÜ,"two\nlines"\r\n'
    )


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


@given(st.dictionaries(texts, texts))
def test_what_is_written_is_what_python_reads_from_it(meanings: dict[str, str]) -> None:
    text = LookupTable(meanings).as_csv().decode()
    headings, *rows = csv.reader(io.StringIO(text, newline=""))
    assert headings == ["code", "meaning"]
    assert [tuple(row) for row in rows] == list(meanings.items())


@given(st.dictionaries(texts, texts, min_size=1))
@example({"T": "Total"})
@example({"1": "2"})
@example({"End of report": "Yes"})
def test_what_is_written_is_the_same_table_when_it_is_given_again(meanings: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        written = Path(folder) / "again.csv"
        written.write_bytes(LookupTable(meanings).as_csv())
        assert read_lookup(written) == LookupTable(meanings)


def test_a_table_of_ones_own_is_read_whatever_it_has_in_common_with_one_of_nfi(tmp_path: Path) -> None:
    file = tmp_path / "departments.csv"
    file.write_bytes(b"code,meaning\r\n 01 ,Roads\r\n02,Housing,2020\r\n\r\n01,Roads\r\n")
    with pytest.raises(MappingInvalid, match="row 3"):
        read_lookup(file)
    file.write_bytes(b"code,meaning\r\n 01 ,Roads\r\n\r\n02,Housing\r\n01,Roads\r\n")
    assert read_lookup(file) == LookupTable({"01": "Roads", "02": "Housing"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("payroll:Department=departments.csv", ("payroll", "Department", "departments.csv")),
        (r" payroll : Sex = C:\codes\sex=1.csv", ("payroll", "Sex", r"C:\codes\sex=1.csv")),
    ],
)
def test_a_table_is_named_with_data_set_and_field(text: str, expected: tuple[str, str, str]) -> None:
    given = GivenLookup.parse(text)
    assert (given.dataset, given.field, given.path) == (*expected[:2], Path(expected[2]))


@pytest.mark.parametrize("text", ["", "departments.csv", "Department=x.csv", "payroll:=x", "payroll:Sex="])
def test_a_table_named_otherwise_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(LookupNotUsable, match=r'such as --lookup "payroll:Department=departments\.csv"'):
        GivenLookup.parse(text)


def test_a_table_given_late_has_to_explain_every_code_whatever_its_case(tmp_path: Path) -> None:
    records = checked(tmp_path, ["ED", " ed ", None, "soc"])
    file = table(tmp_path, "Code,Meaning\nEd,Education\nSOC,Social services\nX,Unused\n")
    field, lookup = add_lookup(file, "department", PAYROLL, records, DuckDBEngine())
    assert (field.column, lookup.codes) == ("department", frozenset({"Ed", "SOC", "X"}))


def test_what_it_lacks_is_counted_and_not_quoted(tmp_path: Path) -> None:
    records = checked(tmp_path, ["ED", "secret", "SECRET ", "X9", None])
    with pytest.raises(LookupIncomplete) as caught:
        add_lookup(
            table(tmp_path, "Code,Meaning\nED,Education\n"), "Department", PAYROLL, records, DuckDBEngine()
        )
    said = str(caught.value)
    assert "lacks 2 of the codes that payroll has for 'Department', in 3 records" in said
    assert "secret" not in said.casefold()
    assert "X9" not in said
    assert "\n" not in said
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("Departmnt", "has no field 'Departmnt'; did you mean 'Department'?"),
        ("Date of birth", "is no text, so it holds no codes"),
        ("Gross pay to date", "is no text, so it holds no codes"),
    ],
)
def test_only_a_field_of_text_can_have_a_table(tmp_path: Path, field: str, says: str) -> None:
    file = table(tmp_path, "Code,Meaning\nED,Education\n")
    with pytest.raises(LookupNotUsable) as caught:
        add_lookup(file, field, PAYROLL, checked(tmp_path, ["ED"]), DuckDBEngine())
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


def test_the_coded_fields_without_a_table_are_those_that_the_check_found() -> None:
    found = [("codes_without_lookup", "Sex"), ("nino", "Department"), ("codes_without_lookup", "Department")]
    record = CheckRecord(
        dataset="payroll",
        exercise="2026-27",
        specification=PAYROLL.label,
        specification_digest=PAYROLL.digest,
        files=(),
        mapping_sha256=None,
        records_sha256="0" * 64,
        rows=3,
        findings=tuple(
            FindingCount(code=code, severity=Severity.WARNING, field=name, count=1, first_row=None)
            for code, name in found
        ),
        version="0",
    )
    assert coded_without_table(record) == ("Sex", "Department")

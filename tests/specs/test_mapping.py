"""Mappings from the headings of an extract to the fields of a specification."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.amounts import MoneyFormat
from specs.catalogues import datasets, load_specification
from specs.errors import MappingInvalid
from specs.headings import heading_signature
from specs.mapping import Mapping, matching_mapping, own_headings, read_mapping
from specs.specification import Specification

HISTORY = load_specification("creditors-history")
STANDING = load_specification("creditors-standing")
PAYROLL = load_specification("payroll")
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "mappings"

SMALL = """
dataset: creditors-history
fields:
  Creditor reference: Supplier
"""


def read(folder: Path, text: str, specification: Specification = HISTORY) -> Mapping:
    path = folder / "ledger.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, specification)


def batch(**columns: list[str]) -> pa.RecordBatch:
    """Records as an extract gives them; underscores in names stand for spaces."""
    rows = len(next(iter(columns.values())))
    arrays = [pa.array(range(2, rows + 2), pa.int64())]
    arrays += [pa.array(values, pa.string()) for values in columns.values()]
    return pa.RecordBatch.from_arrays(arrays, ["source_row", *(name.replace("_", " ") for name in columns)])


def test_fields_come_in_the_order_of_the_specification_under_their_column_names(tmp_path: Path) -> None:
    mapping = read(
        tmp_path,
        """
        dataset: creditors-history
        fields:
          Remarks: Notes
          Total invoice amount: Gross
          Creditor reference: Supplier
        """,
    )
    applied = mapping.apply(batch(Gross=["1.50"], Other=["x"], Supplier=["00123"], Notes=[" as is "]))
    assert applied.to_pylist() == [
        {"source_row": 2, "creditor_reference": "00123", "total_invoice_amount": "1.50", "remarks": " as is "}
    ]
    assert applied.schema.field("remarks").type == pa.string()


def test_everything_that_a_mapping_can_say_is_kept(tmp_path: Path) -> None:
    text = """
        dataset: creditors-history
        title: Our ledger
        fields:
          Creditor reference: Supplier
        not_held: [VAT amount, due date]
        date_format: [dd/mm/yyyy, dd-mmm-yy]
        money_format: pounds
        distinct: true
        """
    mapping = read(tmp_path, text)
    assert mapping.title == "Our ledger"
    assert mapping.not_held == ("VAT amount", "Due date")
    assert mapping.date_format == ("dd/mm/yyyy", "dd-mmm-yy")
    assert mapping.money_format is MoneyFormat.POUNDS
    assert mapping.distinct is True
    assert mapping.digest == hashlib.sha256(text.encode()).hexdigest()


def test_what_a_mapping_does_not_say_is_left_open(tmp_path: Path) -> None:
    mapping = read(tmp_path, SMALL)
    assert (mapping.not_held, mapping.date_format, mapping.money_format, mapping.distinct) == (
        (),
        (),
        None,
        False,
    )


@pytest.mark.parametrize("heading", ["supplier name", " SUPPLIER  NAME ", "Supplier_Name", "Supplier-name:"])
def test_headings_are_the_same_whatever_their_case_spaces_and_punctuation(
    tmp_path: Path, heading: str
) -> None:
    mapping = read(tmp_path, "{dataset: creditors-history, fields: {Creditor reference: Supplier Name}}")
    arrays = [pa.array([2], pa.int64()), pa.array(["x"])]
    applied = mapping.apply(pa.RecordBatch.from_arrays(arrays, ["source_row", heading]))
    assert applied["creditor_reference"].to_pylist() == ["x"]


def test_an_exact_heading_wins_over_one_that_is_nearly_the_same(tmp_path: Path) -> None:
    mapping = read(tmp_path, "{dataset: creditors-history, fields: {Creditor reference: supplier}}")
    applied = mapping.apply(batch(Supplier=["no"], supplier=["yes"], SUPPLIER=["no"]))
    assert applied["creditor_reference"].to_pylist() == ["yes"]


def test_a_heading_that_could_be_two_of_the_extract_is_refused(tmp_path: Path) -> None:
    mapping = read(tmp_path, "{dataset: creditors-history, fields: {Creditor reference: supplier}}")
    with pytest.raises(
        MappingInvalid, match=r"the extract has 'Supplier' and 'SUPPLIER'\. Write the one that is meant"
    ):
        mapping.check_headings(["Supplier", "SUPPLIER"])


def test_a_heading_may_be_called_source_row(tmp_path: Path) -> None:
    mapping = read(tmp_path, "{dataset: creditors-history, fields: {Creditor reference: source_row}}")
    arrays = [pa.array([7], pa.int64()), pa.array(["x"])]
    applied = mapping.apply(pa.RecordBatch.from_arrays(arrays, ["source_row", "source_row"]))
    assert applied.to_pydict() == {"source_row": [7], "creditor_reference": ["x"]}


JOINED = """
dataset: creditors-standing
fields:
  Address line 1: {join: [House, Street, Flat], with: ", "}
  Address line 2: {join: [House, Street]}
"""


def test_joined_headings_leave_no_gap_where_one_is_blank(tmp_path: Path) -> None:
    applied = read(tmp_path, JOINED, STANDING).apply(
        batch(
            House=["1 ", "", "3", " "], Street=[" High St", "Low St", " \u00a0", ""], Flat=["b", "", "c", ""]
        )
    )
    assert applied["address_line_1"].to_pylist() == ["1, High St, b", "Low St", "3, c", ""]
    assert applied["address_line_2"].to_pylist() == ["1 High St", "Low St", "3", ""]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@given(rows=st.lists(st.tuples(texts, texts, texts), max_size=8))
def test_joining_is_what_python_would_do(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    mapping = read(tmp_path_factory.mktemp("join"), JOINED, STANDING)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(["House", "Street", "Flat"])}
    expected = [", ".join(part.strip() for part in row if part.strip()) for row in rows]
    assert mapping.apply(batch(**columns))["address_line_1"].to_pylist() == expected


def test_a_constant_is_the_same_for_every_record(tmp_path: Path) -> None:
    mapping = read(tmp_path, "{dataset: creditors-history, fields: {Method of payment: {constant: 010}}}")
    assert mapping.apply(batch(a=["x", "y"]))["payment_method"].to_pylist() == ["010", "010"]
    assert mapping.apply(batch(a=["x"]).slice(0, 0))["payment_method"].to_pylist() == []


def test_any_of_takes_the_first_heading_that_the_extract_has(tmp_path: Path) -> None:
    mapping = read(
        tmp_path,
        "{dataset: creditors-history, fields: {Creditor reference: {any_of: [Supplier, Supplier Name]}}}",
    )
    assert mapping.apply(batch(Supplier_Name=["b"]))["creditor_reference"].to_pylist() == ["b"]
    assert mapping.apply(batch(Supplier_Name=["b"], Supplier=[""]))["creditor_reference"].to_pylist() == [""]


def test_headings_that_no_field_takes_and_fields_without_heading_are_listed(tmp_path: Path) -> None:
    mapping = read(
        tmp_path,
        """
        dataset: creditors-history
        fields:
          Creditor reference: {any_of: [Supplier, Payee]}
          Remarks: {join: [House, Street]}
          Method of payment: {constant: BACS}
        not_held: [VAT amount]
        """,
    )
    assert mapping.columns_unused(["Payee", "b", "Street", "Supplier", "House"]) == ("Payee", "b")
    assert mapping.columns_absent == tuple(
        field.name
        for field in HISTORY.fields
        if field.name not in {"Creditor reference", "Remarks", "Method of payment"}
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "line 1: expected keys and values", id="empty"),
        pytest.param("- a\n- b\n", "line 1: expected keys and values", id="a list"),
        pytest.param("a: [1\n", "line 2: not valid YAML", id="no YAML"),
        pytest.param("a: \x00", "not valid YAML", id="NUL"),
        pytest.param("fields: {Remarks: a}", "line 1: 'dataset' is missing", id="no data set"),
        pytest.param("dataset: creditors-history", "line 1: 'fields' is missing", id="no fields"),
        pytest.param(
            "dataset: creditors-history\nfields: {}",
            "line 2, fields: needs at least one entry",
            id="no field",
        ),
        pytest.param(
            "dataset: creditors-history\nfields: [Remarks]",
            "line 2, fields: expected names and headings",
            id="fields as a list",
        ),
        pytest.param(
            "dataset: creditor-history\nfields: {Remarks: a}",
            "dataset: no data set is called 'creditor-history'; did you mean 'creditors-history'?",
            id="unknown data set",
        ),
        pytest.param(
            "dataset: payroll\nfields: {Remarks: a}",
            "dataset: is for payroll, not for creditors-history",
            id="another data set",
        ),
        pytest.param(
            SMALL + "  Post cod: PC\n",
            "line 5, fields.Post cod: creditors-history has no field 'Post cod'. "
            "List its fields: nfi specs show creditors-history",
            id="unknown field",
        ),
        pytest.param(SMALL + "  Invoice dates: Date\n", "did you mean 'Invoice date'?", id="misspelt field"),
        pytest.param(
            SMALL + "  Creditor reference: Other\n",
            "line 5: 'Creditor reference' is there twice, first on line 4",
            id="field twice",
        ),
        pytest.param(
            SMALL + "  creditor Reference: Other\n",
            "line 3, fields: 'Creditor reference' and 'creditor Reference' are the same field",
            id="field in two spellings",
        ),
        pytest.param(
            SMALL + "  Remarks: {join: []}\n",
            "line 5, fields.Remarks.join: needs at least one entry",
            id="empty join",
        ),
        pytest.param(
            SMALL + "  Remarks: {join: House}\n",
            "fields.Remarks.join: expected a list",
            id="join of one word",
        ),
        pytest.param(
            SMALL + "  Remarks: {join: [a, '']}\n", "fields.Remarks.join.1: is empty", id="join of nothing"
        ),
        pytest.param(
            SMALL + "  Remarks: {join: [a], sep: '-'}\n",
            "line 5, fields.Remarks.sep: no such key. Known: dataset, title",
            id="unknown key of join",
        ),
        pytest.param(
            SMALL + "  Remarks: {any_of: []}\n",
            "fields.Remarks.any_of: needs at least one entry",
            id="empty any_of",
        ),
        pytest.param(
            SMALL + "  Remarks: {heading: a}\n",
            "fields.Remarks: expected a heading, or one of join, any_of and constant",
            id="no source",
        ),
        pytest.param(SMALL + "  Remarks:\n", "line 5, fields.Remarks: is empty", id="no heading"),
        pytest.param(
            SMALL + "  Remarks: {constant: ''}\n", "fields.Remarks.constant: is empty", id="empty constant"
        ),
        pytest.param(
            SMALL + "tittle: x\n", "line 5, tittle: no such key; did you mean 'title'?", id="unknown key"
        ),
        pytest.param(SMALL + "specification: x\n", "no such key", id="a name of our own"),
        pytest.param(
            SMALL + "not_held: [VAT]\n",
            "line 5, not_held.0: creditors-history has no field 'VAT'",
            id="unknown field not held",
        ),
        pytest.param(
            SMALL + "not_held: [Creditor reference]\n",
            "is under fields and under not_held",
            id="held and not held",
        ),
        pytest.param(
            SMALL + "date_format: dd/mm/yyy\n",
            "line 5, date_format: date format 'dd/mm/yyy' is not understood",
            id="date format",
        ),
        pytest.param(
            SMALL + "date_format: [dd/mm/yyyy, mm/yyyy]\n",
            "line 5, date_format.1: date format 'mm/yyyy'",
            id="second date format",
        ),
        pytest.param(
            SMALL + "money_format: euros\n",
            "line 5, money_format: expected pounds or pence",
            id="money format",
        ),
        pytest.param(SMALL + "distinct: maybe\n", "line 5, distinct: expected true or false", id="distinct"),
        pytest.param(SMALL + "title: [a]\n", "line 5, title: expected text", id="title"),
        pytest.param(SMALL + "tittle: x\ndistinct: maybe\n", "(and 1 more)", id="two faults"),
        pytest.param(
            SMALL.replace("fields:", "field:"),
            "line 3, field: no such key; did you mean 'fields'?",
            id="what was written wrongly comes before what is therefore missing",
        ),
        pytest.param(
            "dataset: payroll\nfields: {Surname: Name, Title: Mr}\n",
            "line 1, dataset: is for payroll, not for creditors-history. Give the mapping of "
            "creditors-history, or --dataset payroll",
            id="the mapping of another data set, before its fields",
        ),
        pytest.param("fields:\n\tRemarks: a\n", "line 2: not valid YAML: indent with spaces", id="a tab"),
        pytest.param("a: &x [1]\nb: *x\n", "line 1: anchors and aliases", id="aliases"),
        pytest.param("? [a]\n: b\n", "line 1: expected a name before the colon", id="a list as key"),
        pytest.param("[" * 3000, "ledger.yaml", id="nested too deeply"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_line_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(MappingInvalid) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert message.startswith("ledger.yaml")
    assert said in message
    assert "\n" not in message


def test_a_mapping_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"missing\.yaml: is not there\. Check the name"):
        read_mapping(tmp_path / "missing.yaml", HISTORY)
    with pytest.raises(MappingInvalid, match="is a folder"):
        read_mapping(tmp_path, HISTORY)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"], ids=["xlsx", "xls"])
def test_a_workbook_given_as_mapping_is_called_one(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "extract.xlsx").write_bytes(start + b"\xff")
    with pytest.raises(MappingInvalid, match=r"extract\.xlsx: is a workbook .* text file"):
        read_mapping(tmp_path / "extract.xlsx", HISTORY)


def test_headings_of_another_data_set_are_recognised() -> None:
    payroll = [field.name for field in PAYROLL.fields]
    with pytest.raises(MappingInvalid, match=r"They look like payroll: give --dataset payroll$"):
        own_headings(payroll, HISTORY)


def test_a_mapping_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.yaml").write_bytes(b"title: \xa3\n")
    with pytest.raises(MappingInvalid, match=r"ledger\.yaml: byte 8 is not UTF-8"):
        read_mapping(tmp_path / "ledger.yaml", HISTORY)


def test_a_heading_that_the_extract_lacks_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    mapping = read(tmp_path, SMALL)
    with pytest.raises(MappingInvalid) as caught:
        mapping.apply(batch(Date=["x"], Suplier=["y"]))
    assert str(caught.value) == (
        "ledger.yaml: Creditor reference takes 'Supplier', which the extract does not have; did you mean "
        "'Suplier'? It has: Date, Suplier"
    )


def test_headings_of_any_of_are_all_named_where_the_extract_has_none(tmp_path: Path) -> None:
    mapping = read(tmp_path, "{dataset: creditors-history, fields: {Remarks: {any_of: [Why, What for]}}}")
    with pytest.raises(
        MappingInvalid, match="Remarks takes 'Why' or 'What for', which the extract does not have"
    ):
        mapping.check_headings(["Date"])


def test_words_that_yaml_would_turn_into_something_else_stay_words(tmp_path: Path) -> None:
    mapping = read(
        tmp_path,
        "{dataset: creditors-history, fields: {Remarks: NO, Creditor reference: 2020, Due date: 12:30:45}}",
    )
    applied = mapping.apply(batch(**{"NO": ["a"], "2020": ["b"], "12:30:45": ["c"]}))
    assert applied.to_pydict() == {
        "source_row": [2],
        "creditor_reference": ["b"],
        "due_date": ["c"],
        "remarks": ["a"],
    }


@pytest.mark.parametrize("dataset", datasets("2026-27"))
def test_published_names_map_themselves(dataset: str) -> None:
    specification = load_specification(dataset)
    headings = [field.name.upper().replace(" ", "_") for field in specification.fields]
    mapping = own_headings(["extra", *headings], specification)
    assert mapping.columns_absent == ()
    assert mapping.columns_unused(["extra", *headings]) == ("extra",)
    assert mapping.digest is None
    values = [pa.array([str(place)]) for place in range(len(headings) + 1)]
    applied = mapping.apply(
        pa.RecordBatch.from_arrays([pa.array([2], pa.int64()), *values], ["source_row", "extra", *headings])
    )
    assert applied.schema.names == ["source_row", *specification.by_column]
    assert [column[0].as_py() for column in applied.columns[1:]] == [str(n + 1) for n in range(len(headings))]


def test_half_of_the_required_fields_are_enough_to_take_headings_as_published_names() -> None:
    required = [field.name for field in HISTORY.fields if field.required != "no"]
    half = -(-len(required) // 2)
    own_headings(required[:half], HISTORY)
    with pytest.raises(MappingInvalid) as caught:
        own_headings([*required[: half - 1], "Due date"], HISTORY)
    assert str(caught.value) == (
        f"{half - 1} of the {len(required)} required fields of creditors-history are among the headings "
        "of the extract. Have a mapping proposed, which says which heading is which field: "
        "nfi map FILE --dataset creditors-history"
    )


def test_two_headings_that_could_be_one_published_field_are_refused() -> None:
    headings = [field.name for field in STANDING.fields if field.name != "Post code"]
    with pytest.raises(
        MappingInvalid, match="Post code takes 'Post code', and the extract has 'Postcode' and 'POST CODE'"
    ):
        own_headings([*headings, "Postcode", "POST CODE"], STANDING)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_a_valid_mapping_that_accounts_for_every_field(path: Path) -> None:
    specification = HISTORY if "dataset: creditors-history" in path.read_text(encoding="utf-8") else STANDING
    mapping = read_mapping(path, specification)
    assert mapping.title
    assert set(mapping.columns_absent) == set(mapping.not_held)


def test_there_are_examples() -> None:
    assert list(EXAMPLES.glob("*.yaml"))


SEVERAL_MONTHS = """
dataset: creditors-history
fields:
  Creditor reference: {any_of: [Supplier, Payee]}
  Due date: Due
  Remarks: {join: [House, Street]}
  Method of payment: {constant: BACS}
"""


def test_a_field_is_left_out_for_a_file_that_lacks_its_heading_where_that_is_allowed(tmp_path: Path) -> None:
    mapping = read(tmp_path, SEVERAL_MONTHS)
    may = batch(Payee=["b"], House=["1"])
    assert mapping.columns_in(["Payee", "House"]) == {"creditor_reference", "payment_method"}
    assert mapping.apply(may, missing_allowed=True).to_pylist() == [
        {"source_row": 2, "creditor_reference": "b", "payment_method": "BACS"}
    ]
    with pytest.raises(MappingInvalid, match="Due date takes 'Due', which the extract does not have"):
        mapping.apply(may)
    whole = ["Supplier", "Due", "House", "Street"]
    assert mapping.columns_in(whole) == {"creditor_reference", "due_date", "payment_method", "remarks"}


def test_a_heading_that_could_be_two_is_refused_even_where_headings_may_be_missing(tmp_path: Path) -> None:
    mapping = read(tmp_path, SEVERAL_MONTHS)
    with pytest.raises(MappingInvalid, match="the extract has 'SUPPLIER' and 'Suppli-er'"):
        mapping.columns_in(["SUPPLIER", "Suppli-er"])


def test_employer_lookups_and_signatures_are_kept(tmp_path: Path) -> None:
    mapping = read(
        tmp_path,
        f"""
        dataset: creditors-history
        fields: {{Creditor reference: Supplier, Method of payment: Pay code}}
        employer: Body
        lookups: {{method of payment: codes/pay.csv}}
        signature: [{"a" * 64}, {"b" * 64}]
        """,
    )
    assert mapping.employer == "Body"
    assert mapping.lookups == {"Method of payment": tmp_path / "codes" / "pay.csv"}
    assert mapping.signatures == ("a" * 64, "b" * 64)
    assert mapping.columns_unused(["Supplier", "Pay code", "BODY", "Region"]) == ("Region",)


def test_without_them_there_is_no_employer_no_lookup_and_no_signature(tmp_path: Path) -> None:
    mapping = read(tmp_path, SMALL)
    assert (mapping.employer, mapping.lookups, mapping.signatures) == (None, {}, ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(
            "signature: xyz", "line 5, signature: expected 64 hexadecimal digits", id="no signature"
        ),
        pytest.param("lookups: {Remark: a.csv}", "did you mean 'Remarks'?", id="lookup of no field"),
        pytest.param("lookups: {Remarks: ''}", "line 5, lookups.Remarks: is empty", id="lookup without file"),
        pytest.param("employer: ''", "line 5, employer: is empty", id="no employer"),
        pytest.param("signatures: a", "did you mean 'signature'?", id="signatures"),
    ],
)
def test_faults_in_the_optional_keys_are_told_with_line_and_key(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        read(tmp_path, SMALL + line + "\n")
    assert said in str(caught.value)


def save(folder: Path, name: str, headings: list[str], dataset: str = "creditors-history") -> Path:
    path = folder / name
    path.write_text(
        f"dataset: {dataset}\nfields: {{Creditor reference: a}}\nsignature: {heading_signature(headings)}\n"
    )
    return path


def test_a_saved_mapping_is_found_again_by_the_headings_in_any_order_and_case(tmp_path: Path) -> None:
    saved = save(tmp_path, "ours.yaml", ["Supplier No", "Date"])
    save(tmp_path, "other.yaml", ["Supplier No", "Date", "Amount"])
    save(tmp_path, "standing.yaml", ["Supplier No", "Date"], "creditors-standing")
    assert matching_mapping(tmp_path, ["DATE", "Supplier_No"], HISTORY) == saved
    assert matching_mapping(tmp_path, ["Date"], HISTORY) is None
    assert matching_mapping(tmp_path / "missing", ["Date"], HISTORY) is None


def test_one_of_several_signatures_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "several.yaml"
    listed = ", ".join(heading_signature(headings) for headings in (["a", "b"], ["a", "c"]))
    path.write_text(f"dataset: creditors-history\nfields: {{Remarks: a}}\nsignature: [{listed}]\n")
    assert matching_mapping(tmp_path, ["a", "c"], HISTORY) == path
    assert matching_mapping(tmp_path, ["a", "b", "c"], HISTORY) is None


def test_two_saved_mappings_that_fit_are_both_named(tmp_path: Path) -> None:
    save(tmp_path, "one.yaml", ["a"])
    save(tmp_path, "two.yaml", ["a"])
    with pytest.raises(
        MappingInvalid, match=r"one\.yaml and two\.yaml both fit these headings\. Give the one"
    ):
        matching_mapping(tmp_path, ["a"], HISTORY)


def test_a_saved_mapping_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("dataset: [\n")
    with pytest.raises(MappingInvalid, match=r"broken\.yaml: line 2: not valid YAML.*Correct it"):
        matching_mapping(tmp_path, ["a"], HISTORY)


@pytest.mark.parametrize("content", ["", "- a\n", "dataset: creditors-history\nsignature: {a: b}\n"])
def test_other_files_in_the_folder_are_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.yaml").write_text(content)
    assert matching_mapping(tmp_path, ["a"], HISTORY) is None

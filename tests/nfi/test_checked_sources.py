"""What a check was made from: kept beside its records, vouched for, and enough to repeat it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from nfi.checking import CheckRun, check
from nfi.run_record import problems_of
from nfi.workspace import RecordsChanged, Workspace
from specs.catalogues import CATALOGUE, load_specification
from specs.errors import ExtractUnreadable
from specs.formats.fixed_layout import read_layout
from specs.lookups import LookupNotUsable
from specs.read import ReadingOptions

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
COLUMNS = {
    "Employee reference number": 10,
    "Dept": 5,
    "Surname": 12,
    "Forename(s)": 12,
    "Date of birth": 8,
    "Gross pay to date": 9,
    "Post code": 8,
    "Address line 1": 20,
}
PEOPLE = [
    ("E1", "ED", "Archer", "Alex", "01051980", "120000", "LS1 4AP", "1 Sample Road"),
    ("E2", "SOC", "Baker", "Bo", "31121975", "90000", "LS1 4AP", "2 Sample Road"),
    ("E3", "X9", "Carter", "Cy", "02031990", "80000", "LS1 4AP", "3 Sample Road"),
]
MAPPING = """\
# Synthetic
dataset: payroll
fields:
  Employee reference number: Employee reference number
  Department: Dept
  Surname: Surname
  Forename(s): Forename(s)
  Date of birth: Date of birth
  Gross pay to date: Gross pay to date
  Post code: Post code
  Address line 1: Address line 1
lookups: {department: codes/departments.csv}
"""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder with an extract as CSV and as fixed width, a mapping, a look-up table and a layout."""
    folder = tmp_path / "given"
    (folder / "codes").mkdir(parents=True)
    lines = [",".join(COLUMNS), *(",".join(person) for person in PEOPLE)]
    (folder / "payroll.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    fixed = ["".join(map(str.ljust, person, COLUMNS.values())) for person in PEOPLE]
    (folder / "payroll.txt").write_text("\n".join(fixed) + "\n", encoding="utf-8")
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "codes" / "departments.csv").write_text(
        "Code;Meaning;Since\nSOC;Social services;2001\nED; Education, all of it;\n", encoding="utf-8"
    )
    start, rows = 1, ["heading,start,width"]
    for heading, width in COLUMNS.items():
        rows.append(f"{heading},{start},{width}")
        start += width
    (folder / "layout.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def checked(given: Path, work: Path, extract: str = "payroll.csv", **more: Any) -> CheckRun:
    options: dict[str, Any] = {"mapping": given / "mapping.yaml"}
    return check([given / extract], "payroll", folder=work, at=AT, **options | more)


def run_record(work: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((work / "runs" / "check-payroll.json").read_bytes())
    return content


def test_mapping_specification_and_look_up_tables_stay_beside_the_records(
    given: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    checked(given, work)
    workspace = Workspace(work)
    catalogue = CATALOGUE / "2026-27" / "payroll.yaml"
    assert workspace.specification_file("payroll").read_bytes() == catalogue.read_bytes()
    mapping = workspace.mapping_of("payroll")
    assert mapping is not None
    assert mapping.read_text(encoding="utf-8") == MAPPING
    (table,) = workspace.lookups_of("payroll").items()
    assert table[0] == "department"
    assert table[1].read_bytes() == (b'code,meaning\r\nSOC,Social services\r\nED,"Education, all of it"\r\n')
    assert workspace.layout_of("payroll") is None
    outputs = run_record(work)["outputs"]
    for path in workspace.sources_of("payroll"):
        assert outputs[path.relative_to(work).as_posix()] == sha256(path.read_bytes()).hexdigest()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert problems_of(workspace) == ()
    assert list(workspace.records()) == ["payroll"]


def test_the_record_of_the_run_names_all_that_decides_its_outputs(given: Path, tmp_path: Path) -> None:
    reading = ReadingOptions(layout=given / "layout.csv")
    checked(given, tmp_path / "work", "payroll.txt", reading=reading)
    workspace = Workspace(tmp_path / "work")
    made_from = run_record(tmp_path / "work")["made_from"]
    layout = workspace.layout_of("payroll")
    assert layout is not None
    assert made_from["layout_sha256"] == sha256(layout.read_bytes()).hexdigest()
    assert made_from["reading"] == {"layout": "layout.csv"}
    assert made_from["extracts"] == [
        {"name": "payroll.txt", "sha256": sha256((given / "payroll.txt").read_bytes()).hexdigest()}
    ]
    table = workspace.lookups_of("payroll")["department"]
    assert made_from["lookups"] == {"department": sha256(table.read_bytes()).hexdigest()}
    assert str(tmp_path) not in json.dumps(made_from)


@pytest.mark.parametrize("suffix", [".csv", ".yaml"])
def test_a_check_can_be_made_again_from_what_was_kept(given: Path, tmp_path: Path, suffix: str) -> None:
    if suffix == ".yaml":
        own = "# Ours\n" + read_layout(given / "layout.csv").layout.as_yaml()
        (given / "layout.yaml").write_text(own, encoding="utf-8")
    reading = ReadingOptions(layout=given / f"layout{suffix}")
    checked(given, tmp_path / "work", "payroll.txt", reading=reading)
    kept, specification = Workspace(tmp_path / "work"), load_specification("payroll")
    made_from, layout = run_record(tmp_path / "work")["made_from"], kept.layout_of("payroll")
    assert layout is not None
    check(
        [given / "payroll.txt"],
        "payroll",
        folder=tmp_path / "again",
        mapping=kept.mapping_of("payroll"),
        reading=ReadingOptions(layout=replace(read_layout(layout), name=made_from["reading"]["layout"])),
        lookups={
            specification.by_column[name].name: path for name, path in kept.lookups_of("payroll").items()
        },
        day=date.fromisoformat(made_from["day"]),
        at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert run_record(tmp_path / "again") == run_record(tmp_path / "work")


def test_a_layout_of_ones_own_is_kept_byte_for_byte(given: Path, tmp_path: Path) -> None:
    own = "# From the supplier\n" + read_layout(given / "layout.csv").layout.as_yaml()
    (given / "layout.yaml").write_text(own, encoding="utf-8")
    checked(given, tmp_path, "payroll.txt", reading=ReadingOptions(layout=given / "layout.yaml"))
    assert (tmp_path / "checked" / "payroll.layout.yaml").read_text(encoding="utf-8") == own


def test_what_a_later_check_does_not_use_is_gone(given: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    checked(given, work, "payroll.txt", reading=ReadingOptions(layout=given / "layout.csv"))
    assert len(Workspace(work).sources_of("payroll")) == 4
    text = (given / "payroll.csv").read_text(encoding="utf-8")
    (given / "payroll.csv").write_text(text.replace("Dept", "Department"), encoding="utf-8")
    checked(given, work, mapping=None)
    assert Workspace(work).sources_of("payroll") == [work / "checked" / "payroll.specification.yaml"]
    assert problems_of(Workspace(work)) == ()
    assert run_record(work)["made_from"]["lookups"] == {}


def test_a_check_that_fails_leaves_what_was_kept_as_it_was(given: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    checked(given, work)
    before = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    (given / "mapping.yaml").write_text(MAPPING + "title: Another\n", encoding="utf-8")
    with (given / "payroll.csv").open("a", encoding="utf-8") as file:
        file.write("E4,ED,too,few\n")
    with pytest.raises(ExtractUnreadable):
        checked(given, work)
    assert {path: path.read_bytes() for path in work.rglob("*") if path.is_file()} == before


def changed(name: str) -> Callable[[Path], object]:
    return lambda work: (work / "checked" / name).write_text("changed", encoding="utf-8")


def removed(name: str) -> Callable[[Path], object]:
    return lambda work: (work / "checked" / name).unlink()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        pytest.param(changed("payroll.mapping.yaml"), "payroll.mapping.yaml", id="another mapping"),
        pytest.param(changed("payroll.specification.yaml"), "payroll.specification.yaml", id="specification"),
        pytest.param(changed("lookups/payroll/department.csv"), "department.csv", id="another table"),
        pytest.param(removed("payroll.mapping.yaml"), "payroll.mapping.yaml", id="no mapping"),
        pytest.param(removed("payroll.specification.yaml"), "payroll.specification.yaml", id="none of it"),
        pytest.param(removed("lookups/payroll/department.csv"), "department.csv", id="no table"),
        pytest.param(changed("lookups/payroll/sex.csv"), "sex.csv", id="a table put there later"),
        pytest.param(changed("payroll.layout.yaml"), "payroll.layout.yaml", id="a layout put there later"),
    ],
)
def test_what_was_changed_after_the_check_is_not_used(
    given: Path, tmp_path: Path, change: Callable[[Path], object], name: str
) -> None:
    checked(given, tmp_path)
    change(tmp_path)
    with pytest.raises(RecordsChanged, match=f"{name}: not what the check of payroll.csv wrote"):
        Workspace(tmp_path).records()


def test_a_code_that_the_table_lacks_is_found_and_the_table_is_kept_all_the_same(
    given: Path, tmp_path: Path
) -> None:
    run = checked(given, tmp_path)
    (finding,) = (each for each in run.result.record.findings if each.code == "not_in_lookup")
    assert (finding.field, finding.count, finding.first_row) == ("Department", 1, 4)
    assert "department" in Workspace(tmp_path).lookups_of("payroll")


def test_tables_can_be_given_in_place_of_those_that_the_mapping_names(given: Path, tmp_path: Path) -> None:
    table = tmp_path / "all.csv"
    table.write_text("Code,Meaning\nED,a\nSOC,b\nX9,c\n", encoding="utf-8")
    run = checked(given, tmp_path / "work", lookups={"Department": table})
    assert "not_in_lookup" not in {each.code for each in run.result.record.findings}
    with pytest.raises(LookupNotUsable, match="holds no codes"):
        checked(given, tmp_path / "work", lookups={"Date of birth": table})

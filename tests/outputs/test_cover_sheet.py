"""What the cover sheet says, whatever it is shown as. Every value here is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.cover.blocks import (
    CoverSheet,
    Facts,
    Hundredths,
    Lines,
    Notice,
    Section,
    Shown,
    Table,
    Words,
)
from outputs.cover.sheet import cover_sheet
from outputs.cover.steps import Feature, upload_steps
from outputs.cover.totals import FEW
from outputs.cover.words import sheet_words
from outputs.declared.declaration import Declaration
from outputs.submitted.manifest import AcceptedErrors, LookupUsed, Manifest, OtherFile
from outputs.written.control_totals import ControlTotals, FieldTotals
from outputs.written.spec_format import NegativeSign
from outputs.written.written_form import Place, WrittenForm
from specs.catalogues import datasets, exercises, load_specification
from specs.specification import CURRENT_EXERCISE, FieldFormat
from tests.outputs.invented_check import ALLOTMENTS
from tests.outputs.invented_manifest import (
    DECLARED,
    FIXED,
    RECORDS,
    creditors,
    data_set_of,
    everything,
    manifest_of,
    one,
    other_file,
    payroll,
    pensions,
    resource_of,
    totals_of,
)

CATALOGUE = [(dataset, exercise) for exercise in exercises() for dataset in datasets(exercise)]


def texts(sheet: CoverSheet) -> Iterator[str]:
    """All that a sheet says, piece by piece."""
    for section in sheet.sections:
        yield section.title
        for block in section.blocks:
            match block:
                case Words() | Notice():
                    yield f"{getattr(block, 'label', '')} {block.text}".strip()
                case Facts():
                    yield from (f"{fact.label}: {fact.text}" for fact in block.facts)
                case Lines():
                    yield from block.lines
                case Table():
                    yield block.caption
                    yield from (str(cell) for row in block.rows for cell in row if cell is not None)


def section(manifest: Manifest, name: str) -> Section:
    return next(each for each in cover_sheet(manifest).sections if each.name == name)


def said(manifest: Manifest, name: str) -> str:
    """All that one section says."""
    return "\n".join(texts(CoverSheet("", "", (section(manifest, name),))))


def table(manifest: Manifest, name: str, caption: str) -> Table:
    found = [each for each in section(manifest, name).blocks if isinstance(each, Table)]
    return next(each for each in found if caption in each.caption)


def answers(manifest: Manifest) -> dict[str, str]:
    """What to choose, by what may be asked."""
    rows = table(manifest, "Form", "The form of the files").rows
    return {str(row[0]): str(row[1]) for row in rows}


def test_it_goes_from_what_it_is_to_the_steps_in_the_order_of_use() -> None:
    assert [each.name for each in cover_sheet(payroll()).sections] == [
        "Package",
        "Files",
        "Look-up tables",
        "Form",
        "Control totals",
        "Filled and blank",
        "Who answers",
        "Accepted and open",
        "By hand",
        "Steps",
    ]


@pytest.mark.parametrize(("dataset", "exercise"), CATALOGUE)
def test_every_data_set_of_the_catalogue_has_a_sheet_with_tables_as_wide_as_their_headings(
    dataset: str, exercise: str
) -> None:
    specification = load_specification(dataset, exercise)
    sheet = cover_sheet(everything(specification))
    for block in (block for each in sheet.sections for block in each.blocks if isinstance(block, Table)):
        assert block.rows
        for row in block.rows:
            assert len(row) == len(block.columns)
            assert row[0] is not None
            for cell, column in zip(row, block.columns, strict=True):
                assert cell is None or not column.shown.to_fill_in


def test_each_notice_opens_the_sheet_once_with_the_data_sets_that_it_is_about() -> None:
    first, second, *rest = section(creditors(), "Package").blocks
    assert isinstance(first, Notice)
    assert isinstance(second, Notice)
    assert first.label == "Please note, Trade creditors payment history:"
    assert first.text.startswith("Unconfirmed: the 2012/13 layout carried over.")
    assert second.label == "Please note, Trade creditors standing data:"
    assert not any(isinstance(block, Notice) for block in rest)


def test_it_says_who_what_and_that_it_holds_no_records() -> None:
    text = said(payroll(), "Package")
    for words in (
        "This sheet holds no records. The package does",
        "Body: Anytown",
        "Exercise: National Fraud Initiative 2026-27",
        "In all: 12,345 records in 1 file",
        "Errors sent on purpose: 3",
        "Made with: nfi 0.1.0",
        "Pay of casual staff is to 31 August only.",
    ):
        assert words in text


def test_each_file_stands_with_what_an_upload_needs_and_room_to_say_that_it_is_done() -> None:
    files = table(creditors(), "Files", "Files of records")
    assert [row[:5] for row in files.rows] == [
        ("creditors-history.csv", "Trade creditors payment history", RECORDS, 1_234_567, "pipe ( | )"),
        ("creditors-standing.csv", "Trade creditors standing data", RECORDS, 1_234_567, "comma ( , )"),
    ]
    assert [column.shown for column in files.columns[5:]] == [Shown.TICK, Shown.BLANK, Shown.DAY]
    hashes = table(creditors(), "Files", "SHA-256")
    assert hashes.rows[0] == ("creditors-history.csv", "0a1b2c3d" * 8)


def test_parts_of_a_data_set_stand_with_their_number_and_what_they_hold() -> None:
    files = table(pensions(), "Files", "Files of records")
    assert [row[1] for row in files.rows] == [
        "Pensions: current pensioners",
        "Pensions: gratuities, if there are any",
        "Pensions: deferred pensions",
    ]
    text = said(pensions(), "Files")
    assert "file 1: pensions-1.txt; file 2: pensions-2.txt; file 3: pensions-3.txt." in text


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ("payroll", "Fields without a published source: Building society roll number."),
        ("creditors-standing", "Fields without a published source: all of them."),
    ],
)
def test_fields_that_nothing_published_stands_behind_are_named(dataset: str, words: str) -> None:
    assert words in said(one(dataset), "Files")


def test_a_specification_of_the_bodys_own_is_called_so() -> None:
    own = "It is the body's own"
    manifest = one("payroll")
    data_set = manifest.data_sets[0]
    used = data_set.specification.model_copy(update={"own": True})
    changed = manifest.model_copy(
        update={"data_sets": (data_set.model_copy(update={"specification": used}),)}
    )
    assert own in said(changed, "Files")
    assert own not in said(manifest, "Files")


@pytest.mark.parametrize("holds", get_args(OtherFile.model_fields["holds"].annotation))
def test_of_every_other_file_it_says_whether_to_upload_it(holds: str) -> None:
    manifest = one("payroll", files=(other_file("a/file.csv", holds),))
    rows = table(manifest, "Files", "other files").rows
    assert rows == (("a/file.csv", sheet_words().other_files[holds], holds),)


def test_it_says_what_to_choose_for_a_delimited_file() -> None:
    assert answers(payroll()) == {
        "Headings": "yes: the first row holds the published field names",
        "Delimiter": "pipe ( | )",
        "Text qualifier": 'double quote ( " ); one inside a value is written twice',
        "Character set": "ASCII",
        "Dates": "ddmmyyyy, without separators: 31 March 2026 is 31032026",
        "Sums of money": "pence, without point: 123.45 pounds is 12345",
        "Hours": "hundredths of an hour, without point: 16 hours is 1600",
        "Amounts below zero": "a minus before the digits: -12345; there are 1,000",
        "Values not known": "nothing between the delimiters; a zero is a true zero",
        "Line ends": "carriage return and line feed (Windows)",
    }


@pytest.mark.parametrize(
    ("form", "asked", "answer"),
    [
        pytest.param(
            {"headings": False},
            "Headings",
            "no: the first row is a record; the order of the fields stands in datapackage.json",
            id="no headings",
        ),
        pytest.param({"characters": "utf-8"}, "Character set", "UTF-8, without byte order mark", id="UTF-8"),
        pytest.param(
            {"negative_sign": NegativeSign.TRAILING},
            "Amounts below zero",
            "a minus after the digits: 12345-; there are 2,000",
            id="trailing minus",
        ),
    ],
)
def test_it_says_what_was_chosen_otherwise(form: dict[str, object], asked: str, answer: str) -> None:
    manifest = one("creditors-history", form=WrittenForm.model_validate(form))
    assert answers(manifest)[asked].startswith(answer.split(";", maxsplit=1)[0])
    assert asked in answers(manifest)


def test_files_with_delimiters_of_their_own_are_told_apart() -> None:
    assert answers(creditors())["Delimiter"] == (
        "creditors-history.csv: pipe ( | ); creditors-standing.csv: comma ( , )"
    )


def test_nothing_is_said_of_sums_and_hours_where_there_are_none() -> None:
    asked = set(answers(one("creditors-standing")))
    assert asked.isdisjoint({"Sums of money", "Hours", "Amounts below zero"})
    assert "Dates" in asked


def test_that_the_questions_of_the_upload_are_not_known_stands_before_the_answers() -> None:
    first = section(payroll(), "Form").blocks[0]
    assert isinstance(first, Words)
    assert first.text.startswith(
        "Which questions Data File Upload asks, and in which order, could not be read"
    )
    assert first.evidence == "not confirmed"


def test_fixed_width_has_its_layout_once_for_files_of_one_layout_and_no_delimiter() -> None:
    manifest = pensions()
    assert "Delimiter" not in answers(manifest)
    assert "Text qualifier" not in answers(manifest)
    assert answers(manifest)["Headings"].startswith("no: the first row is a record")
    [layout] = [b for b in section(manifest, "Form").blocks if isinstance(b, Table) and "Places" in b.caption]
    assert "pensions-1.txt, pensions-2.txt, pensions-3.txt" in layout.caption
    assert layout.rows[:2] == (("Employee reference number", 1, 20, 20), ("Employee post number", 21, 40, 20))
    assert {row[4] for row in table(manifest, "Files", "Files of records").rows} == {"none: fixed width"}


def test_files_of_different_layouts_have_one_each_in_the_order_of_the_line() -> None:
    narrow = (Place(field="Plot", start=11, width=4), Place(field="Tenant", start=1, width=10))
    resource = resource_of(ALLOTMENTS, form=FIXED)
    other = resource.model_copy(update={"places": narrow, "path": "narrow.txt"})
    manifest = manifest_of([data_set_of(ALLOTMENTS)], [resource, other], form=FIXED)
    layouts = [b for b in section(manifest, "Form").blocks if isinstance(b, Table) and "Places" in b.caption]
    assert ["narrow.txt" in each.caption for each in layouts] == [False, True]
    assert layouts[1].rows == (("Tenant", 1, 10, 10), ("Plot", 11, 14, 4))


def test_look_up_tables_are_to_be_handed_in_and_a_field_without_one_says_why() -> None:
    coded = table(payroll(), "Look-up tables", "Coded fields")
    assert coded.rows == (("lookups/payroll-department.csv", "Payroll", "Department", None),)
    assert coded.columns[-1].shown is Shown.TICK
    assert "Payroll, Leaver indicator: the payroll system has only Y and N" in said(
        payroll(), "Look-up tables"
    )


def test_without_coded_fields_nothing_is_said_of_look_up_tables() -> None:
    assert "Look-up tables" not in [each.name for each in cover_sheet(creditors()).sections]


def test_where_no_coded_field_has_a_table_there_are_only_reasons() -> None:
    specification = load_specification("payroll")
    data_set = data_set_of(specification, lookups=(LookupUsed(field="Department", reason="plain words"),))
    manifest = manifest_of([data_set], [resource_of(specification)])
    assert not any(isinstance(block, Table) for block in section(manifest, "Look-up tables").blocks)
    assert "Payroll, Department: plain words" in said(manifest, "Look-up tables")


def test_totals_stand_as_people_write_them_with_room_for_the_ledgers() -> None:
    totals = table(creditors(), "Control totals", "creditors-history.csv")
    rows = {row[0]: row for row in totals.rows}
    assert rows["Records"] == ("Records", RECORDS, None, None, None, None, None, None)
    invoice = rows["Total invoice amount"]
    assert [str(cell) for cell in invoice[2:7]] == [
        "-1,234,567.89",
        "pounds",
        "1000",
        "-987,654.32",
        "876,543.21",
    ]
    assert rows["Invoice date"][5:7] == ("13/04/1951", "27/09/2026")
    assert totals.columns[-1].shown is Shown.BLANK
    assert "Creditor reference" not in rows


def test_every_field_stands_with_how_often_it_is_filled() -> None:
    specification = load_specification("payroll")
    [filled] = [each for each in section(payroll(), "Filled and blank").blocks if isinstance(each, Table)]
    assert filled.rows == tuple((field.name, 12_000, 345) for field in specification.fields)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456_789, "1,234,567.89"), (-100, "-1.00")],
)
def test_hundredths_read_as_sums(amount: int, text: str) -> None:
    assert str(Hundredths(amount)) == text


_EXTREMES = st.tuples(
    st.integers(10**9, 2 * 10**9),
    st.integers(3 * 10**9, 4 * 10**9),
    st.dates(date(1910, 1, 1), date(1960, 1, 1)),
)


@given(_EXTREMES, st.integers(1, 40))
def test_of_data_about_people_nothing_stands_there_that_is_one_persons(
    extremes: tuple[int, int, date], filled: int
) -> None:
    smallest, largest, earliest = extremes
    specification = load_specification("payroll")
    kinds: dict[FieldFormat, dict[str, object]] = {
        FieldFormat.MONEY: {"total": 10**11 + 7, "smallest": smallest, "largest": largest, "negatives": 0},
        FieldFormat.HOURS: {"total": 10**11 + 7, "smallest": smallest, "largest": largest, "negatives": 0},
        FieldFormat.DATE: {"earliest": earliest, "latest": date(1970, 1, 31)},
    }
    totals = ControlTotals(
        records=40,
        fields=tuple(
            FieldTotals.model_validate({"field": f.name, "blanks": 40 - filled, **kinds.get(f.format, {})})
            for f in specification.fields
        ),
    )
    text = "\n".join(texts(cover_sheet(one("payroll", totals=totals))))
    for hidden in (smallest, largest):
        assert str(Hundredths(hidden)) not in text
        assert str(hidden) not in text
    assert f"{earliest:%d/%m/%Y}" not in text
    assert "31/01/1970" not in text
    few = filled < FEW
    assert (str(Hundredths(10**11 + 7)) in text) is not few
    assert "01/1970" not in text
    assert ("1970" in text.split("\n")) is not few


def test_one_sum_among_noughts_is_not_shown() -> None:
    specification = load_specification("payroll")
    alone = {"total": 5_432_199, "smallest": 0, "largest": 5_432_199, "negatives": 0, "zeros": 39}
    totals = ControlTotals(
        records=40,
        fields=tuple(
            FieldTotals.model_validate(
                {"field": f.name, "blanks": 0, **(alone if f.format is FieldFormat.MONEY else {})}
            )
            for f in specification.fields
        ),
    )
    text = "\n".join(texts(cover_sheet(one("payroll", totals=totals))))
    assert "54,321.99" not in text


def test_a_data_set_that_nfi_does_not_know_is_treated_as_one_about_people() -> None:
    manifest = manifest_of([data_set_of(ALLOTMENTS)], [resource_of(ALLOTMENTS)])
    text = said(manifest, "Control totals")
    assert "-987,654.32" not in text
    assert "1951" in text.split("\n")
    assert "04/1951" not in text
    assert f"For {ALLOTMENTS.title} it therefore leaves out" in text


def test_that_something_is_left_out_is_said_only_where_it_is() -> None:
    assert "therefore leaves out" in said(payroll(), "Control totals")
    assert "therefore leaves out" not in said(creditors(), "Control totals")


def test_fields_that_are_blank_throughout_have_no_total() -> None:
    specification = load_specification("creditors-history")
    totals = totals_of(specification, filled=0)
    rows = {row[0]: row for row in table(one("creditors-history", totals=totals), "Control totals", "").rows}
    assert rows["VAT amount"] == ("VAT amount", 0, None, None, None, None, None, None)


def test_the_data_sets_with_exact_totals_are_in_the_catalogue_and_hold_no_birthdays_or_pay() -> None:
    personal = {"date_of_birth", "gross_pay_to_date", "surname", "ni_number"}
    for dataset in sheet_words().exact_totals:
        assert personal.isdisjoint(load_specification(dataset).by_column)


def test_what_was_declared_stands_there_part_by_part() -> None:
    text = said(payroll(), "Who answers")
    for words in (
        "Senior responsible officer's name: Nadia O'Neill",
        "Senior responsible officer's role: Director of Finance",
        "Key contact's name: Owen Price",
        "owen.price@anytown.example",
        "Privacy notice complies: yes",
        "Privacy notice last given: 1 July 2026",
        "Privacy notice on payslips: July 2026",
        "Privacy notice on the web: www.anytown.example/privacy",
        "Security policy complied with: yes",
        "Payroll run for other bodies: none",
        "does not list Home telephone number",
    ):
        assert words in text
    assert "not recorded" not in text
    assert text.startswith(
        "Who answers for this submission\nThe declaration itself is made by the key contact"
    )


def test_what_was_not_declared_is_called_not_recorded_unless_it_is_optional() -> None:
    text = said(one("payroll", declaration=Declaration()), "Who answers")
    assert "Key contact's name: not recorded" in text
    assert "Privacy notice complies: not recorded" in text
    assert "Payroll run for other bodies: not recorded" in text
    assert "Privacy notice on forms" not in text
    assert "Payroll run for other bodies" not in said(
        one("creditors-history", declaration=Declaration()), "Who answers"
    )


def test_a_telephone_number_does_in_place_of_an_address() -> None:
    declared = Declaration.model_validate({"key_contact": {"telephone": "01632 960001"}})
    lines = [
        line
        for line in said(one("payroll", declaration=declared), "Who answers").split("\n")
        if "telephone" in line
    ]
    assert lines == ["Key contact's telephone number: 01632 960001"]


def test_one_person_in_both_roles_is_said() -> None:
    both = Declaration.model_validate(
        {"senior_responsible_officer": {"name": "Owen Price"}, "key_contact": {"name": "owen price"}}
    )
    assert "are the same person" in said(one("payroll", declaration=both), "Who answers")
    assert "are the same person" not in said(one("payroll", declaration=DECLARED), "Who answers")


def test_a_package_without_a_declaration_says_so() -> None:
    text = said(creditors(), "Who answers")
    assert "No declaration was recorded when the package was made" in text
    assert "Make the privacy notice declaration" in text


def test_errors_sent_on_purpose_stand_with_reason_and_name() -> None:
    accepted = table(payroll(), "Accepted and open", "on purpose")
    [row] = accepted.rows
    assert str(row[0]).endswith("[nino]")
    assert row[1:] == ("Payroll", 3, "three new starters have no number yet", "Nadia O'Neill")
    assert "No errors are sent on purpose." in said(creditors(), "Accepted and open")


def test_a_check_that_nfi_no_longer_knows_is_named_by_its_code() -> None:
    gone = AcceptedErrors(reason="r", by="b", counts={"payroll": {"gone_check": 1}})
    assert "gone_check" in said(one("payroll", accepted_errors=(gone,)), "Accepted and open")


def test_open_findings_are_compared_between_the_extract_and_the_files() -> None:
    found = table(payroll(), "Accepted and open", "open errors and warnings")
    assert [row[1:] for row in found.rows] == [
        ("error", "National insurance number", 3, 3),
        ("warning", "Post code", 1_234, 1_240),
        ("warning", "(whole record)", 2, 0),
        ("warning", "(whole file)", 1, 0),
    ]
    text = said(payroll(), "Accepted and open")
    assert "3 errors, 1,237 warnings, 4 notes" in text
    assert "no tables of the banks were given" in text


def test_what_stayed_behind_and_what_is_sent_blank_is_listed() -> None:
    text = said(payroll(), "Accepted and open")
    assert "Not held by the source system, sent blank: Passport number\n" in text
    assert "Not in the extract, sent blank: Building society roll number\n" in text
    assert "Columns of the extract that stayed behind: Tax code; Manager" in text
    assert "Columns of the extract that stayed behind: none" in said(creditors(), "Accepted and open")


def test_what_was_changed_on_the_way_is_counted() -> None:
    corrected = table(payroll(), "Accepted and open", "Corrected")
    assert [row[1:] for row in corrected.rows] == [
        ("Payroll", "Surname", 1_200),
        ("Payroll", "Post code", 34),
    ]
    characters = sum(f.format is FieldFormat.CHARACTER for f in load_specification("payroll").fields)
    assert f"Values changed to fit ASCII: {2 * characters}; transliterations.csv" in said(
        payroll(), "Accepted and open"
    )
    plain = one("payroll", form=WrittenForm.model_validate({"characters": "utf-8"}))
    assert "ASCII" not in said(plain, "Accepted and open")
    assert "Corrected before the check: nothing" in said(plain, "Accepted and open")


def steps_of(manifest: Manifest) -> list[tuple[str, int, str, str]]:
    """When, number, text and evidence of each step."""
    tables = [each for each in section(manifest, "Steps").blocks if isinstance(each, Table)]
    return [(each.caption, *row[:3]) for each in tables for row in each.rows]  # type: ignore[misc]


MANIFESTS = {"payroll": payroll(), "creditors": creditors(), "pensions": pensions()}


@pytest.mark.parametrize("name", MANIFESTS)
def test_steps_are_numbered_through_and_carry_their_evidence(name: str) -> None:
    steps = steps_of(MANIFESTS[name])
    assert [number for _, number, _, _ in steps] == list(range(1, len(steps) + 1))
    known = {step.text: step for group in upload_steps().values() for step in group}
    assert all(known[text].evidence == evidence for _, _, text, evidence in steps)
    assert list(dict.fromkeys(when for when, *_ in steps)) == [
        "Before the upload",
        "At the upload",
        "After the upload",
    ]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("default payment date", {"creditors"}),
        ("Dormant and suspended creditors", {"creditors"}),
        ("Payroll run for another body", {"payroll"}),
        ("nobody under 18", {"payroll", "pensions"}),
        ("Any pension now in payment", {"pensions"}),
        ("Upload each file by itself", {"pensions"}),
        ("Give the places of the fields", {"pensions"}),
        ("Hand in the look-up table", {"payroll"}),
        ("every column is mapped", {"payroll", "creditors"}),
        (
            "Data File Upload in the NFI web application and by no other way",
            {"payroll", "creditors", "pensions"},
        ),
        ("makes the privacy notice declaration", {"payroll", "creditors", "pensions"}),
    ],
)
def test_a_step_stands_only_where_it_fits(words: str, names: set[str]) -> None:
    assert {name for name, each in MANIFESTS.items() if words in said(each, "Steps")} == names


def test_columns_are_mapped_by_hand_where_there_are_no_headings() -> None:
    manifest = one("payroll", form=WrittenForm(headings=False))
    assert "Map each column by hand, in the order" in said(manifest, "Steps")
    assert "every column is mapped to the field of the same name" not in said(manifest, "Steps")


def test_every_feature_is_asked_for_by_a_step_and_steps_name_data_sets_of_the_catalogue() -> None:
    steps = [step for group in upload_steps().values() for step in group]
    assert {step.only_with for step in steps} - {None} == set(get_args(Feature))
    assert {name for step in steps for name in step.datasets} <= set(datasets(CURRENT_EXERCISE))


def test_there_is_room_to_note_the_manifests_hash_by_hand() -> None:
    _what, room = table(payroll(), "By hand", "").columns
    assert room.shown is Shown.BLANK
    assert any("SHA-256 of the manifest" in str(row[0]) for row in table(payroll(), "By hand", "").rows)


def test_no_rule_that_is_written_down_goes_unused() -> None:
    forms = [
        *MANIFESTS.values(),
        one("payroll", form=WrittenForm.model_validate({"characters": "utf-8"})),
    ]
    shown = {row[2] for each in forms for row in table(each, "Form", "The form of the files").rows}
    assert shown == {rule.text for rule in sheet_words().rules.values()}


def test_names_of_sections_are_short_enough_for_a_sheet_and_unlike_each_other() -> None:
    names = [each.name for each in cover_sheet(payroll()).sections]
    assert all(len(name) <= 31 for name in names)
    assert all(first != second for first, second in pairwise(sorted(names)))


def test_tables_that_a_workbook_shows_as_one_have_the_same_columns() -> None:
    for each in cover_sheet(creditors()).sections:
        if each.together:
            assert len({block.columns for block in each.blocks if isinstance(block, Table)}) == 1


def test_the_same_manifest_gives_the_same_sheet() -> None:
    assert cover_sheet(payroll()) == cover_sheet(payroll())

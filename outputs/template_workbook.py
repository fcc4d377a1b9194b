"""An empty workbook for people who type or paste records: published headings, and guidance for each field.

`nfi check` reads it as it is. Text columns are formatted as text before anything is typed, so that a
spreadsheet keeps leading zeros and does not make dates of sort codes. So are sums and hours: a number
that happens to be whole loses its decimals in a spreadsheet, and 100 could then mean pounds or pence.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from outputs.workbook import MOST_ROWS, Book, Page, sheet_name
from outputs.workbook_styles import NUMBER_FORMATS, Kind, Words, table_style
from outputs.written.spec_format import AMOUNTS
from specs.field_table import NEEDED, codes_in_words, files_in_words, longest
from specs.specification import FieldFormat, Need, Specification, SpecifiedField

GUIDANCE = "Guidance"

_TYPED = {
    FieldFormat.CHARACTER: "Text, as the source system has it; leading zeros stay.",
    FieldFormat.NUMBER: "Digits, as the source system has them; leading zeros stay.",
    FieldFormat.DATE: "Date, such as 31/03/1980.",
    FieldFormat.MONEY: "Pounds with two decimals, such as 1234.50. Type 100.00, not 100.",
    FieldFormat.HOURS: "Hours with a decimal point, such as 37.50. Type 16.00, not 16.",
}
_LONGEST_LIST = 255
"""Characters of a list that stands in a validation itself. Source: Excel specifications and limits."""
_LONGEST_PROMPT = 255
_COLUMNS = {
    "#": 5,
    "Field": 30,
    "How to type it": 50,
    "Needed": 16,
    "Codes": 22,
    "Comment": 60,
    "Evidence": 24,
}
_COMMENT_HEIGHT, _COMMENT_WIDTH = 170, 330  # pixels


def write_template_workbook(target: Path, specification: Specification) -> None:
    """Write the workbook whole, for its owner only, the same bytes on any day.

    A field with a code list that is too long for a spreadsheet's own list, or whose codes hold commas,
    has its codes in the guidance only.

    Raises:
        OutputUnwritable: no permission, no space, or a folder is in the way.
    """
    book = Book(f"{specification.title} {specification.exercise}")
    name = sheet_name(specification.title, [GUIDANCE])
    _write_records_sheet(book, name, specification)
    _write_guidance(book, name, specification)
    book.save(target)


def _write_records_sheet(book: Book, name: str, specification: Specification) -> None:
    sheet: Worksheet = book.workbook.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 45
    for place, field in enumerate(specification.fields, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(14, min(len(field.name) + 4, 34))
        kind = Kind.DATE if field.format is FieldFormat.DATE else Kind.TEXT
        sheet.column_dimensions[letter].number_format = NUMBER_FORMATS[kind]
        cell = sheet.cell(1, place, field.name)
        cell.data_type = "s"  # never a formula, whatever a specification calls a field
        cell.style = Words.ENTRY_HEADING if field.required is Need.ERROR else Words.HEADING
        cell.comment = Comment(_remark(field), "nfi", height=_COMMENT_HEIGHT, width=_COMMENT_WIDTH)
        if rule := _validation(field, f"{letter}2"):
            rule.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(rule)


def _remark(field: SpecifiedField) -> str:
    parts = [_TYPED[field.format], f"{NEEDED[field.required].capitalize()}.", _codes(field), field.comment]
    return "\n".join([*(part for part in parts if part), f"Evidence: {field.evidence}."])


def _codes(field: SpecifiedField) -> str:
    allowed = [value for use in field.checks for value in use.allowed]
    listed = f"One of: {', '.join(allowed)}." if allowed else ""
    needed = codes_in_words(field)
    return f"{listed} {needed.capitalize() + '.' if needed else ''}".strip()


def _validation(field: SpecifiedField, first: str) -> DataValidation | None:
    """What a spreadsheet refuses in a column, with the reason; None where anything goes.

    It only warns where the field is recalled or not confirmed.
    """
    rule = _rule(field, first)
    if rule is not None:
        doubtful = field.evidence in {"recalled", "not confirmed"}
        rule.errorStyle = "warning" if doubtful else "stop"
        rule.showErrorMessage = True
        rule.errorTitle = "nfi"
        rule.error = f"{_TYPED[field.format]} {_codes(field)}".strip()[:_LONGEST_PROMPT]
    return rule


def _rule(field: SpecifiedField, first: str) -> DataValidation | None:
    allowed = ",".join(value for use in field.checks for value in use.allowed)
    holds_commas = any("," in value for use in field.checks for value in use.allowed)
    rule = None
    if allowed and not holds_commas and len(allowed) <= _LONGEST_LIST and '"' not in allowed:
        rule = DataValidation("list", f'"{allowed}"', allow_blank=True)
    elif field.format is FieldFormat.DATE:
        rule = DataValidation("date", "DATE(1900,3,1)", operator="greaterThanOrEqual", allow_blank=True)
    elif field.format in AMOUNTS:
        has_point = f'AND(ISNUMBER(VALUE({first})),ISNUMBER(FIND(".",{first})))'
        rule = DataValidation("custom", has_point, allow_blank=True)
    elif most := longest(field):
        rule = DataValidation("textLength", str(most), operator="lessThanOrEqual", allow_blank=True)
    return rule


def _write_guidance(book: Book, records: str, specification: Specification) -> None:
    page = Page(book, GUIDANCE, list(_COLUMNS.values()))
    page.title(f"{specification.title}, {specification.exercise}: how to fill it in")
    page.words(f"Specification: {specification.label}. One record per {specification.one_record_per}.")
    if specification.notice:
        page.words(specification.notice, Words.NOTICE)
    page.words(
        f"Type or paste records into the sheet '{records}', one on each row, under the headings. "
        "Paste values only, so that columns keep their formats. Leave blank what is not known: a zero is "
        "a true zero. Save, close the workbook, and check it: "
        f"nfi check FILE --dataset {specification.dataset} --exercise {specification.exercise}"
    )
    page.section("Rules of the data set")
    for number, words in files_in_words(specification).items():
        page.words(f"File {number} of {len(specification.files)}: {words}")
    for rule in specification.rules:
        page.words(f"{rule.text} ({rule.evidence})")
    page.section("Fields")
    page.headings(list(_COLUMNS))
    for number, field in enumerate(specification.fields, start=1):
        page.next_row()
        page.put(1, number, table_style(Kind.COUNT))
        texts = (
            field.name,
            _TYPED[field.format],
            NEEDED[field.required],
            _codes(field),
            field.comment,
            field.evidence,
        )
        for column, text in enumerate(texts, start=2):
            page.put(column, text, table_style(Kind.TEXT))
    page.section("Sources")
    for source in specification.sources:
        page.words(f"{source.title}{f': {source.url}' if source.url else ''}")

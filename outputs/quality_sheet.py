"""The part of the findings workbook's summary that tells how complete and how valid each field is."""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

from outputs.data_quality import ASKED_FOR, HOW_IT_IS_COUNTED, FieldQuality, FileQuality
from outputs.workbook import Page, Value
from outputs.workbook_styles import Kind, Words, table_style
from specs.check_record import FieldProfile

_COLUMNS = (
    ("Field", Kind.TEXT),
    ("To be filled", Kind.TEXT),
    ("In words", Kind.TEXT),
    ("Score", Kind.SHARE),
    ("Complete", Kind.SHARE),
    ("Valid", Kind.SHARE),
    ("Distinct", Kind.SHARE),
    ("Values", Kind.COUNT),
    ("Valid values", Kind.COUNT),
    ("Different values", Kind.COUNT),
    ("Commonest value", Kind.SHARE),
    ("Characters", Kind.TEXT),
)
_HEADINGS = tuple(heading for heading, _ in _COLUMNS)
_COMPLETE, _VALID = _HEADINGS.index("Complete") + 1, _HEADINGS.index("Valid") + 1
_WIDTH_CM = 25
_ROWS_PER_FIELD, _ROWS_AROUND = 1.1, 4  # lines of 11 point text
_NAVY, _INK, _GREY, _WHITE = "1F3864", "1F1F1F", "C9C9C9", "FFFFFF"


def write_quality(page: Page, quality: FileQuality) -> None:
    """The score of the file, a table of its fields, how the figures come about, and a chart of them."""
    page.begin_printed_page()
    page.section("Data quality, field by field")
    page.words(quality.in_words(), Words.LABEL)
    for figure, meaning in HOW_IT_IS_COUNTED:
        page.words(f"{meaning}.", label=figure)
    page.words(quality.about_the_figures())
    heading_row = page.headings(_HEADINGS)
    for field in quality.fields:
        page.next_row()
        for column, (value, (_, kind)) in enumerate(zip(_values(field), _COLUMNS, strict=True), start=1):
            page.put(column, value, table_style(kind))
    last_row = page.row
    _chart(page, heading_row, last_row)


def _values(field: FieldQuality) -> tuple[Value, ...]:
    profile = field.profile
    opening = (field.field, ASKED_FOR[field.need], field.in_words(), field.score)
    if profile is None:
        return (*opening, *(None for _ in _COLUMNS[len(opening) :]))
    return (
        *opening,
        field.complete_share,
        field.valid_share,
        field.distinct_share,
        field.filled,
        field.valid,
        profile.distinct,
        profile.commonest_share,
        _lengths(profile),
    )


def _lengths(profile: FieldProfile) -> str | None:
    if profile.shortest is None or profile.longest is None:
        return None
    if profile.shortest == profile.longest:
        return str(profile.shortest)
    return f"{profile.shortest} to {profile.longest}"


def _chart(page: Page, heading_row: int, last_row: int) -> None:
    """Bars from left to right, a dark and a hatched one for each field, in the order of the table."""
    page.begin_printed_page()
    page.section("Complete and valid, field by field")
    page.words("The columns 'Complete' and 'Valid' of the table above, as a picture. Full bars are best.")
    chart = BarChart()
    chart.type = "bar"
    chart.width = _WIDTH_CM
    chart.gapWidth = 40
    chart.legend.position = "t"
    for column in (_COMPLETE, _VALID):
        chart.add_data(page.cells(column, heading_row, last_row), titles_from_data=True)
    chart.set_categories(page.cells(1, heading_row + 1, last_row))
    complete, valid = chart.series
    complete.graphicalProperties = GraphicalProperties(solidFill=_NAVY)
    hatched = PatternFillProperties(prst="wdUpDiag", fgClr=_colour(_NAVY), bgClr=_colour(_WHITE))
    valid.graphicalProperties = GraphicalProperties(pattFill=hatched, ln=_line(_NAVY))
    chart.x_axis.scaling.orientation = "maxMin"  # the first field at the top
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorUnit = 0.25
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(_GREY)))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _small_text()
    page.chart(
        chart,
        rows=round(_ROWS_PER_FIELD * (last_row - heading_row)) + _ROWS_AROUND,
        alt_text="Two bars for each field: how many records have a value, and how many values are valid. "
        "The figures stand in the columns 'Complete' and 'Valid' of the table above.",
    )


def _colour(rgb: str) -> ColorChoice:
    return ColorChoice(srgbClr=rgb)  # type: ignore[arg-type]  # a text, as openpyxl's documentation has it


def _line(colour: str) -> LineProperties:
    return LineProperties(w=6_350, solidFill=colour)  # half a point


def _small_text() -> RichText:
    small = CharacterProperties(sz=900, solidFill=_INK)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=small), endParaRPr=small)])

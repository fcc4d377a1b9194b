"""A workbook as a file: whole or not at all, for its owner only, and the same bytes on any day."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.drawing.graphic import GraphicFrame
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.core import DocumentProperties
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from specs.private_files import written_whole

if TYPE_CHECKING:
    from _typeshed import SizedBuffer

ALT_TEXT = "alt_text"
"""The attribute of a chart that says in words what it shows."""

_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP archive can hold
_MADE_ON_DOS = 0  # the same entry whatever system writes it


def new_workbook(title: str) -> Workbook:
    """An empty workbook with a title for its properties and no date in them."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties = _UndatedProperties(creator="nfi", title=title)
    return workbook


def save_workbook(workbook: Workbook, target: Path) -> None:
    """Write the workbook so that the same content gives the same bytes on any day, in any time zone.

    Nothing is left in the system's temporary folder: sheets are put together in memory.

    Raises:
        OutputUnwritable: no permission, no space, or a folder is in the way.
    """
    with written_whole(target) as temporary, _UndatedArchive(temporary, "w", ZIP_DEFLATED) as archive:
        _Writer(workbook, archive).save()


def workbook_bytes(workbook: Workbook) -> bytes:
    """The same as a file's content, for where nothing may be written to disk."""
    content = BytesIO()
    with _UndatedArchive(content, "w", ZIP_DEFLATED) as archive:
        _Writer(workbook, archive).save()
    return content.getvalue()


class _UndatedProperties(DocumentProperties):
    """Document properties without the times that openpyxl would stamp."""

    __elements__ = tuple(n for n in DocumentProperties.__elements__ if n not in {"created", "modified"})
    __nested__ = DocumentProperties.__nested__


class _UndatedArchive(ZipFile):
    """A ZIP archive whose entries carry no time and no system."""

    def writestr(
        self, zinfo_or_arcname: str | ZipInfo, data: SizedBuffer | str, *_: object, **__: object
    ) -> None:
        entry = ZipInfo(str(getattr(zinfo_or_arcname, "filename", zinfo_or_arcname)), _NO_DATE)
        entry.create_system = _MADE_ON_DOS
        entry.compress_type = ZIP_DEFLATED
        super().writestr(entry, data)


class _Writer(ExcelWriter):
    """openpyxl's writer, except that a sheet goes from memory to the archive without a temporary file."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = _DescribedDrawing()  # type: ignore[attr-defined]
        ws._drawing.charts = ws._charts  # type: ignore[attr-defined]
        writer = _SheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels  # type: ignore[attr-defined]
        self._archive.writestr(ws.path[1:], writer.read())  # type: ignore[attr-defined]
        self.manifest.append(ws)


class _DescribedDrawing(SpreadsheetDrawing):
    """The charts of a sheet, each with what it shows in words, for those who cannot see it."""

    __elements__ = SpreadsheetDrawing.__elements__

    def _chart_frame(self, idx: int) -> GraphicFrame:
        frame: GraphicFrame = super()._chart_frame(idx)  # type: ignore[misc]
        properties = frame.nvGraphicFramePr.cNvPr
        properties.descr = getattr(self.charts[idx - 1], ALT_TEXT, None)  # type: ignore[attr-defined]
        return frame


class _SheetWriter(WorksheetWriter):
    """openpyxl's sheet writer, with one element that it leaves out."""

    def write_breaks(self) -> None:
        """Also keep Excel from putting a warning triangle on every reference that is all digits."""
        super().write_breaks()
        ignored = Element("ignoredErrors")
        whole = self.ws.dimensions  # type: ignore[union-attr]
        SubElement(ignored, "ignoredError", sqref=whole, numberStoredAsText="1")
        self.xf.send(ignored)

"""Made-up documents that look like published specifications."""

from __future__ import annotations

from collections.abc import Sequence

Row = tuple[str, ...]

HEADINGS = ("Field No.", "Field name", "Format", "Comments")
FIELDS: tuple[Row, ...] = (
    ("1", "Employee reference number", "Character", "Unique"),
    ("2", "Surname", "Character", ""),
    ("3", "Date of birth", "Date", ""),
    ("4", "Gross pay to date", "Numeric", "Gross, not taxable"),
)


def pdf(*pages: Sequence[Row], ruled: bool = True, widths: Sequence[int] = (60, 180, 80, 200)) -> bytes:
    """A PDF with a table on each page, its cells on one line each, with ruled lines or without."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, rows in enumerate(pages):
        content = _table(rows, widths, ruled=ruled)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _file(objects)


def _table(rows: Sequence[Row], widths: Sequence[int], *, ruled: bool) -> str:
    drawn = []
    for place, row in enumerate(rows):
        bottom, left = 740 - 20 * place, 30
        for width, text in zip(widths, row, strict=False):
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            drawn.append(f"BT /F1 9 Tf {left + 3} {bottom + 6} Td ({escaped}) Tj ET")
            if ruled:
                drawn.append(f"{left} {bottom} {width} 20 re S")
            left += width
    return "\n".join(drawn)


def _file(objects: Sequence[str]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + end.encode()


def html(rows: Sequence[Row]) -> bytes:
    """A web page with the table, end tags of cells and rows left out as browsers allow."""
    lines = "".join(f"<tr>{''.join(f'<td><p>{cell}</p>' for cell in row)}" for row in rows)
    return f"<!DOCTYPE html><title>No | Field name</title><h1>Payroll</h1><table>{lines}</table>".encode()


def csv(rows: Sequence[Row]) -> bytes:
    """The table as CSV."""
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows).encode("utf-8-sig")

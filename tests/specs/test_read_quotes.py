"""The character around values: double quotation mark, inverted comma, or none. Every value is invented."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from specs.errors import ExtractUnreadable
from specs.read import Extract, ReadingOptions, open_extract
from tests.examples import examples
from tests.reading import records, records_or_refusal


def saved(folder: Path, text: str) -> Path:
    path = folder / "extract.csv"
    path.write_bytes(text.encode())
    return path


def opened(folder: Path, text: str, **options: Any) -> Extract:
    return open_extract(saved(folder, text), ReadingOptions(**options))


@pytest.mark.parametrize(
    ("text", "headings", "first", "title"),
    [
        pytest.param(
            "'Name','Sum'\n'O''Neill, Ann','1,000.00'\n",
            ("Name", "Sum"),
            (2, "O'Neill, Ann", "1,000.00"),
            "comma-separated, values in inverted commas",
            id="inverted commas",
        ),
        pytest.param(
            "Name|Sum\n'Ann | Bo'|1.00\n'Cy'|2.00\n",
            ("Name", "Sum"),
            (2, "Ann | Bo", "1.00"),
            "pipe-separated, values in inverted commas",
            id="around text only",
        ),
        pytest.param(
            'Name,Sum\n"O\'Neill, Ann",1.00\n',
            ("Name", "Sum"),
            (2, "O'Neill, Ann", "1.00"),
            "comma-separated",
            id="double quotation marks",
        ),
        pytest.param(
            "Name,Code\nO'Neill,'00123\n'Ann',7\nBo,8\nCy,9\n",
            ("Name", "Code"),
            (2, "O'Neill", "'00123"),
            "comma-separated",
            id="apostrophes, and one quoted value among many",
        ),
        pytest.param(
            "Name,Code\n'Ann',\"1\"\n'Bo',\"2\"\n",
            ("Name", "Code"),
            (2, "'Ann'", "1"),
            "comma-separated",
            id="inverted commas inside what double ones surround",
        ),
    ],
)
def test_the_text_qualifier_is_detected_and_shown(
    tmp_path: Path, text: str, headings: tuple[str, ...], first: tuple[Any, ...], title: str
) -> None:
    extract = opened(tmp_path, text)
    assert extract.headings == headings
    assert records(extract)[0] == first
    assert extract.format.describe() == f"{title}, UTF-8"


@pytest.mark.parametrize(
    ("quote", "first"),
    [
        ("double", (2, "'a'", "b|c")),
        ('"', (2, "'a'", "b|c")),
        ("Double", (2, "'a'", "b|c")),
    ],
)
def test_the_text_qualifier_can_be_named(tmp_path: Path, quote: str, first: tuple[Any, ...]) -> None:
    assert records(opened(tmp_path, "x|y\n'a'|\"b|c\"\n", quote=quote))[0] == first


def test_without_a_text_qualifier_quotation_marks_are_characters(tmp_path: Path) -> None:
    text = 'Item|Size\n"pipe|5"\n12" pipe|"\n'
    extract = opened(tmp_path, text, quote="none")
    assert records(extract) == [(2, '"pipe', '5"'), (3, '12" pipe', '"')]
    assert extract.format.layout == "pipe-separated, quotation marks as characters"


@pytest.mark.parametrize("quote", ["", "x", "''", "tab"])
def test_what_cannot_be_a_text_qualifier_is_refused(tmp_path: Path, quote: str) -> None:
    with pytest.raises(ExtractUnreadable, match="cannot be the text qualifier"):
        opened(tmp_path, "a,b\n1,2\n", quote=quote)


def test_a_text_qualifier_cannot_be_the_delimiter(tmp_path: Path) -> None:
    with pytest.raises(ExtractUnreadable, match="cannot be the delimiter"):
        opened(tmp_path, "a,b\n1,2\n", quote="single", delimiter="'")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("'a','b'\n'1','2'\n'3','x\n5,6\n", "row 3 opens a quotation mark", id="to the end"),
        pytest.param(
            "'a','b'\n'1','2'\n3,'x\n5,'6'\n7,8\n",
            "row 3 opens a quotation mark",
            id="to the next one in the same column",
        ),
    ],
)
def test_an_inverted_comma_left_open_is_found(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ExtractUnreadable, match=said):
        records(opened(tmp_path, text, quote="single"))


VALUES = st.one_of(
    st.text("',\"|\n\r aé", max_size=6),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
)


@settings(deadline=None, max_examples=examples(67))
@given(
    rows=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@example(rows=[("", "'")], quoting=csv.QUOTE_ALL)
def test_any_table_written_with_inverted_commas_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], quoting: Any
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quotechar="'", quoting=quoting, lineterminator="\r\n")
    writer.writerows([("heading 1", "heading 2"), *rows])
    expected = [(number, *row) for number, row in enumerate(rows, start=2) if "".join(row).strip()]
    folder = tmp_path_factory.getbasetemp()
    is_plain = quoting == csv.QUOTE_ALL and not set('"\r\n') & set("".join(map("".join, rows)))
    for quote in ("single", None if is_plain else "single"):
        if not expected:
            with pytest.raises(ExtractUnreadable, match="no records"):
                records(opened(folder, text.getvalue(), quote=quote, encoding="utf-8"))
        else:
            found = records(opened(folder, text.getvalue(), quote=quote, delimiter=",", encoding="utf-8"))
            assert found == expected


@settings(deadline=None, max_examples=examples(100))
@given(
    content=st.text("ab'\",|\n\r ", max_size=60), quote=st.sampled_from([None, "single", "double", "none"])
)
def test_any_text_with_any_text_qualifier_gives_records_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, content: str, quote: str | None
) -> None:
    path = saved(tmp_path_factory.getbasetemp(), content)
    records_or_refusal(path, ReadingOptions(quote=quote))

"""Tables of web pages, also of careless ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.published.html_tables import read_html


@pytest.mark.parametrize(
    ("page", "tables"),
    [
        pytest.param("<table><tr><th>a</th><td>b</td></tr></table>", [[["a", "b"]]], id="plain"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c</table>", [[["a", "b"], ["c", ""]]], id="no end tags"),
        pytest.param("<TABLE><TR><TD>a &amp;<BR>b</TABLE>", [[["a & b"]]], id="capitals, entity, break"),
        pytest.param(
            "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", [[["a", "b"], ["a", "c"]]], id="reaches down"
        ),
        pytest.param(
            "<table><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e</table>",
            [[["a", "", "b"], ["c", "d", "e"]]],
            id="reaches across",
        ),
        pytest.param(
            "<table><tr><td>a<table><tr><td>b</table>c</table>", [[["b"]], [["a c"]]], id="one inside another"
        ),
        pytest.param("<table><tr><td>a", [[["a"]]], id="cut off"),
        pytest.param(
            "<style>td {}</style><table><tr><td>a<script>1</script></table>", [[["a"]]], id="scripts"
        ),
        pytest.param("<table></table><p>x", [[]], id="empty"),
    ],
)
def test_each_cell_stands_in_its_row_and_column(page: str, tables: list[list[list[str]]]) -> None:
    assert read_html(page)[0] == tables


def test_text_comes_out_line_by_line() -> None:
    assert read_html("<h1>One</h1>two <b>three</b><br>four<li>five")[1] == [
        "One",
        "two three",
        "four",
        "five",
    ]


@given(
    st.lists(
        st.sampled_from(
            ["<table>", "</table>", "<tr>", "<td>", "</td>", "<td rowspan=3 colspan=2>", "<p>", "x", "<"]
        )
    ).map("".join)
)
def test_any_tags_in_any_order_make_tables_whose_rows_are_equally_long(page: str) -> None:
    for rows in read_html(page)[0]:
        assert len({len(row) for row in rows}) <= 1

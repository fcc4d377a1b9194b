"""Pay.UK's tables as users give them: a folder or a file, and what is wrong with it in plain words."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.modulus_tables import Method, ModulusTablesInvalid, read_modulus_tables

ONE = "100000 100009 MOD11    0    0    0    0    0    0    8    7    6    5    4    3    2    1\r\n"
TWO = "100000 100009 DBLAL    2    1    2    1    2    1    2    1    2    1    2    1    2    1   6\r\n"


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name.replace('_', '-')}.txt").write_bytes(text.encode())
    return tmp_path


def test_a_line_holds_a_range_a_method_fourteen_weights_and_at_times_an_exception(tmp_path: Path) -> None:
    tables = read_modulus_tables(folder_with(tmp_path, valacdos_v8=ONE + TWO, scsubtab="100001 200002\r\n"))
    one, two = tables.weight_lines
    assert (one.first, one.last, one.method, one.exception) == (100000, 100009, Method.MOD11, 0)
    assert one.weights == (0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1)
    assert (two.method, two.exception) == (Method.DBLAL, 6)
    assert tables.lines_of[:, 100009].tolist() == [0, 1]
    assert tables.lines_of[:, 100010].tolist() == [-1, -1]
    assert tables.substitutes[[100001, 100002]].tolist() == [200002, 100002]


def test_the_file_can_be_named_itself_and_does_without_substitutions(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, weights=ONE + "\x1a")
    tables = read_modulus_tables(folder / "weights.txt")
    assert len(tables.weight_lines) == 1
    assert np.array_equal(tables.substitutes, np.arange(1_000_000))


def test_weights_may_be_negative_or_have_three_digits(tmp_path: Path) -> None:
    tables = read_modulus_tables(folder_with(tmp_path, valacdos=ONE.replace("  8    7", "128   -1")))
    assert tables.weight_lines[0].weights[6:8] == (128, -1)


def test_tables_travel_to_another_process_in_few_bytes(tmp_path: Path) -> None:
    tables = read_modulus_tables(folder_with(tmp_path, valacdos=ONE + TWO, scsubtab="100001 200002\r\n"))
    sent = pickle.dumps(tables)
    arrived = pickle.loads(sent)
    assert (arrived.weight_lines, arrived.digest) == (tables.weight_lines, tables.digest)
    assert (arrived.lines_of == tables.lines_of).all()
    assert (arrived.substitutes == tables.substitutes).all()
    assert len(sent) < 10_000


def test_other_tables_have_another_digest(tmp_path: Path) -> None:
    first = read_modulus_tables(folder_with(tmp_path, valacdos=ONE))
    again = read_modulus_tables(tmp_path)
    other = read_modulus_tables(folder_with(tmp_path, valacdos=TWO))
    assert first.digest == again.digest != other.digest


@pytest.mark.parametrize(
    ("files", "says"),
    [
        pytest.param({}, "no file called valacdos", id="empty folder"),
        pytest.param({"valacdos": "\r\n"}, "nothing in it", id="empty file"),
        pytest.param(
            {"valacdos": ONE + "sort code,account\r\n"}, "valacdos.txt line 2: not in", id="other layout"
        ),
        pytest.param(
            {"valacdos": TWO.replace("   6\r", "  15\r")}, "newer than this version", id="exception 15"
        ),
        pytest.param({"valacdos": ONE.replace("MOD11", "MOD97")}, "newer than this version", id="method"),
        pytest.param({"valacdos": ONE.replace("100009", "099999")}, "not in", id="range backwards"),
        pytest.param(
            {"valacdos": TWO.replace(" 2    1   6", "10    1   6")}, "not in", id="DBLAL weight of 10"
        ),
        pytest.param({"valacdos": ONE + TWO + ONE}, "three lines for one sort code", id="three lines"),
        pytest.param(
            {"valacdos": ONE, "valacdos_new": ONE}, "several files called valacdos", id="two tables"
        ),
        pytest.param(
            {"valacdos": ONE, "scsubtab": "1 2\r\n"}, "scsubtab.txt line 1: not in", id="substitution"
        ),
        pytest.param({"valacdos": "Pay.UK £"}, "cannot be read as text", id="no table"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path: Path, files: dict[str, str], says: str) -> None:
    with pytest.raises(ModulusTablesInvalid) as raised:
        read_modulus_tables(folder_with(tmp_path, **files))
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModulusTablesInvalid, match="no such file or folder"):
        read_modulus_tables(tmp_path / "nothing")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("tables") / "valacdos.txt"
    file.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    with pytest.raises(ModulusTablesInvalid):
        read_modulus_tables(file)

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.sealed.veiled_file import veiled_file

STEPS = st.lists(
    st.tuples(st.just("read"), st.integers(-1, 70))
    | st.tuples(st.just("seek"), st.integers(0, 200))
    | st.tuples(st.just("end"), st.integers(-60, 5)),
    max_size=12,
)


@given(pieces=st.lists(st.binary(max_size=40), max_size=8), steps=STEPS)
def test_it_reads_as_any_file_does(pieces: list[bytes], steps: list[tuple[str, int]]) -> None:
    plain = io.BytesIO()
    with veiled_file() as veiled:
        for piece in pieces:
            plain.write(piece)
            veiled.write(piece)
        for what, number in steps:
            if what == "read":
                assert veiled.read(number) == plain.read(number)
            elif what == "seek":
                assert veiled.seek(number) == plain.seek(number)
            elif len(plain.getvalue()) + number >= 0:
                assert veiled.seek(number, io.SEEK_END) == plain.seek(number, io.SEEK_END)
            assert veiled.tell() == plain.tell()


def test_nothing_in_it_can_be_read_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    raw.close = lambda: None  # type: ignore[method-assign]
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: raw)
    with veiled_file() as veiled:
        veiled.write(b"Nadia O'Neill" * 1_000)
        veiled.seek(5)
        assert veiled.read(8) == b" O'Neill"
    assert len(raw.getvalue()) == 13_000
    assert b"Nadia" not in raw.getvalue()
    assert len({raw.getvalue()[at : at + 13] for at in range(0, 13_000, 13)}) == 1_000


def test_it_has_no_name_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with veiled_file() as veiled:
        veiled.write(b"x")
        assert list(tmp_path.iterdir()) == []


def test_it_is_written_from_its_beginning_to_its_end_alone() -> None:
    with veiled_file() as veiled:
        veiled.write(b"abc")
        veiled.seek(1)
        with pytest.raises(io.UnsupportedOperation):
            veiled.write(b"x")
        with pytest.raises(OSError, match="before the beginning"):
            veiled.seek(-1)

"""Files that a person names: each fault in one line. Every value here is invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from outputs.sealed.age_keys import AgeKeyUnusable, read_identities, read_recipients
from outputs.sealed.passphrase import PassphraseUnfit, read_passphrase_file
from outputs.sealed.signature import KeyUnusable, read_private_key, read_public_key
from outputs.sealed.small_files import read_small_file
from specs.errors import NfiError


def read(path: Path) -> bytes:
    return read_small_file(path, NfiError, at_most=4, missing="Make one.", name="Name the file.")


def test_a_file_of_the_size_that_is_allowed_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"1234")
    assert read(tmp_path / "key") == b"1234"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("gone", "gone: no such file. Make one.", id="not there"),
        pytest.param(".", "is a folder. Name the file.", id="folder"),
        pytest.param(
            "large", "large: has more than 4 bytes, so it is another file. Name the file.", id="large"
        ),
        pytest.param("large/key", "large/key: ", id="below a file"),
    ],
)
def test_each_fault_is_one_line_without_the_content(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "large").write_bytes(b"12345")
    with pytest.raises(NfiError) as raised:
        read(tmp_path / name)
    assert said in str(raised.value)
    assert "12345" not in str(raised.value)


@pytest.mark.parametrize(
    ("reader", "fault"),
    [
        (read_passphrase_file, PassphraseUnfit),
        (read_private_key, KeyUnusable),
        (read_public_key, KeyUnusable),
        (read_identities, AgeKeyUnusable),
        (lambda path: read_recipients((), [path]), AgeKeyUnusable),
    ],
)
def test_secrets_and_keys_are_read_with_a_limit(
    reader: Callable[[Path], object], fault: type[NfiError], tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_bytes(b"-----BEGIN\n" + bytes(2 << 20))
    with pytest.raises(fault, match="has more than"):
        reader(tmp_path / "wrong")

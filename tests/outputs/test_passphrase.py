"""Every passphrase here is invented."""

import codecs
from pathlib import Path

import pytest

from outputs.passphrase import PassphraseUnfit, read_passphrase_file, require_fit_passphrase

BODY = "Anytown Borough Council"


@pytest.mark.parametrize(
    "passphrase",
    [
        "orbit-lantern-velvet-moss",
        "orbit lantern velvet moss",
        "x7Kq!2mWz#9p",
        'with "quotes" & <signs> 123',
        "a1b2c3" + "z" * 93,
    ],
)
def test_a_strong_passphrase_passes(passphrase: str) -> None:
    require_fit_passphrase(passphrase, body=BODY)


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        pytest.param("", "too short", id="nothing"),
        pytest.param("x7Kq!2mWz#9", "too short", id="eleven characters"),
        pytest.param("a1b2c3" + "z" * 94, "too long", id="more than 7-Zip takes"),
        pytest.param("orbit-lantern-£-moss", "in different ways", id="pound sign"),
        pytest.param("orbit-lantérn-moss", "in different ways", id="accent"),
        pytest.param("orbit-lantern\tmoss", "in different ways", id="tab"),
        pytest.param("orbit-lantern-moss ", "space", id="space at the end"),
        pytest.param(" orbit-lantern-moss", "space", id="space at the beginning"),
        pytest.param("aaaaaaaaaaaaaaaa", "easily guessed", id="one character"),
        pytest.param("AnytownCouncil2026!", "easily guessed", id="the body's own name and the year"),
        pytest.param("Password-Password-1", "easily guessed", id="password"),
        pytest.param("NationalFraudInitiative1", "easily guessed", id="the name of the exercise"),
    ],
)
def test_a_weak_passphrase_is_refused_without_being_quoted(passphrase: str, reason: str) -> None:
    with pytest.raises(PassphraseUnfit, match=reason) as raised:
        require_fit_passphrase(passphrase, body=BODY)
    assert raised.value.exit_code == 2
    assert not passphrase or passphrase not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"orbit lantern\n", id="one line"),
        pytest.param(b"orbit lantern", id="no line end"),
        pytest.param(b"orbit lantern\r\n", id="Windows line end"),
        pytest.param(b"orbit lantern\nsecond line\n", id="more lines"),
        pytest.param(codecs.BOM_UTF8 + b"orbit lantern\n", id="Notepad"),
        pytest.param("orbit lantern\r\n".encode("utf-16"), id="PowerShell"),
        pytest.param(codecs.BOM_UTF16_BE + "orbit lantern\n".encode("utf-16-be"), id="the other way round"),
    ],
)
def test_the_passphrase_is_the_first_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "passphrase.txt"
    file.write_bytes(content)
    assert read_passphrase_file(file) == "orbit lantern"


def test_spaces_stay_so_that_they_can_be_refused(tmp_path: Path) -> None:
    file = tmp_path / "passphrase.txt"
    file.write_text(" orbit lantern \n")
    assert read_passphrase_file(file) == " orbit lantern "


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "first line is empty", id="empty file"),
        pytest.param(b"\norbit lantern\n", "first line is empty", id="empty first line"),
        pytest.param(b"orbit\xff\xe9lantern\n", "not a text file", id="bytes that are not UTF-8"),
        pytest.param(codecs.BOM_UTF16_LE + b"o", "not a text file", id="half a character"),
    ],
)
def test_a_file_without_a_passphrase_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "passphrase.txt"
    file.write_bytes(content)
    with pytest.raises(PassphraseUnfit, match=reason) as raised:
        read_passphrase_file(file)
    assert "orbit" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(PassphraseUnfit, match=r"passphrase\.txt: no such file"):
        read_passphrase_file(tmp_path / "passphrase.txt")
    with pytest.raises(PassphraseUnfit, match="is a folder"):
        read_passphrase_file(tmp_path)

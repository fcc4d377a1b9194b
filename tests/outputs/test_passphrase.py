"""Every passphrase here is invented."""

import codecs
import math
import re
from pathlib import Path

import pytest

from outputs.sealed import passphrase as module
from outputs.sealed.passphrase import (
    MINIMUM_GUESSES,
    ChosenPassphrase,
    PassphraseUnfit,
    choose_passphrase,
    generated_passphrase,
    read_passphrase_file,
    require_fit_passphrase,
)

BODY = "Anytown Borough Council"


@pytest.mark.parametrize(
    "passphrase",
    [
        "orbit-lantern-velvet-moss",
        "orbit lantern velvet moss",
        "x7Kq!2mWz#9pQ4",
        'with "quotes" & <signs> 123',
        "z" * 77 + "orbit lantern velvet m",
        "k7w-dq4-9tz-hhx-m2c-vr8-pya",
    ],
)
def test_a_strong_passphrase_passes(passphrase: str) -> None:
    require_fit_passphrase(passphrase, body=BODY)


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        pytest.param("", "too short", id="nothing"),
        pytest.param("x7Kq!2mWz#9pQ", "too short", id="thirteen characters"),
        pytest.param("orbit lantern velvet moss " * 3 + "x" * 22, "too long", id="more than 7-Zip takes"),
        pytest.param("orbit-lantern-£-moss", "in different ways", id="pound sign"),
        pytest.param("orbit-lantérn-moss", "in different ways", id="accent"),
        pytest.param("orbit-lantern\tmoss", "in different ways", id="tab"),
        pytest.param("orbit-lantern-moss ", "space", id="space at the end"),
        pytest.param(" orbit-lantern-moss", "space", id="space at the beginning"),
        pytest.param("aaaaaaaaaaaaaaaa", "easily guessed", id="one character"),
        pytest.param("AnytownCouncil2026!", "easily guessed", id="the body's own name and the year"),
        pytest.param("Password-Password-1", "easily guessed", id="password"),
        pytest.param("NationalFraudInitiative1", "easily guessed", id="the name of the exercise"),
        pytest.param("anytownboroughcouncil", "easily guessed", id="the body's name in one word"),
        pytest.param("licnuoChguoroBnwotynA", "easily guessed", id="the body's name backwards"),
        pytest.param("P@ssw0rd!P@ssw0rd!", "easily guessed", id="signs for letters"),
        pytest.param("qwertyuiopasdfghjkl", "easily guessed", id="along the keyboard"),
        pytest.param("Summer2026!Summer2026!", "easily guessed", id="the same twice"),
        pytest.param("Manchester United 1999", "easily guessed", id="a club and a year"),
        pytest.param("01/04/2026-31/03/2027", "easily guessed", id="dates"),
        pytest.param("a" * 99, "easily guessed", id="one character to the end"),
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


def test_the_name_of_another_body_is_no_weakness_of_ours() -> None:
    name = "TredegarBlaenauGwent17"
    require_fit_passphrase(name, body=BODY)
    with pytest.raises(PassphraseUnfit, match="easily guessed"):
        require_fit_passphrase(name, body="Gwent, Blaenau & Tredegar")


def test_a_passphrase_of_random_characters_needs_no_more_than_the_least_length() -> None:
    assert 10**module.MINIMUM_LENGTH == MINIMUM_GUESSES


def test_generated_passphrases_are_strong_and_never_the_same() -> None:
    made = {generated_passphrase() for _ in range(200)}
    assert len(made) == 200
    for passphrase in made:
        assert re.fullmatch(r"([a-hjkmnp-z2-9]{3}-){6}[a-hjkmnp-z2-9]{3}", passphrase)
        require_fit_passphrase(passphrase, body=BODY)


def test_generated_passphrases_hold_a_hundred_bits() -> None:
    used = {character for _ in range(500) for character in generated_passphrase()} - {"-"}
    assert len(used) == 31
    assert math.log2(len(used)) * 21 > 100


def asked() -> str:
    return "typed by hand"


def chosen(
    tmp_path: Path,
    *,
    file: bool = False,
    generate: bool = False,
    variable: str | None = None,
    terminal: bool = False,
) -> ChosenPassphrase:
    (tmp_path / "passphrase.txt").write_text("out of a file\n")
    return choose_passphrase(
        file=tmp_path / "passphrase.txt" if file else None,
        generate=generate,
        environment={} if variable is None else {"NFI_PASSPHRASE": variable},
        ask=asked if terminal else None,
    )


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param({"file": True, "variable": "x", "terminal": True}, "out of a file", id="a file first"),
        pytest.param({"variable": "out of it", "terminal": True}, "out of it", id="then the environment"),
        pytest.param({"terminal": True}, "typed by hand", id="then a person"),
    ],
)
def test_the_nearest_source_is_taken(tmp_path: Path, given: dict[str, bool], text: str) -> None:
    assert chosen(tmp_path, **given) == ChosenPassphrase(text)  # type: ignore[arg-type]


def test_a_generated_one_is_marked_as_still_to_be_shown(tmp_path: Path) -> None:
    made = chosen(tmp_path, generate=True, variable="x", terminal=True)
    assert made.generated
    assert len(made.text) == 27
    assert made.text not in repr(made)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"file": True, "generate": True}, "cannot be both read", id="contradiction"),
        pytest.param({"variable": "", "terminal": True}, "NFI_PASSPHRASE is empty", id="empty variable"),
        pytest.param({}, "no terminal to ask", id="nobody to ask"),
    ],
)
def test_without_a_clear_source_nothing_is_guessed(tmp_path: Path, given: dict[str, bool], said: str) -> None:
    with pytest.raises(PassphraseUnfit, match=said) as raised:
        chosen(tmp_path, **given)  # type: ignore[arg-type]
    assert "\n" not in str(raised.value)

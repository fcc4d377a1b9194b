"""Keys of age. Every key here was made for tests."""

from __future__ import annotations

import re
from pathlib import Path

import pyrage
import pytest

from outputs.sealed.age_keys import AgeKeyUnusable, read_identities, read_recipients

IDENTITY = pyrage.x25519.Identity.generate()
KEY = str(IDENTITY.to_public())
OTHER = str(pyrage.x25519.Identity.generate().to_public())
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
ECDSA = (
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOeVWgDB6eSUBdGqHxb/"
    "cjtSjLSHOTRCwTc5PtLyKtOSMEuELGkLrwZlmgPA3UGw4zzpVBKsJ3Gq1RLvrsC6bD4="
)


def test_keys_of_the_command_line_and_of_files_are_taken_once_each(tmp_path: Path) -> None:
    file = tmp_path / "recipients.txt"
    file.write_text(f"\ufeff# the auditor\r\n\r\n{OTHER}\r\n  {KEY}\n{SSH} auditor@example.org\n")
    recipients = read_recipients([f" {KEY} "], [file])
    assert recipients.keys == (KEY, OTHER, SSH)
    assert len(recipients.made) == 3


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param(str(IDENTITY), "age recipient 1: is a secret key", id="secret key"),
        pytest.param("-----BEGIN OPENSSH PRIVATE KEY-----", "is a secret key", id="secret key of SSH"),
        pytest.param("", "not a key that age encrypts for", id="nothing"),
        pytest.param(KEY[:-1] + ("q" if KEY[-1] != "q" else "p"), "not a key that age", id="mistyped"),
        pytest.param("auditor.pub", "not a key that age encrypts for", id="name of a file"),
        pytest.param(ECDSA, "not a key that age encrypts for", id="another kind of SSH key"),
        pytest.param("ssh-ed25519 AAAA", "not a key that age encrypts for", id="half a key of SSH"),
    ],
)
def test_what_is_no_recipient_is_refused_without_being_quoted(key: str, said: str) -> None:
    with pytest.raises(AgeKeyUnusable, match=re.escape(said)) as raised:
        read_recipients([key])
    assert not key or key not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_the_line_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "recipients.txt").write_text(f"{KEY}\nage1nobody\n")
    with pytest.raises(AgeKeyUnusable, match=r"recipients\.txt, line 2: not a key"):
        read_recipients([], [tmp_path / "recipients.txt"])


def test_nobody_to_encrypt_for_is_refused(tmp_path: Path) -> None:
    (tmp_path / "recipients.txt").write_text("# nobody yet\n")
    for files in ([], [tmp_path / "recipients.txt"]):
        with pytest.raises(AgeKeyUnusable, match="no age recipient is given"):
            read_recipients([], files)


def test_identities_of_a_file_open_what_was_encrypted_for_them(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"# created: today\n# public key: {KEY}\n{IDENTITY}\n")
    (identity,) = read_identities(tmp_path / "key.txt").made
    assert pyrage.decrypt(pyrage.encrypt(b"x", list(read_recipients([KEY]).made)), [identity]) == b"x"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(KEY.encode(), "line 1: not a secret key of age", id="the public key"),
        pytest.param(b"", "holds no key", id="empty"),
        pytest.param(b"\xff\xfe\x00", "not a text file", id="not text"),
        pytest.param(
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "not an Ed25519 or RSA key", id="half a key"
        ),
    ],
)
def test_what_is_no_identity_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "key.txt").write_bytes(content)
    with pytest.raises(AgeKeyUnusable, match=re.escape(said)) as raised:
        read_identities(tmp_path / "key.txt")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("reader", [read_identities, lambda path: read_recipients([], [path])])
def test_a_missing_file_and_a_folder_are_named(tmp_path: Path, reader: type) -> None:
    with pytest.raises(AgeKeyUnusable, match="no such file"):
        reader(tmp_path / "missing.txt")
    with pytest.raises(AgeKeyUnusable, match="is a folder"):
        reader(tmp_path)


def test_secret_keys_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(str(IDENTITY))
    assert "SECRET" not in repr(read_identities(tmp_path / "key.txt"))

"""`nfi key`: keys that sign packages. Every passphrase here is invented."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import nfi.commands.key as nfi_key
from outputs.sealed.signature import (
    fingerprint,
    private_pem,
    read_private_key,
    read_public_key,
    sign,
    verify,
)
from tests.typed import Nfi

PASSPHRASE = "orbit-lantern-velvet-moss"


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE + "\n")
    return tmp_path / "passphrase.txt"


def test_a_new_key_is_a_protected_pair_and_its_fingerprint_is_the_result(
    nfi: Nfi, tmp_path: Path, passphrase: Path
) -> None:
    made = nfi("key", "new", "anytown", "--out", tmp_path / "keys", "--passphrase-file", passphrase)
    private, public = tmp_path / "keys" / "anytown.pem", tmp_path / "keys" / "anytown.pub"
    assert (made.code, made.out) == (0, fingerprint(read_public_key(public)) + "\n")
    assert "by another route" in " ".join(made.err.split())
    assert b"ENCRYPTED" in private.read_bytes()
    key = read_private_key(private, lambda: PASSPHRASE)
    assert verify(b"x", sign(b"x", key), read_public_key(public))
    if os.name != "nt":
        assert private.stat().st_mode & 0o777 == 0o600
    assert PASSPHRASE not in made.out + made.err


def test_a_key_without_a_passphrase_has_to_be_asked_for(nfi: Nfi, tmp_path: Path) -> None:
    assert nfi("key", "new", "anytown", "--out", tmp_path).code == 2
    assert list(tmp_path.iterdir()) == []
    assert nfi("key", "new", "anytown", "--out", tmp_path, "--no-passphrase").code == 0
    assert read_private_key(tmp_path / "anytown.pem")


def test_the_passphrase_may_come_from_the_environment(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NFI_KEY_PASSPHRASE", PASSPHRASE)
    made = nfi("key", "new", "anytown", "--out", tmp_path)
    assert made.code == 0
    assert nfi("key", "show", tmp_path / "anytown.pem").out == made.out
    monkeypatch.setenv("NFI_KEY_PASSPHRASE", "harvest-piano-gravel-nine")
    assert nfi("key", "show", tmp_path / "anytown.pem").code == 2


def test_a_weak_passphrase_makes_no_key(nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NFI_KEY_PASSPHRASE", "Password-Password-1")
    refused = nfi("key", "new", "anytown", "--out", tmp_path)
    assert refused.code == 2
    assert "easily guessed" in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["anytown.pem", "anytown.pub"])
def test_no_key_is_ever_written_over(nfi: Nfi, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("the only copy")
    refused = nfi("key", "new", "anytown", "--out", tmp_path, "--no-passphrase")
    assert refused.code == 2
    assert f"{there}: exists already. A key is never written over" in " ".join(refused.err.split())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "the only copy")]


@pytest.mark.parametrize("there", ["anytown.pem", "anytown.pub"])
def test_nor_over_one_that_appears_while_it_is_made(
    nfi: Nfi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    def meanwhile(key: Ed25519PrivateKey, passphrase: str | None) -> bytes:
        (tmp_path / there).write_text("the only copy")
        return private_pem(key, passphrase)

    monkeypatch.setattr(nfi_key, "private_pem", meanwhile)
    refused = nfi("key", "new", "anytown", "--out", tmp_path, "--no-passphrase")
    assert refused.code == 2
    assert f"{there}: exists already. A key is never written over" in " ".join(refused.err.split())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "the only copy")]


@pytest.mark.parametrize("name", ["keys/anytown", "..", ".hidden", ""])
def test_a_name_is_no_path(nfi: Nfi, tmp_path: Path, name: str) -> None:
    assert nfi("key", "new", name, "--out", tmp_path, "--no-passphrase").code == 2
    assert list(tmp_path.iterdir()) == []


def test_contradicting_options_are_refused(nfi: Nfi, tmp_path: Path, passphrase: Path) -> None:
    asked = ("--no-passphrase", "--passphrase-file", passphrase)
    refused = nfi("key", "new", "anytown", "--out", tmp_path / "keys", *asked)
    assert refused.code == 2
    assert "contradict" in refused.err


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_the_fingerprint_is_the_one_that_ssh_keygen_shows(nfi: Nfi, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "k")], check=True)
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(tmp_path / "k.pub")], check=True, capture_output=True, text=True
    ).stdout
    for file in ("k", "k.pub"):
        assert nfi("key", "show", tmp_path / file).out.strip() == shown.split()[1]


def test_what_is_no_key_is_named(nfi: Nfi, tmp_path: Path) -> None:
    (tmp_path / "letter.pub").write_text("Dear auditor")
    for name, said in (("letter.pub", "holds no public key"), ("missing.pub", "no such file")):
        answer = nfi("key", "show", tmp_path / name)
        assert (answer.code, answer.out) == (2, "")
        assert re.search(rf"{name}: {said}", " ".join(answer.err.split()))

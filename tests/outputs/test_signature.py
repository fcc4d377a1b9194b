"""Signatures, with OpenSSL and OpenSSH as judges. Every key here was made for tests."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from outputs.sealed.signature import (
    SIGNATURE_BYTES,
    KeyUnusable,
    fingerprint,
    holds_private_key,
    private_pem,
    public_pem,
    read_private_key,
    read_public_key,
    sign,
    verify,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PASSPHRASE = "orbit-lantern-velvet-moss"
MANIFEST = b'{"name": "submission"}\n'

OPENSSL = shutil.which("openssl")
SSH_KEYGEN = shutil.which("ssh-keygen")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
needs_ssh = pytest.mark.skipif(SSH_KEYGEN is None, reason="ssh-keygen is not installed")


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(OPENSSL), *map(str, arguments)], capture_output=True, check=False)


def ssh_keygen(*arguments: str | Path) -> str:
    command = [str(SSH_KEYGEN), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@given(content=st.binary(max_size=300))
def test_a_signature_holds_for_what_was_signed(content: bytes) -> None:
    signature = sign(content, KEY)
    assert len(signature) == SIGNATURE_BYTES
    assert sign(content, KEY) == signature
    assert verify(content, signature, KEY.public_key())


@given(content=st.binary(min_size=1, max_size=300), data=st.data())
def test_a_signature_does_not_hold_for_anything_else(content: bytes, data: st.DataObject) -> None:
    signature = bytearray(sign(content, KEY))
    changed = bytearray(content)
    changed[data.draw(st.integers(0, len(content) - 1))] ^= 1
    assert not verify(bytes(changed), bytes(signature), KEY.public_key())
    assert not verify(content, bytes(signature), Ed25519PrivateKey.generate().public_key())
    signature[data.draw(st.integers(0, SIGNATURE_BYTES - 1))] ^= 1
    assert not verify(content, bytes(signature), KEY.public_key())


@pytest.mark.parametrize("signature", [b"", b"x", bytes(64), bytes(65), b"-----BEGIN"])
def test_what_is_no_signature_does_not_hold(signature: bytes) -> None:
    assert not verify(MANIFEST, signature, KEY.public_key())


@needs_openssl
@pytest.mark.parametrize(("content", "code"), [(MANIFEST, 0), (MANIFEST + b" ", 1)])
def test_openssl_agrees(tmp_path: Path, content: bytes, code: int) -> None:
    (tmp_path / "anytown.pub").write_bytes(public_pem(KEY.public_key()))
    (tmp_path / "datapackage.json").write_bytes(content)
    (tmp_path / "datapackage.json.sig").write_bytes(sign(MANIFEST, KEY))
    answer = openssl(
        *("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", tmp_path / "anytown.pub"),
        *("-in", tmp_path / "datapackage.json", "-sigfile", tmp_path / "datapackage.json.sig"),
    )
    assert answer.returncode == code


@needs_openssl
@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_keys_of_openssl_sign(tmp_path: Path, passphrase: str | None) -> None:
    protected = ("-aes256", "-pass", f"pass:{passphrase}") if passphrase else ()
    assert openssl("genpkey", "-algorithm", "ed25519", *protected, "-out", tmp_path / "k.pem").returncode == 0
    unlocked = ("-passin", f"pass:{passphrase}") if passphrase else ()
    openssl("pkey", "-in", tmp_path / "k.pem", *unlocked, "-pubout", "-out", tmp_path / "k.pub")
    key = read_private_key(tmp_path / "k.pem", lambda: str(passphrase))
    assert verify(MANIFEST, sign(MANIFEST, key), read_public_key(tmp_path / "k.pub"))


@needs_openssl
def test_openssl_opens_the_keys_that_nfi_writes(tmp_path: Path) -> None:
    (tmp_path / "k.pem").write_bytes(private_pem(KEY, PASSPHRASE))
    shown = openssl("pkey", "-in", tmp_path / "k.pem", "-passin", f"pass:{PASSPHRASE}", "-pubout")
    assert shown.stdout == public_pem(KEY.public_key())
    assert openssl("pkey", "-in", tmp_path / "k.pem", "-passin", "pass:other", "-pubout").returncode != 0


@needs_ssh
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_keys_of_openssh_sign_and_their_fingerprint_is_the_one_it_shows(
    tmp_path: Path, passphrase: str
) -> None:
    if passphrase:
        pytest.importorskip("bcrypt", reason="keys of OpenSSH under a passphrase need bcrypt")
    ssh_keygen("-q", "-t", "ed25519", "-N", passphrase, "-C", "finance@example.org", "-f", tmp_path / "k")
    key = read_private_key(tmp_path / "k", lambda: passphrase)
    public = read_public_key(tmp_path / "k.pub")
    assert verify(MANIFEST, sign(MANIFEST, key), public)
    assert fingerprint(public) == fingerprint(key.public_key())
    assert ssh_keygen("-l", "-f", tmp_path / "k.pub").split()[1] == fingerprint(public)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_what_nfi_writes_it_reads(tmp_path: Path, passphrase: str | None) -> None:
    (tmp_path / "k.pem").write_bytes(private_pem(KEY, passphrase))
    (tmp_path / "k.pub").write_bytes(public_pem(KEY.public_key()))
    assert read_private_key(tmp_path / "k.pem", lambda: PASSPHRASE).private_bytes_raw() == bytes(range(32))
    assert verify(MANIFEST, sign(MANIFEST, KEY), read_public_key(tmp_path / "k.pub"))
    assert holds_private_key(tmp_path / "k.pem")
    assert not holds_private_key(tmp_path / "k.pub")


@pytest.mark.parametrize("typed", ["", "orbit-lantern-velvet-mos", "\udcff"])
def test_another_passphrase_of_the_key_is_told_and_not_quoted(tmp_path: Path, typed: str) -> None:
    (tmp_path / "k.pem").write_bytes(private_pem(KEY, PASSPHRASE))
    with pytest.raises(KeyUnusable, match=r"k\.pem: (another passphrase|the key has a passphrase)") as raised:
        read_private_key(tmp_path / "k.pem", lambda: typed)
    assert not typed or typed not in str(raised.value)


def test_a_protected_key_without_anybody_to_ask_says_how_to_give_the_passphrase(tmp_path: Path) -> None:
    (tmp_path / "k.pem").write_bytes(private_pem(KEY, PASSPHRASE))
    with pytest.raises(KeyUnusable, match="NFI_KEY_PASSPHRASE"):
        read_private_key(tmp_path / "k.pem")


def other_kind(folder: Path, kind: str) -> Path:
    if kind == "x25519":
        openssl("genpkey", "-algorithm", "x25519", "-out", folder / "k")
        openssl("pkey", "-in", folder / "k", "-pubout", "-out", folder / "k.pub")
    else:
        ssh_keygen("-q", "-t", kind, "-N", "", "-f", folder / "k", *(("-b", "2048") if kind == "rsa" else ()))
    return folder / "k"


@needs_openssl
@needs_ssh
@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "x25519"])
def test_keys_of_other_kinds_are_refused_in_plain_words(tmp_path: Path, kind: str) -> None:
    key = other_kind(tmp_path, kind)
    for read, file in ((read_private_key, key), (read_public_key, key.with_suffix(".pub"))):
        with pytest.raises(KeyUnusable, match=r"is a key of another kind\. Only Ed25519 keys sign here"):
            read(file)


@pytest.mark.parametrize("content", [b"", b"Dear auditor", b"\xff\xfe\x00\x01", b"ssh-ed25519 AAAA\n"])
@pytest.mark.parametrize("read", [read_private_key, read_public_key])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes, read: type) -> None:
    (tmp_path / "k").write_bytes(content)
    with pytest.raises(KeyUnusable, match=re.escape(f"{tmp_path / 'k'}: holds no")) as raised:
        read(tmp_path / "k")
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path) -> None:
    for content in (
        private_pem(KEY, None),
        KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
    ):
        (tmp_path / "k").write_bytes(content)
        with pytest.raises(KeyUnusable, match="is a private key, which must stay with its owner"):
            read_public_key(tmp_path / "k")


def test_a_public_key_of_openssh_may_have_spaces_and_a_comment_around_it(tmp_path: Path) -> None:
    line = KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    (tmp_path / "k.pub").write_bytes(b"\n " + line + b" finance@example.org \r\n")
    assert fingerprint(read_public_key(tmp_path / "k.pub")) == fingerprint(KEY.public_key())


@pytest.mark.parametrize("read", [read_private_key, read_public_key])
def test_a_missing_file_and_a_folder_are_named(tmp_path: Path, read: type) -> None:
    with pytest.raises(KeyUnusable, match="no such file"):
        read(tmp_path / "missing.pem")
    with pytest.raises(KeyUnusable, match="is a folder"):
        read(tmp_path)

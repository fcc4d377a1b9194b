"""Signatures with Ed25519 keys: who made the manifest, and through its hashes all that it names."""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
    load_ssh_private_key,
    load_ssh_public_key,
)

from outputs.sealed.small_files import read_small_file
from specs.errors import NfiError

SIGNATURE_BYTES = 64
KEY_VARIABLE = "NFI_KEY_PASSPHRASE"

_FILE_AT_MOST = 1 << 16  # bytes; a key is far smaller, and a wrong file may be huge
# As cryptography begins to say it of PEM and of OpenSSH files.
_WRONG_PASSPHRASE = ("Incorrect password", "Corrupt data: broken checksum")
_PRIVATE = b"PRIVATE KEY-----"
_SSH_PRIVATE = b"-----BEGIN OPENSSH PRIVATE KEY-----"


class KeyUnusable(NfiError):
    """A key file cannot be read or is of another kind. The message never holds any of it."""

    exit_code = 2


def sign(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """The signature of the content, 64 bytes; the same each time for the same content and key."""
    return key.sign(content)


def verify(content: bytes, signature: bytes, public: Ed25519PublicKey) -> bool:
    """Whether this content was signed with the private half of the key."""
    try:
        public.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def fingerprint(public: Ed25519PublicKey) -> str:
    """The key in short, as `ssh-keygen -l` shows it: 'SHA256:' and 43 characters, to compare by eye."""
    blob = base64.b64decode(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1])
    return "SHA256:" + base64.b64encode(sha256(blob).digest()).decode().rstrip("=")


def read_private_key(path: Path, ask: Callable[[], str] | None = None) -> Ed25519PrivateKey:
    """An Ed25519 private key out of a PEM (PKCS 8) or OpenSSH file.

    Args:
        path: the file.
        ask: asked for the key's passphrase where it has one; None where there is nobody to ask.

    Raises:
        KeyUnusable: unreadable, no private key, of another kind, or another passphrase.
    """
    content = _read(path)
    try:
        key = _private_key(content, ask)
    except UnsupportedAlgorithm:
        raise KeyUnusable(
            f"{path}: this kind of key file cannot be opened here. Make a key with: nfi key new"
        ) from None
    except TypeError:  # cryptography's word for a passphrase that is missing
        raise KeyUnusable(
            f"{path}: the key has a passphrase. Give it at a terminal, or set {KEY_VARIABLE}."
        ) from None
    except ValueError as fault:
        if ask and str(fault).startswith(_WRONG_PASSPHRASE):
            raise KeyUnusable(f"{path}: another passphrase was used for this key. Try again.") from None
        raise KeyUnusable(
            f"{path}: holds no private key that can be read. Name the file that nfi key new wrote."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _another_kind(path)
    return key


def _private_key(content: bytes, ask: Callable[[], str] | None) -> PrivateKeyTypes:
    load = load_ssh_private_key if content.lstrip().startswith(_SSH_PRIVATE) else load_pem_private_key
    try:
        return load(content, None)
    except TypeError:
        if ask is None:
            raise
        return load(content, ask().encode(errors="surrogatepass"))


def holds_private_key(path: Path) -> bool:
    """Whether a key file holds a private key, of whatever kind.

    Raises:
        KeyUnusable: unreadable.
    """
    return _PRIVATE in _read(path)


def read_public_key(path: Path) -> Ed25519PublicKey:
    """An Ed25519 public key out of a PEM file or a line of OpenSSH.

    Raises:
        KeyUnusable: unreadable, a private key, no key, or of another kind.
    """
    content = _read(path)
    if _PRIVATE in content:
        raise KeyUnusable(f"{path}: is a private key, which must stay with its owner. Give the public one.")
    load = (
        load_ssh_public_key
        if content.lstrip().startswith((b"ssh-", b"ecdsa-", b"sk-"))
        else load_pem_public_key
    )
    try:
        key = load(content.strip())
    except UnsupportedAlgorithm:
        raise _another_kind(path) from None
    except ValueError:
        raise KeyUnusable(
            f"{path}: holds no public key. Name the .pub file that came from whoever signed."
        ) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _another_kind(path)
    return key


def private_pem(key: Ed25519PrivateKey, passphrase: str | None) -> bytes:
    """The private key as PEM (PKCS 8), under a passphrase where one is given."""
    protection = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


def public_pem(public: Ed25519PublicKey) -> bytes:
    """The public key as PEM, which OpenSSL reads, too."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _another_kind(path: Path) -> KeyUnusable:
    return KeyUnusable(f"{path}: is a key of another kind. Only Ed25519 keys sign here: nfi key new")


def _read(path: Path) -> bytes:
    return read_small_file(
        path,
        KeyUnusable,
        at_most=_FILE_AT_MOST,
        missing="Name the file of the key, or make one: nfi key new",
        name="Name the file of the key.",
    )

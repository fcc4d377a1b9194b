"""A temporary file that only the running process can read: encrypted under a key that is never written."""

from __future__ import annotations

import contextlib
import io
import secrets
import tempfile
from collections.abc import Iterator
from typing import IO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK = 16  # bytes, of AES


@contextlib.contextmanager
def veiled_file() -> Iterator[IO[bytes]]:
    """A new file in the system's temporary folder, gone with the block or with the process.

    It has no name (Windows: it is deleted with its last handle), and what a disk may keep of it after a
    power cut is encrypted with AES-256.

    Raises:
        OSError: the temporary folder cannot be written.
    """
    with tempfile.TemporaryFile(prefix="nfi-", buffering=0) as file:
        yield _Veiled(file)  # type: ignore[misc]


class _Veiled(io.RawIOBase):
    """Written once from its beginning to its end, then read anywhere."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._key = secrets.token_bytes(32)  # used for this file alone, so that the counter may begin at 0
        self._veil = self._cipher(0)
        self._size = self._position = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        """Add the content at the end."""
        if self._position != self._size:
            raise io.UnsupportedOperation("only its end can be written")
        hidden = memoryview(self._veil.update(content))
        while hidden:
            hidden = hidden[self._file.write(hidden) :]
        self._size += len(content)
        self._position = self._size
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")  # as files have it
        if start + offset != self._position:
            self._position = self._file.seek(start + offset)
            self._veil = self._cipher(self._position)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, at most `size`; fewer only at the end."""
        wanted = max(self._size - self._position, 0)
        wanted = wanted if size is None or size < 0 else min(size, wanted)
        hidden = self._file.read(wanted)
        self._position += len(hidden)
        return self._veil.update(hidden)

    def _cipher(self, position: int) -> CipherContext:
        """The stream of the key from a position in bytes on."""
        block, within = divmod(position, _BLOCK)
        stream = Cipher(AES(self._key), CTR(block.to_bytes(_BLOCK, "big"))).encryptor()
        stream.update(bytes(within))
        return stream

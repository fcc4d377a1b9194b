"""Packages as sealed archives: passphrases, keys, signatures, and reading what may be hostile."""

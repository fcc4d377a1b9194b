"""The submission: what it is made from, its manifest, the package, and the package opened again."""

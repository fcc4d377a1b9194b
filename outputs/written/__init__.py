"""Checked records as text: characters, delimited lines, fixed width, control totals."""

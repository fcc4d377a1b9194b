"""The formats that extracts come in: delimited text, plain or packed, and Excel workbooks.

In: a file nobody vouches for. Out: rows of text with the numbers that a spreadsheet shows, or one line that
says why not.
"""

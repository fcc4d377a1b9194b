"""The formats that extracts come in: delimited and fixed-width text, workbooks, Parquet; plain or packed.

In: a file nobody vouches for. Out: rows of text with the numbers that a spreadsheet shows, or one line that
says why not.
"""

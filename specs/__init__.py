"""Is this extract what the Cabinet Office asks for?

In: an extract as a source system gave it, a specification from the catalogue and, where the headings
differ, a mapping. Out: typed records as Parquet, and every finding with its row, field and guidance.
"""

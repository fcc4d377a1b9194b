"""Which records do not fit together?

In: typed records as Parquet, and reports as YAML. Out: cases, ranked, each with the records side by side,
why they were paired and the innocent explanations found.
"""

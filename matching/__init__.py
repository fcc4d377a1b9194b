"""Which records do not fit together?

In: typed records as Parquet, of one body or of two, and reports as YAML. Out: cases, ranked, each with the
records side by side, why they were brought together and the innocent explanations found; pairs of records.

A match goes this way: `known_reports` (what to look for) and `prepare` (records with what other data sets
know of them, `standards` and `derive`); for each report `groups` (keys), `compare` (similar texts) or
`linkage` (fields that are weighed); `found` with `explain`; `cases` for the queue, `pairs` for programs.
Everything large is SQL, or a function over Arrow batches, on an engine of `engines`.
"""

"""A specification as it was published: a document comes in, and a catalogue file's specification goes out.

`documents` takes tables and lines out of a file, `field_list` finds the table of fields among them,
`matching_names` says which of the fields we hold each one is, and `revision` makes the new specification.
"""

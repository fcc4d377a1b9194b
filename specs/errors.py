"""The reasons why nfi cannot go on. A fault in the data is a finding, not an exception."""


class NfiError(Exception):
    """Something stopped the work. The message says what, where and what to do next, in one line."""

    exit_code = 3


class ExtractUnreadable(NfiError):
    """A file cannot be read as an extract: empty, binary, ragged, locked, not there."""


class ExtractEmpty(ExtractUnreadable):
    """A file holds headings but no records."""


class MappingInvalid(NfiError):
    """A mapping cannot be used: unknown key, unknown field, a heading that the extract does not have."""


class SpecificationNotFound(NfiError):
    """The catalogue holds no such exercise or data set."""

    exit_code = 2


class SpecificationInvalid(NfiError):
    """A catalogue file cannot be used: it names the file and the key at fault."""


class OutputUnwritable(NfiError):
    """A result cannot be written: no permission, no space, something in the way."""

"""Proposals: which heading of an extract is which field, told from the headings and from the values.

In: an extract, or several that are one data set, and a specification. Out: for each field the heading that
fits best, with a confidence and the reasons in words, and whatever could not be placed. What source systems
call things stands in synonyms.yaml, what values look like in value_words.yaml.
"""

from specs.proposal.propose import propose_mapping
from specs.proposal.result import Proposal
from specs.proposal.several_files import propose_for_several

__all__ = ["Proposal", "propose_for_several", "propose_mapping"]

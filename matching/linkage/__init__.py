"""Which records are of one person, though no number says so?

In: prepared records, and a report's `blocks` and `compare`. Out: groups of records, the weight of every
pair in them field by field, in bits, and the model that the weights come from (Fellegi and Sunter, 1969).
"""

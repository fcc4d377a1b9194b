"""How alike two values are: by their characters, or by the words of a company's name.

In come distinct texts; out go the pairs that are worth comparing and their similarity, 0 to 1, the same
whichever of the two comes first.
"""

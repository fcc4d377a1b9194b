"""One module per verb of the command line: each parses, calls the verb, shows what came of it, exits."""

"""Every number in prose is bound to the computation that gives it, or given by a rule.

A page is a list of passages (`pages`). A passage has a text and the expressions that its numbers
come from. `words` finds the numbers of a text, `formulas` those of its formulas, `givens` takes
out what a rule declares as given, and `check` compares what is printed with what is computed.
"""

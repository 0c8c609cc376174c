"""One module a rule, named for the bad pattern; it holds RULE (../rule.py)."""

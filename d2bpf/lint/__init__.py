"""d2bpf lint: which scripts run here, which mean something else here, and what to do about the rest.

Nothing is loaded or traced: scripts go through the compiler for a stored kernel (target/common.py), and rules look at
what it made of them. `command.main` is the subcommand; `engine.lint_file` judges one file.
"""

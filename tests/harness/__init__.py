"""Runs behaviour cases: their files, what they expect and need, the runs themselves, and the kernel's view of them."""

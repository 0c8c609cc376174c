"""The back end that says a D program in bpftrace's language (--emit=bpftrace).

It starts from the checked tree, not from the IR: what it prints is for people to read and keep. What bpftrace cannot say, or
would say with another result, is an error with its place (code X_CONSTRUCT). What differs whatever one writes, in layout or after a
fault, is told at the top of the script. All that is stated of bpftrace here was tried with its version 0.17.
"""

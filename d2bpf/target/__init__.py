"""What is known of a kernel: facts.py says what can be asked, host.py asks the machine, stored.py a file.

btf.py and tracefs.py also travel inside emitted programs, and the runtime uses them in a run that compiles nothing.
Importing this package therefore loads no other module of it.
"""

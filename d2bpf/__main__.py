"""python -m d2bpf"""

from .cli import entry

entry()

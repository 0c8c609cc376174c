"""d2bpf runs DTrace D scripts on Linux through eBPF."""

__version__ = "0.1.0"

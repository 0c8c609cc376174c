"""One line of text and one BPF program, with BCC."""

from bcc import BPF

program = BPF(text="int hello(void *ctx) { return 0; }")
program.load_func("hello", BPF.RAW_TRACEPOINT)
print("hello")

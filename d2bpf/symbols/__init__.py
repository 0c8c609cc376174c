"""From addresses to names: kernel.py for the kernel, user.py for processes, elf.py beneath it, demangle.py for C++."""

/* Solaris declares kernel types here. The kernel's own are known by name. */

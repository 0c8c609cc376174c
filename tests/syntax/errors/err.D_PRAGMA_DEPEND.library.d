#! line 1: main program may not explicitly depend on a library
#pragma D depends_on library net.d
BEGIN { }

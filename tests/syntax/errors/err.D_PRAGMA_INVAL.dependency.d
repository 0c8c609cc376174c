#! line 1: invalid class planet specified by #pragma depends_on <class> <name>
#pragma D depends_on planet mars
BEGIN { }

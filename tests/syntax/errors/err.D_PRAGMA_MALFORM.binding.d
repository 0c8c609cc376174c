#! line 1: malformed #pragma binding "<version>" <identifier>
#pragma D binding "one" x
BEGIN { }

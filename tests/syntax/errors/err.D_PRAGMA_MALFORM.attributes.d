#! line 1: malformed #pragma attributes <attributes> <identifier>
#pragma D attributes Stable/Stable/Common
BEGIN { }

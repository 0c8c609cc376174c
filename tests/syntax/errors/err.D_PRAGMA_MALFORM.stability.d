#! line 1: invalid attributes specified by #pragma attributes <attributes> <identifier>
#pragma D attributes Good/Stable/Common x
BEGIN { }

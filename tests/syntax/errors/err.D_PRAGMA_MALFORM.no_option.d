#! line 1: malformed #pragma option <option>=<value>
#pragma D option
BEGIN { }

#! line 1: superfluous arguments specified for #pragma option
#pragma D option bufsize = 4m
BEGIN { }

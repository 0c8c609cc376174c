#! line 1: failed to set option 'bad' to '1': Invalid value for specified option
#pragma D option bad=1
BEGIN { }

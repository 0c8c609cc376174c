#! line 1: failed to set option 'bad': Invalid option name
#pragma D option bad
BEGIN { }

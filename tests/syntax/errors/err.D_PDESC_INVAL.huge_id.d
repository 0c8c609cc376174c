#! line 1: invalid probe identifier 99999999999: Unknown probe identifier
99999999999 { }

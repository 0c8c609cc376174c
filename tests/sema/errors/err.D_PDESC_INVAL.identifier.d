/* line 2: invalid probe identifier 99999: Unknown probe identifier */
99999 { }

#! line 3: end-of-file encountered before matching */ near end of input
BEGIN { }
/* for ever

#! line 3: end-of-file encountered before matching */ near end of input
BEGIN { x = 1; /* for ever
 }

#! line 1: user-land types are not known here
BEGIN { x = (userland struct s *)0; }

#! line 1: user-land symbol ``main is not known here
BEGIN { x = ``main; }

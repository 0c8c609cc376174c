#! line 1: macro argument $$3 is not defined
BEGIN { x = $$3; }

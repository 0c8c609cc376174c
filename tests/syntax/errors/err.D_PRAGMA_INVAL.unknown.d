#! line 1: invalid D pragma: foo
#pragma D foo bar
BEGIN { }

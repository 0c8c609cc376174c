#! line 1: newline encountered in string literal
BEGIN { x = "abc
; }

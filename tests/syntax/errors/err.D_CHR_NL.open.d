#! line 1: newline encountered in character literal
BEGIN { x = 'a
; }

#! line 1: macro variable $nosuch is not defined
BEGIN { x = $nosuch; }

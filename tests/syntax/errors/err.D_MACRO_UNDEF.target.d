#! line 1: macro variable $target is not defined
BEGIN { x = $target; }

#! line 1: empty character constant
BEGIN { x = ''; }

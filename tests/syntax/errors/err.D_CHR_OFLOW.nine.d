#! line 1: character constant is too long
BEGIN { x = 'abcdefghi'; }

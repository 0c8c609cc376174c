#! text
#! in action list: syntax error near "}"
BEGIN { x = 1; } END { y = }
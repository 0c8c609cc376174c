#! "other.h", line 7: syntax error near ";"
# 7 "other.h" 1
int x;;
int y;

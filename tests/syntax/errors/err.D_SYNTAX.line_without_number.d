#! line 1: line number expected in #line directive
#line here
BEGIN { }

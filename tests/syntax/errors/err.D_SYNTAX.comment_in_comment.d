#! line 1: /* encountered inside a comment near "/*"
/* outer /* inner */
BEGIN { }

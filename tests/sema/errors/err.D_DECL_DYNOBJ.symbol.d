/* line 2: cannot have dynamic object: x */
_symaddr x;
BEGIN { }

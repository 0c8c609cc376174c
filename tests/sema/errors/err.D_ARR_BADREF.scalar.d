/* line 3: cannot access x as an associative array */
int x;
BEGIN { trace(x[1]); }

/* line 2: operator , operands cannot be of dynamic type */
BEGIN { @a = count(); trace((@a, 1)); }

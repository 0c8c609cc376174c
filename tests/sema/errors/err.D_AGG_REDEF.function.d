/* line 3: aggregation redefined: @a\n\t current: @a = sum( )\n\tprevious: @a = count( ) : line 2 */
BEGIN { @a = count(); }
END { @a = sum(1); }

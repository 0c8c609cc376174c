/* line 2: cannot apply stringof to a value of type aggregation */
BEGIN { @a = count(); trace(stringof(@a)); }

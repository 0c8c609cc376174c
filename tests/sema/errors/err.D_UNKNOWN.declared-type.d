/* line 2: failed to resolve type struct nothing: Unknown type name */
struct nothing x;
BEGIN { }

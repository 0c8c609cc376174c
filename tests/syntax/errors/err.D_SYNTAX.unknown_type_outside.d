#! line 1: expected predicate and/or actions following probe description
foo_t x;

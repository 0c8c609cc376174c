#! line 1: old-style declaration or incorrect type specified
self x;

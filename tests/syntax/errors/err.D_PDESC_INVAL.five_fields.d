#! line 1: invalid probe description "a:b:c:d:e": Overspecified probe description
a:b:c:d:e { }

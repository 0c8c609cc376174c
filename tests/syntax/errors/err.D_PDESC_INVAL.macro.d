#! line 1: invalid probe description "pid$3::f:entry": Undefined macro variable in probe description
pid$3::f:entry { }

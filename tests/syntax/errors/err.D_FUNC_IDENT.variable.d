#! line 1: function designator is not of function type
BEGIN { self->f(1); }

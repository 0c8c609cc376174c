#! args: one two
#! extraneous argument 'two' ($2 is not referenced)
BEGIN { x = $$1; }

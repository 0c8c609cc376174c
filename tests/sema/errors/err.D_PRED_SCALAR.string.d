/* line 3: predicate result must be of scalar type */
BEGIN
/execname/
{ }

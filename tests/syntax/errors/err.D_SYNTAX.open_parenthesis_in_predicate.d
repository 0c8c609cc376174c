#! line 2: closing ) expected in predicate before /
BEGIN
/(pid == 1/
{ }

/* line 4: printa( ) prototype mismatch: conversion #2 (%s) is missing a corresponding value argument */
BEGIN
{
	@a[1] = count(); printa("%d %s %@d", @a);
}

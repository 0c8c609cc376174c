/* line 4: printf( ) prototype mismatch: conversion #1 (%s) is missing a corresponding ".*" argument */
BEGIN
{
	printf("%.*s");
}

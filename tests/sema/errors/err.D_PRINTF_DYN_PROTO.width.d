/* line 4: printf( ) prototype mismatch: conversion #1 (%d) is missing a corresponding "*" argument */
BEGIN
{
	printf("%*d");
}

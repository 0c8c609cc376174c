/* line 2: printf( ) argument #2 is incompatible with conversion #1 prototype:\n\tconversion: %s\n\t prototype: char [] or string (or use stringof)\n\t  argument: char * */
syscall::read:entry { printf("%s", args[1]); }

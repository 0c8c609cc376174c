#! line 1: invalid control directive: #include
#include <sys/types.h>
BEGIN { }

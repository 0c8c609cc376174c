/* line 3: type redeclared: t */
typedef int t;
typedef string t;
BEGIN { }

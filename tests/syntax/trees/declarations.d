#pragma D option quiet
int a, *b[3], (*c)(int, string, ...), d[], e[2][3];
self uint64_t ts, last[int, string];
this string name;
extern int printk(const char *, ...);
typedef unsigned long my_t, *my_p;
my_t my_t;
struct point { int x, y; } origin, *points[my_t, uid_t];
union { struct { my_t low:16, high:16; }; uint32_t whole; } word;
enum color { RED, GREEN = 1 << 1, BLUE, };
enum color paint;
struct forward;
string names[struct point *];
inline int LIMIT = 3 * 4;
inline string label[int i, my_t t] = i == 0 ? "zero" : "more";
translator struct point < my_p p > { x = *p; y = p[1]; };
provider shop {
	probe sale__start(int, char *);
	probe sale__end(int id, my_t) : (string);
	probe idle();
};
#pragma D attributes Stable/Stable/Common provider shop provider
#pragma D binding "1.2" label
#pragma D depends_on provider io

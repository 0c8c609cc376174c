// cxx COUNT : calls each of these C++ functions COUNT times: free functions and overloads in a namespace, a template for two
// types, methods, a constructor and a destructor, operators, a lambda expression, a function of an anonymous namespace, one whose name
// has 2,000 characters, and one that throws (and is caught).

#include <cstdlib>
#include <stdexcept>
#include <string>

#define KEPT __attribute__((noinline, noipa))

namespace shop {

volatile long sink;

KEPT void price(int value) { sink = value; }
KEPT void price(double value) { sink = static_cast<long>(value); }
KEPT void price(const std::string &value) { sink = static_cast<long>(value.size()); }

template <typename T> KEPT T twice(T value) { return value + value; }

class Cart {
public:
	KEPT explicit Cart(int items) : items_(items) { sink = items; }
	KEPT ~Cart() { sink = 0; }
	KEPT void add(int items) { items_ += items; }
	KEPT int items() const { return items_; }
	KEPT bool operator<(const Cart &other) const { return items_ < other.items_; }
	KEPT int operator()(int factor) const { return items_ * factor; }

private:
	int items_;
};

namespace inner {
KEPT void fail(int value) { throw std::runtime_error(std::to_string(value)); }
} // namespace inner

} // namespace shop

namespace {
KEPT void hidden(int value) { shop::sink = value; }
} // namespace

#define LETTERS abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define DOUBLE(a) JOIN(a, a)
#define LONG500 JOIN(JOIN(DOUBLE(DOUBLE(LETTERS)), DOUBLE(DOUBLE(LETTERS))), DOUBLE(LETTERS))
#define LONG2000 JOIN(JOIN(LONG500, LONG500), JOIN(LONG500, LONG500))

KEPT void LONG2000(int value) { shop::sink = value; }

int main(int argc, char **argv)
{
	const int count = argc > 1 ? std::atoi(argv[1]) : 0;

	for (int i = 0; i < count; i++) {
		shop::price(i);
		shop::price(i + 0.5);
		shop::price(std::string("pear"));
		shop::sink = shop::twice(i) + static_cast<long>(shop::twice(i + 0.5));
		shop::Cart one(i), two(i + 1);
		one.add(2);
		shop::sink = one.items() + (one < two) + two(3);
		hidden(i);
		LONG2000(i);
		const auto triple = [](int value) KEPT { return shop::sink = 3 * value; };
		triple(i);
		try {
			shop::inner::fail(i);
		} catch (const std::runtime_error &) {
		}
	}
	return 0;
}

// cxx COUNT : calls each of these C++ functions COUNT times: free functions and overloads in a namespace, a template for two
// types, methods, a constructor and a destructor, an operator, and a function that throws (and is caught).

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

private:
	int items_;
};

namespace inner {
KEPT void fail(int value) { throw std::runtime_error(std::to_string(value)); }
} // namespace inner

} // namespace shop

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
		shop::sink = one.items() + (one < two);
		try {
			shop::inner::fail(i);
		} catch (const std::runtime_error &) {
		}
	}
	return 0;
}

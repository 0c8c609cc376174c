/* A number of up to ten decimal digits as text. */
static inline void put_number(u64 where, u32 number)
{
	char *text = (char *)where;
	u32 at = 0, unit = 1000000000;

#pragma unroll
	for (u32 i = 0; i < 10; i++) {
		u32 digit = number / unit % 10;

		if (digit || at || unit == 1)
			text[at++ & 15] = '0' + digit;
		unit /= 10;
	}
	text[at & 15] = 0;
}

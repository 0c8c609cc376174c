/* A hardware address of `size` bytes as text. */
static inline void put_link(u64 buffer, u64 address, u32 size)
{
	char *text = (char *)buffer;

	LOOP for (u32 i = 0; i < size; i++) {
		u64 byte = *(u8 *)(address + i), high = byte >> 4, low = byte & 15;

		text[3 * i] = '0' + high + ('a' - '0' - 10) * below(9, high);
		text[3 * i + 1] = '0' + low + ('a' - '0' - 10) * below(9, low);
		text[3 * i + 2] = i + 1 < size ? ':' : 0;
	}
}

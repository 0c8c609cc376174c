/* The address of a part of the string in a window, which is cut there. A negative index counts from the end, a negative
 * count leaves that many characters out at the end. */
static inline u64 str_part(u64 work, u64 window, s64 length, s64 index, s64 count)
{
	volatile u64 *place = (u64 *)work;
	u64 start = plain(work, window);

	if (index < 0) {
		index += length;
		if (index < 0 && count > -index) {
			count += index;
			index = 0;
		}
	}
	if (index < 0 || index >= length) {
		index = 0;
		count = 0;
	}
	if (count < 0)
		count = length - index + count;
	if (count < 0)
		count = 0;
	if (count > length - index)
		count = length - index;
	place[0] = index;
	place[1] = index + count;
	((char *)window)[place[1] & STRWIDE] = 0;
	return start + place[0];
}

/*
 * page-index.d: where in its file a page of the page cache lies, while struct page has a member of that name.
 */

#pragma D depends_on member struct page.index

inline uint64_t __page_index[struct page *p] = p->index;

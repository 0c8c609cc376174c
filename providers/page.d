/*
 * page.d: where in its file a page of the page cache lies, in pages. page-index.d has the same for older kernels.
 */

inline uint64_t __page_index[struct page *p] = p->__folio_index;

/** Things of a page; the API gives no more at once. */
const MOST = 200;

type Page = { next_cursor?: string | null };

/** Every page of a list, one after the other. */
export async function pages<P extends Page>(
  page: (query: { limit: number; cursor?: string }) => Promise<P>,
): Promise<P[]> {
  const found: P[] = [];
  let next: string | null | undefined;
  do {
    const one = await page(next ? { limit: MOST, cursor: next } : { limit: MOST });
    found.push(one);
    next = one.next_cursor;
  } while (next);
  return found;
}

/**
 * Where to go on after signing in or up, below `/app`; nothing where that is not one of our own screens: `next` comes from
 * the address bar, and somebody else may have written it.
 */
export function nextOf(next: string | undefined): string | undefined {
  return next && /^\/(o\/|register(\?|$))/.test(next) ? `/app${next}` : undefined;
}

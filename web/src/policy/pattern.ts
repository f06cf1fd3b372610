/** Patterns of tool names: an exact name, or a glob with `*` and `?`. */
export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** Whether a name fits. Linear in the name for each star, as the engine's own reading of it. */
export function matches(pattern: string, name: string): boolean {
  const want = [...pattern];
  const have = [...name];
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < have.length) {
    if (p < want.length && want[p] === '*') {
      star = p++;
      mark = n;
    } else if (p < want.length && (want[p] === '?' || want[p] === have[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (want[p] === '*') p++;
  return p === want.length;
}

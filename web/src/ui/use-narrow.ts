import { useSyncExternalStore } from 'react';

/** Where Tailwind's `md` begins. */
const WIDE = '(min-width: 48rem)';

const ask = () => (typeof window.matchMedia === 'function' ? window.matchMedia(WIDE) : null);

function subscribe(changed: () => void): () => void {
  const query = ask();
  query?.addEventListener('change', changed);
  return () => query?.removeEventListener('change', changed);
}

/** Whether the window is as narrow as a phone's. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => ask()?.matches === false);
}

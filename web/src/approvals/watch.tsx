import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useRefusal } from '@/shell/use-org';

/** Changes that come together are read together. */
const GATHER_MS = 150;

const Live = createContext(false);

/** Whether changes of requests are being heard of as they happen. */
export const useLive = () => useContext(Live);

/**
 * Keeps everything that is shown of requests as it stands now. Only while the page is seen: a browser opens few
 * connections to one place, and tabs in the background would use them up.
 */
export function ApprovalWatch({ org, children }: { org: string; children: ReactNode }) {
  const client = useQueryClient();
  const refusal = useRefusal('approvals');
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (refusal) return;
    let listening = new AbortController();
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      gathering ??= setTimeout(() => {
        gathering = undefined;
        void client.invalidateQueries({ queryKey: [org, 'approvals'] });
      }, GATHER_MS);
    };
    const heard = (now: boolean) => {
      setLive(now);
      if (now) read();
    };
    const turn = () => {
      listening.abort();
      if (document.hidden) return;
      listening = new AbortController();
      const { signal } = listening;
      // Not needed before the first screen is there.
      void import('./stream').then(({ listen }) => listen(org, { changed: read, live: heard }, signal));
    };
    turn();
    document.addEventListener('visibilitychange', turn);
    return () => {
      document.removeEventListener('visibilitychange', turn);
      listening.abort();
      clearTimeout(gathering);
    };
  }, [org, client, refusal]);
  return <Live value={live}>{children}</Live>;
}

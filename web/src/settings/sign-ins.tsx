import { useQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import { api, ask, type Schemas } from '@/api/client';
import { problemOf } from '@/api/problem';
import { signIns } from '@/api/queries';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Badge, Card, CardHead, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';
import { useSend } from '@/ui/use-send';

/** Where the caller is signed in, each to be ended from here. */
export function SignIns() {
  const list = useQuery(signIns);
  const end = useSend(
    (session: string) => ask(api.DELETE('/v1/me/sessions/{session}', { params: { path: { session } } })),
    signIns.queryKey,
  );
  const endOthers = useSend(() => ask(api.DELETE('/v1/me/sessions')), signIns.queryKey);
  const tell = {
    onSuccess: () => toast.success('Ended'),
    onError: (error: unknown) => toast.error(problemOf(error).message),
  };
  return (
    <Card>
      <CardHead title="Where you are signed in" lead="Ending one takes effect at once.">
        {list.data && list.data.length > 1 && (
          <Button
            small
            look="danger"
            busy={endOthers.isPending}
            onClick={() => endOthers.mutate(undefined, tell)}
          >
            End all others
          </Button>
        )}
      </CardHead>
      {list.isPending && <Skeleton rows={2} />}
      {list.error && (
        <div className="p-5">
          <ProblemNotice error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      <ul className="divide-y divide-line border-t border-line">
        {list.data?.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3">
            <span className="grid min-w-0 grow">
              <span className="truncate" title={one.user_agent}>
                {nameOf(one)}
              </span>
              <span className="text-[0.88rem] text-soft">
                Last used <When at={one.last_used_at} />, since <When at={one.created_at} />
              </span>
            </span>
            {one.current ? (
              <Badge tone="allow">this one</Badge>
            ) : (
              <Button small look="danger" disabled={end.isPending} onClick={() => end.mutate(one.id, tell)}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const BROWSERS = ['Edg', 'Firefox', 'Chrome', 'Safari'];
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Mac OS X', 'Windows', 'Linux'];

/** "Firefox on Linux" of what a browser calls itself; the whole text where it says nothing known. */
function nameOf({ user_agent }: Pick<Schemas['SignInView'], 'user_agent'>): string {
  const find = (words: string[]) => words.find((word) => user_agent.includes(word));
  const [browser, system] = [find(BROWSERS)?.replace('Edg', 'Edge'), find(SYSTEMS)];
  if (browser && system) return `${browser} on ${system}`;
  return user_agent || 'A program that gave no name';
}

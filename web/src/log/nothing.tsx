import { Link } from '@tanstack/react-router';
import { Button } from '@/ui/button';
import { Empty } from '@/ui/surface';

type Props = { org: string; filtered: boolean; further: boolean; clear: () => void };

/** What a log without rows says: why, and what to do. */
export function Nothing({ org, filtered, further, clear }: Props) {
  if (filtered)
    return (
      <Empty
        title={further ? 'Nothing found so far' : 'Nothing fits these filters'}
        action={<Button onClick={clear}>Clear the filters</Button>}
      >
        {further
          ? 'The newest calls were looked through without finding any. Search further back below, or narrow the time.'
          : 'Widen the time or take a filter away. New calls that fit appear here as they happen.'}
      </Empty>
    );
  return (
    <Empty
      title="No calls yet"
      action={
        <Button asChild look="main">
          <Link to="/o/$org/start" params={{ org }} search={{}}>
            Connect a client
          </Link>
        </Button>
      }
    >
      As soon as an agent calls a tool through the gateway, the decision is here, whichever way it went.
    </Empty>
  );
}

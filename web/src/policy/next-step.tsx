import { Link } from '@tanstack/react-router';
import { Button } from '@/ui/button';

/** After a server's first policy is published: it rules nobody until somebody is given access. */
export function NextStep({ org, server }: { org: string; server: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-line bg-accent-wash p-4">
      <p role="status" className="min-w-0 grow basis-64">
        The first version is published. It rules the calls of everybody whose grant names it.
      </p>
      <Button asChild look="main">
        <Link to="/o/$org/start" params={{ org }} search={{ server }}>
          Give an agent access
        </Link>
      </Button>
    </div>
  );
}

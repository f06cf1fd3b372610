import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ask, type Schemas } from '@/api/client';
import { Mark } from '@/shell/mark';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/problem';
import { Card, Empty, Page, Skeleton } from '@/ui/surface';
import { When } from '@/ui/time';

const EVERY_MS = 3000;

/** Mails that were written as files, on the machine that `policylayer up` runs on. */
export function Outbox() {
  const list = useQuery({
    queryKey: ['dev', 'mails'],
    queryFn: async () => (await ask(api.GET('/v1/dev/mails'))).mails,
    refetchInterval: EVERY_MS,
  });
  return (
    <main>
      <Page
        above={
          <Link to="/" className="flex items-center gap-2 text-[0.93rem] text-soft hover:text-ink">
            <Mark className="size-5" />
            To the console
          </Link>
        }
        title="Outbox"
        lead="There is no mail server here, so mails are kept as files. Whoever sits at this machine can read them, and nobody else."
      >
        {list.error && <ProblemNotice error={list.error} />}
        <Card>
          {list.isPending && <Skeleton rows={4} />}
          {list.data?.length === 0 && (
            <Empty title="No mails yet">
              Sign up, invite somebody or ask for a new password, and the mail is here.
            </Empty>
          )}
          <ul aria-label="Mails" className="divide-y divide-line">
            {list.data?.map((mail) => (
              <Row key={mail.id} mail={mail} />
            ))}
          </ul>
        </Card>
      </Page>
    </main>
  );
}

function Row({ mail }: { mail: Schemas['MailView'] }) {
  return (
    <li className="grid gap-2 px-5 py-4">
      <span className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="grid min-w-0 grow">
          <span className="font-medium break-words">{mail.subject}</span>
          <span className="text-[0.9rem] break-words text-soft">
            to {mail.to}, <When at={mail.at} />
          </span>
        </span>
        {mail.link && (
          <Button asChild small look="main">
            <a href={mail.link}>Open its link</a>
          </Button>
        )}
      </span>
      <details>
        <summary className="cursor-pointer text-[0.93rem] text-soft">The whole mail</summary>
        <pre className="mt-2 overflow-x-auto rounded-lg bg-well p-4 font-mono text-[0.87rem] whitespace-pre-wrap">
          {mail.text}
        </pre>
      </details>
    </li>
  );
}

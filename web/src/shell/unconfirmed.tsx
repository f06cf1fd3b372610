import { useSuspenseQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { me } from '@/api/queries';
import { Code } from '@/ui/surface';

/** Says that the address is not confirmed yet, and where the mail is. */
export function Unconfirmed() {
  const { user } = useSuspenseQuery(me).data;
  if (user.email_verified_at) return null;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(window.location.hostname);
  return (
    <p className="flex gap-3 rounded-xl border border-line bg-sheet px-4 py-3 text-[0.95rem]">
      <Mail aria-hidden className="mt-0.5 size-4 shrink-0 text-soft" />
      <span className="text-soft">
        A mail to {user.email} has the link that confirms your address. You can go on meanwhile.
        {local && (
          <>
            {' '}
            Without a mail server, mails are files in <Code>outbox</Code> in the data folder of{' '}
            <Code>policylayer up</Code>.
          </>
        )}
      </span>
    </p>
  );
}

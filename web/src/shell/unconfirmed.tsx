import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Mail } from 'lucide-react';
import { installation, me } from '@/api/queries';

/** Says that the address is not confirmed yet, and where the mail is. */
export function Unconfirmed() {
  const { user } = useSuspenseQuery(me).data;
  const local = useQuery(installation).data?.dev_mails;
  if (user.email_verified_at) return null;
  return (
    <p className="flex gap-3 rounded-xl border border-line bg-sheet px-4 py-3 text-[0.95rem]">
      <Mail aria-hidden className="mt-0.5 size-4 shrink-0 text-soft" />
      <span className="text-soft">
        A mail to {user.email} has the link that confirms your address. You can go on meanwhile.
        {local && (
          <>
            {' '}
            There is no mail server here: it is in the{' '}
            <Link to="/dev/outbox" className="prose-link">
              outbox
            </Link>
            .
          </>
        )}
      </span>
    </p>
  );
}

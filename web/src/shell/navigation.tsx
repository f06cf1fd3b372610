import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { me } from '@/api/queries';
import { useWaiting } from '@/approvals/use-waiting';
import { Select } from '@/ui/field';
import { AccountMenu } from './account-menu';
import { Mark } from './mark';
import { GROUPS, PLACES } from './places';

function Entry({ org, place, left }: { org: string; place: (typeof PLACES)[number]; left?: () => void }) {
  const { to, label, icon: Icon } = place;
  return (
    <Link
      to={to}
      params={{ org }}
      activeOptions={{ exact: to === '/o/$org' }}
      {...(left ? { onClick: left } : {})}
      className="flex items-center gap-2.5 rounded-lg px-3 py-1.5 text-soft hover:bg-well hover:text-ink max-md:py-2"
      activeProps={{ className: 'bg-well font-medium !text-ink', 'aria-current': 'page' }}
    >
      <Icon aria-hidden className="size-[1.1rem]" />
      {label}
      {to === '/o/$org/approvals' && <WaitingCount />}
    </Link>
  );
}

function WaitingCount() {
  const count = useWaiting();
  if (!count) return null;
  return (
    <span className="ml-auto rounded-full bg-ask-wash px-2 text-[0.82rem] font-semibold text-ask tabular-nums">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}

export function Navigation({ org, search, left }: { org: string; search: () => void; left?: () => void }) {
  const { memberships } = useSuspenseQuery(me).data;
  const navigate = useNavigate();
  return (
    <div className="flex h-full flex-col gap-4 p-3 max-md:p-0">
      <div className="flex items-center gap-2 px-2 pt-2 max-md:hidden">
        <Mark className="size-6" />
        <span className="text-[1.05rem] font-semibold tracking-tight">PolicyLayer</span>
      </div>
      {memberships.length > 1 ? (
        <Select
          label="Organisation"
          labelHidden
          value={org}
          choices={memberships.map((place) => ({ value: place.org, label: place.org }))}
          onChange={(event) => {
            left?.();
            void navigate({ to: '/o/$org', params: { org: event.target.value } });
          }}
        />
      ) : (
        <p className="truncate px-2 text-[0.93rem] text-soft" title={org}>
          {org}
        </p>
      )}
      <button
        type="button"
        onClick={() => {
          left?.();
          search();
        }}
        className="flex items-center gap-2 rounded-lg border border-line bg-sheet px-3 py-1.5 text-left text-[0.93rem] text-soft hover:border-edge"
      >
        <Search aria-hidden className="size-4" />
        Search
        <kbd className="ml-auto rounded border border-line px-1 font-sans text-[0.75rem] max-md:hidden">
          Ctrl K
        </kbd>
      </button>
      <nav aria-label="Main" className="grid gap-4 overflow-y-auto">
        {GROUPS.map(({ group, label }) => (
          <div key={group} className="grid gap-0.5">
            <p id={`${group}-places`} className="px-3 pb-0.5 text-[0.8rem] font-medium text-soft">
              {label}
            </p>
            <ul aria-labelledby={`${group}-places`} className="grid gap-0.5">
              {PLACES.filter((place) => place.group === group).map((place) => (
                <li key={place.to}>
                  <Entry org={org} place={place} {...(left && { left })} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="mt-auto">
        <AccountMenu />
      </div>
    </div>
  );
}

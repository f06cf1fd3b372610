import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { Menu } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { me } from '@/api/queries';
import { ApprovalWatch } from '@/approvals/watch';
import { NotFound } from '@/screens/not-found';
import { IconButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Skeleton } from '@/ui/surface';
import { Mark } from './mark';
import { Navigation } from './navigation';
import { OrgEnding } from './org-ending';
import { useShortcuts } from './use-shortcuts';

const Palette = lazy(() => import('./palette'));
const ShortcutSheet = lazy(() => import('./shortcut-sheet'));

/** The frame around every screen: the menu on the side, or behind a button where there is no side. */
export function Shell() {
  const { org } = useParams({ from: '/inside/o/$org' });
  const known = useSuspenseQuery(me).data.memberships.some((membership) => membership.org === org);
  const [menu, setMenu] = useState(false);
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  useShortcuts(org, setOpen);
  if (!known) return <NotFound />;
  return (
    <ApprovalWatch org={org}>
      <div className="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-sheet focus:px-4 focus:py-2"
        >
          Skip to the content
        </a>
        <header className="sticky top-0 z-30 flex items-center gap-2 border-b border-line bg-paper px-3 py-2 md:hidden">
          <IconButton label="Menu" onClick={() => setMenu(true)}>
            <Menu aria-hidden className="size-5" />
          </IconButton>
          <Mark className="size-5" />
          <span className="font-semibold">PolicyLayer</span>
        </header>
        <aside className="sticky top-0 hidden h-dvh border-r border-line md:block">
          <Navigation org={org} search={() => setOpen('palette')} />
        </aside>
        <Dialog open={menu} onOpenChange={setMenu} title="Menu" side>
          <Navigation org={org} search={() => setOpen('palette')} left={() => setMenu(false)} />
        </Dialog>
        <main id="content" tabIndex={-1} className="min-w-0 outline-none">
          <OrgEnding />
          <Suspense fallback={<Skeleton rows={6} />}>
            <Outlet />
          </Suspense>
        </main>
        <Suspense>
          {open === 'palette' && <Palette org={org} close={() => setOpen(null)} />}
          {open === 'shortcuts' && <ShortcutSheet close={() => setOpen(null)} />}
        </Suspense>
      </div>
    </ApprovalWatch>
  );
}

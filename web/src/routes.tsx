/** Every address of the console. A new screen is a route here, and an entry in `shell/places.ts` if it has a place in the menu. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { me } from './api/queries';
import { restore } from './api/session';
import { readChangeFilters } from './audit/filters';
import { readFilters } from './log/filters';
import { readSpan, type Span } from './overview/spans';
import { readOrigin } from './policy/origin';
import { Failed, NotFound } from './screens/not-found';
import { SignIn } from './screens/sign-in';
import { readWanted } from './servers/wanted';
import { Shell } from './shell/shell';
import { Skeleton } from './ui/surface';

/** Where public pages lead to with a server. */
const REGISTER = '/register';

type Context = { queryClient: QueryClient };

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next?: string | undefined } => ({ next: text(search.next) }),
  component: SignIn,
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: (search): { next?: string | undefined } => ({ next: text(search.next) }),
  component: lazyRouteComponent(() => import('./screens/sign-up'), 'SignUp'),
});
const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  component: lazyRouteComponent(() => import('./screens/verify-email'), 'VerifyEmail'),
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./screens/forgot-password'), 'ForgotPassword'),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./screens/reset-password'), 'ResetPassword'),
});
const emailChange = createRoute({
  getParentRoute: () => root,
  path: '/email-change',
  component: lazyRouteComponent(() => import('./screens/email-change'), 'EmailChange'),
});
const outbox = createRoute({
  getParentRoute: () => root,
  path: '/dev/outbox',
  component: lazyRouteComponent(() => import('./screens/outbox'), 'Outbox'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./screens/invitation'), 'Invitation'),
});

/** Everything below needs somebody who is signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    if (await restore()) return;
    const next = location.pathname === '/' ? undefined : location.href;
    // Whoever comes from a public page with a server has no account yet, as a rule.
    const to = location.pathname === REGISTER ? '/sign-up' : '/sign-in';
    throw redirect({ to, search: { next } });
  },
  component: Outlet,
});
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { memberships } = await context.queryClient.ensureQueryData(me);
    const first = memberships[0];
    if (first) throw redirect({ to: '/o/$org', params: { org: first.org } });
  },
  component: lazyRouteComponent(() => import('./screens/no-org'), 'NoOrg'),
});
const register = createRoute({
  getParentRoute: () => inside,
  path: REGISTER,
  validateSearch: readWanted,
  loader: ({ context }) => context.queryClient.ensureQueryData(me),
  component: lazyRouteComponent(() => import('./screens/register'), 'Register'),
});
const org = createRoute({
  getParentRoute: () => inside,
  path: '/o/$org',
  loader: ({ context }) => context.queryClient.ensureQueryData(me),
  component: Shell,
  notFoundComponent: NotFound,
});
const overview = createRoute({
  getParentRoute: () => org,
  path: '/',
  validateSearch: (search): { over?: Span | undefined } => ({ over: readSpan(search.over) }),
  component: lazyRouteComponent(() => import('./screens/overview'), 'Overview'),
});
const start = createRoute({
  getParentRoute: () => org,
  path: '/start',
  validateSearch: (search): { [name in 'server' | 'identity' | 'team']?: string | undefined } => ({
    server: text(search.server),
    identity: text(search.identity),
    team: text(search.team),
  }),
  component: lazyRouteComponent(() => import('./screens/start'), 'Start'),
});
const registerServer = createRoute({
  getParentRoute: () => org,
  path: REGISTER,
  validateSearch: readWanted,
  component: lazyRouteComponent(() => import('./screens/register-server'), 'RegisterServer'),
});
const servers = createRoute({
  getParentRoute: () => org,
  path: '/servers',
  component: lazyRouteComponent(() => import('./screens/servers'), 'Servers'),
});
const server = createRoute({
  getParentRoute: () => org,
  path: '/servers/$server',
  component: lazyRouteComponent(() => import('./screens/server'), 'Server'),
});
const policy = createRoute({
  getParentRoute: () => org,
  path: '/servers/$server/policies/$policy',
  validateSearch: readOrigin,
  component: lazyRouteComponent(() => import('./screens/policy'), 'Policy'),
});
const access = createRoute({
  getParentRoute: () => org,
  path: '/access',
  validateSearch: (search): { team?: string | undefined } => ({ team: text(search.team) }),
  component: lazyRouteComponent(() => import('./screens/access'), 'Access'),
});
const identity = createRoute({
  getParentRoute: () => org,
  path: '/access/$team/$identity',
  component: lazyRouteComponent(() => import('./screens/identity'), 'Identity'),
});
const approvals = createRoute({
  getParentRoute: () => org,
  path: '/approvals',
  validateSearch: (search): { show?: 'waiting' | 'all' | undefined } => ({
    show: search.show === 'all' || search.show === 'waiting' ? search.show : undefined,
  }),
  component: lazyRouteComponent(() => import('./screens/approvals'), 'Approvals'),
});
/** Drawn by the screen itself; mails lead here. */
const approval = createRoute({ getParentRoute: () => approvals, path: '/$approval' });
const log = createRoute({
  getParentRoute: () => org,
  path: '/log',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./screens/log'), 'Log'),
});
const stack = createRoute({
  getParentRoute: () => org,
  path: '/stack',
  component: lazyRouteComponent(() => import('./screens/stack'), 'Stack'),
});
const keys = createRoute({
  getParentRoute: () => org,
  path: '/keys',
  component: lazyRouteComponent(() => import('./screens/keys'), 'Keys'),
});
const members = createRoute({
  getParentRoute: () => org,
  path: '/members',
  component: lazyRouteComponent(() => import('./screens/members'), 'Members'),
});
const teams = createRoute({
  getParentRoute: () => org,
  path: '/teams',
  component: lazyRouteComponent(() => import('./screens/teams'), 'Teams'),
});
const audit = createRoute({
  getParentRoute: () => org,
  path: '/audit',
  validateSearch: readChangeFilters,
  component: lazyRouteComponent(() => import('./screens/audit'), 'Audit'),
});
const settings = createRoute({
  getParentRoute: () => org,
  path: '/settings',
  component: lazyRouteComponent(() => import('./screens/settings'), 'Settings'),
});

const tree = root.addChildren([
  signIn,
  signUp,
  verify,
  forgotPassword,
  resetPassword,
  emailChange,
  invitation,
  outbox,
  inside.addChildren([
    home,
    register,
    org.addChildren([
      overview,
      start,
      registerServer,
      servers,
      server,
      policy,
      access,
      identity,
      approvals.addChildren([approval]),
      log,
      stack,
      members,
      keys,
      teams,
      audit,
      settings,
    ]),
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: '/app',
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Skeleton rows={6} />,
    defaultErrorComponent: Failed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

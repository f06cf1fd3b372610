import {
  BookOpenCheck,
  Gauge,
  Hand,
  KeyRound,
  KeySquare,
  Layers,
  ListTree,
  type LucideIcon,
  Rocket,
  ScrollText,
  Settings2,
  Users,
  UsersRound,
} from 'lucide-react';

type Place = { to: string; label: string; icon: LucideIcon; key: string; group: 'work' | 'org' };

/** The menu, the palette and the keyboard shortcuts are all made from this list. */
export const PLACES = [
  { to: '/o/$org', label: 'Overview', icon: Gauge, key: 'o', group: 'work' },
  { to: '/o/$org/approvals', label: 'Approvals', icon: Hand, key: 'p', group: 'work' },
  { to: '/o/$org/servers', label: 'Servers', icon: ListTree, key: 's', group: 'work' },
  { to: '/o/$org/stack', label: 'Stack', icon: Layers, key: 'k', group: 'work' },
  { to: '/o/$org/access', label: 'Access', icon: KeyRound, key: 'a', group: 'work' },
  { to: '/o/$org/log', label: 'Log', icon: ScrollText, key: 'l', group: 'work' },
  { to: '/o/$org/start', label: 'Get started', icon: Rocket, key: 'g', group: 'work' },
  { to: '/o/$org/members', label: 'Members', icon: Users, key: 'm', group: 'org' },
  { to: '/o/$org/teams', label: 'Teams', icon: UsersRound, key: 't', group: 'org' },
  { to: '/o/$org/keys', label: 'API keys', icon: KeySquare, key: 'i', group: 'org' },
  { to: '/o/$org/audit', label: 'Audit of changes', icon: BookOpenCheck, key: 'c', group: 'org' },
  { to: '/o/$org/settings', label: 'Settings', icon: Settings2, key: ',', group: 'org' },
] as const satisfies readonly Place[];

/** The two parts of the menu. */
export const GROUPS = [
  { group: 'work', label: 'Work' },
  { group: 'org', label: 'Organisation' },
] as const;

import {
  Gauge,
  Hand,
  KeyRound,
  ListTree,
  type LucideIcon,
  Rocket,
  ScrollText,
  Settings2,
} from 'lucide-react';

/** The menu, the palette and the keyboard shortcuts are all made from this list. */
export const PLACES = [
  { to: '/o/$org', label: 'Overview', icon: Gauge, key: 'o' },
  { to: '/o/$org/approvals', label: 'Approvals', icon: Hand, key: 'p' },
  { to: '/o/$org/servers', label: 'Servers', icon: ListTree, key: 's' },
  { to: '/o/$org/access', label: 'Access', icon: KeyRound, key: 'a' },
  { to: '/o/$org/log', label: 'Log', icon: ScrollText, key: 'l' },
  { to: '/o/$org/start', label: 'Get started', icon: Rocket, key: 'g' },
  { to: '/o/$org/settings', label: 'Settings', icon: Settings2, key: ',' },
] as const satisfies readonly { to: string; label: string; icon: LucideIcon; key: string }[];

/** What an address says of a server that somebody wants to register. It only fills in fields; nothing is done by it. */
export type Wanted = {
  name?: string | undefined;
  url?: string | undefined;
  /** The server's name in the catalogue, and the tool whose page the way began at. */
  catalog?: string | undefined;
  tool?: string | undefined;
};

const NAMES = ['name', 'url', 'catalog', 'tool'] as const;
/** Longer than any of them is; what is longer still is not meant. */
const LONGEST = 2000;

export function readWanted(search: Record<string, unknown>): Wanted {
  const wanted: Wanted = {};
  for (const name of NAMES) {
    const value = search[name];
    // An address has no types: a name may look like a number.
    const written = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (typeof written === 'string' && written !== '' && written.length <= LONGEST) wanted[name] = written;
  }
  return wanted;
}

/** Whether two addresses lead to the same server. */
export function sameAddress(one: string, other: string): boolean {
  try {
    return new URL(one.trim()).href === new URL(other.trim()).href;
  } catch {
    return false;
  }
}

/** The token of a mailed link. It is behind the `#`, where no server and no log sees it. */
export function mailedToken(): string | null {
  return new URLSearchParams(window.location.hash.slice(1)).get('token');
}

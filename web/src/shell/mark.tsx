/** Three sheets, the middle one the gate. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <path className="fill-ink" d="M9 4h19l-5 6H4z" />
      <path className="fill-accent" d="M9 13h19l-5 6H4z" />
      <path className="fill-ink" d="M9 22h19l-5 6H4z" />
    </svg>
  );
}

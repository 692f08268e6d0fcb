/** Whom to turn to, as the operator wrote it: an e-mail address and a web address can be followed. */

export function Contact({ to }: { to: string }) {
  const address = addressOf(to);
  return address === null ? <strong>{to}</strong> : <a href={address}>{to}</a>;
}

function addressOf(to: string): string | null {
  if (to.startsWith("https://")) return to;
  if (/^[^\s@]+@[^\s@]+$/u.test(to)) return `mailto:${to}`;
  return /^\+?[\d\s-]+$/u.test(to) ? `tel:${to.replaceAll(/[\s-]/gu, "")}` : null;
}

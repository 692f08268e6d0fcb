/** The mark of Valv: an arch with light in its door. Decoration only. */

export function VaultMark() {
  return (
    <svg className="vault-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="vault-ground" width="32" height="32" rx="7" />
      <path className="vault-arch" d="M6 26V16a10 10 0 0 1 20 0v10h-4V16a6 6 0 0 0-12 0v10z" />
      <path className="vault-light" d="M14 26v-9.5a2 2 0 0 1 4 0V26z" />
    </svg>
  );
}

/** Arches within arches, as one sees them when looking down a vault. */
export function VaultArches() {
  const radii = [92, 74, 57, 41, 26];
  return (
    <svg className="vault-arches" viewBox="0 0 200 120" aria-hidden="true" focusable="false">
      {radii.map((radius) => (
        <path key={radius} d={`M${100 - radius} 120V95a${radius} ${radius} 0 0 1 ${2 * radius} 0V120`} />
      ))}
      <path className="vault-light" d="M88 120V95a12 12 0 0 1 24 0v25z" />
    </svg>
  );
}

/** Where a file's name may be broken: before a dot, and behind a hyphen or an underscore. */

const BETWEEN = /(?<=[^.])(?=\.)|(?<=[-_])(?=[^-_])/u;

export function nameParts(name: string): string[] {
  return name.split(BETWEEN);
}

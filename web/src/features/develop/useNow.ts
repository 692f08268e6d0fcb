/** The time at which a page was opened, in milliseconds since the epoch. */
import { useState } from "react";

export function useNow(): number {
  const [now] = useState(() => Date.now());
  return now;
}

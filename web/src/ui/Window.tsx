/** A dialog, fetched when the first one opens. */
import { Suspense, lazy } from "react";
import type { WindowProps } from "./WindowFrame";

const WindowFrame = lazy(async () => ({ default: (await import("./WindowFrame")).WindowFrame }));

/** Draw it to open it; take it away to close it. */
export function Window(props: WindowProps) {
  return (
    <Suspense fallback={null}>
      <WindowFrame {...props} />
    </Suspense>
  );
}

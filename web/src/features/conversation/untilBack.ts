/** Waits until it is worth trying the line again. */

/** Resolves after so many milliseconds, when the browser says that the network is back, or when one looks at the page again. */
export function untilBack(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = () => {
      clearTimeout(timer);
      done.abort();
      resolve();
    };
    const timer = setTimeout(end, time);
    const options = { signal: done.signal };
    window.addEventListener("online", end, options);
    document.addEventListener("visibilitychange", end, options);
    signal.addEventListener("abort", end, options);
  });
}

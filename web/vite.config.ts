import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ownLocales } from "./bundle/locales.ts";
import { precompress } from "./bundle/precompress.ts";

export default defineConfig({
  plugins: [ownLocales(), react(), precompress()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600, // KB, unpacked; what matters, the first page in gzip, bundle/inspect.mjs holds to its budget
    rolldownOptions: {
      // one file for all that the first page needs, one for the widgets that come right after it
      output: {
        codeSplitting: {
          groups: [
            { name: "start", tags: ["$initial"], priority: 2 },
            { name: "widgets", test: /node_modules\/(?:react-aria|react-stately|@react-aria|@internationalized)/u, priority: 1 },
          ],
        },
      },
    },
  },
  test: { include: ["src/**/*.test.ts", "bundle/**/*.test.ts"], environment: "node" },
});

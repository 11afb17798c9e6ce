import { defineConfig } from "vitest/config";
import LongestFirst from "./support/longest-first.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    // Two cores, and tests that mostly wait for real Claude Codes: more workers make these slower than their own time-outs.
    maxWorkers: 3,
    // No test changes what modules hold: each worker loads them once.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    setupFiles: ["test/support/own-group.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Dozens of real Claude Codes on a shared machine of two cores: in CI a test that failed is tried once more, and the
    // report names it as flaky. Locally nothing is tried twice.
    retry: process.env.CI ? 1 : 0,
    disableConsoleIntercept: true,
    reporters: process.env.CI ? ["default", "./test/support/count-reporter.ts"] : ["default"],
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary"] },
  },
});

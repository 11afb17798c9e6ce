/**
 * `CLAUDE_ORCH_TEST_DEPTH=full`: every scenario, prompt and workflow on the real program. Without it the longest suites
 * run a fixed part of theirs, so that all tests end within a quarter of an hour on two slow processors.
 */
export const isFullDepth = process.env.CLAUDE_ORCH_TEST_DEPTH === "full";
